"""Waiting in a browser, always for a condition: that a page is done, that all of it can be read."""

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.contrast import contrast_ratios

WAIT = 60.0  # seconds, for anything: a busy machine is no failure
_LEGIBLE = 4.5  # WCAG 2.2, 1.4.3
_FAILED = re.compile("Something went wrong|cannot be shown|Traceback")


def settled(page: Page) -> None:
    """Wait until the page is done without an error, and nothing of the run before is left."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    done(page)
    page.wait_for_function("() => !document.querySelector('[data-stale=\"true\"]')")
    expect(page.get_by_text(_FAILED)).to_have_count(0)


def done(page: Page) -> None:
    """Wait until the script has run to its end and each of its elements is drawn: they come in no order."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def expect_legible(page: Page) -> None:
    """Wait until every text on the page stands out enough: what is being faded in is pale for a moment."""
    done(page)
    deadline = time.monotonic() + WAIT
    while weak := {text: ratio for text, ratio in contrast_ratios(page) if ratio < _LEGIBLE}:
        assert time.monotonic() < deadline, weak
        page.wait_for_timeout(100)
