"""The Live probe page as a visitor uses it, and the probe service behind it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from engine.locations import PROJECT
from tests.browser.waiting import settled
from tests.support.live_service import connected

MODEL = "lab-mix"


@contextmanager
def probe_service(store: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """The probe service; the dashboard finds it by its address."""
    command = [sys.executable, "-m", "engine.live", "--store", str(store), "--threads", "1", "--device", "cpu"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL) as process:
        try:
            connected(store).close()
            yield process
        finally:
            process.terminate()
            process.wait(20)


def type_fact(page: Page, subject: str) -> None:
    """By relation, the capital; the subject is typed."""
    page.get_by_role("combobox", name="Subject").click()
    page.keyboard.type(subject)
    page.get_by_role("option").first.click()
    expect(probe_button(page)).to_be_enabled()
    settled(page)


def probe_button(page: Page) -> Locator:
    return page.locator(".st-key-live-probe button")


def bars(page: Page) -> Locator:
    """The filled bars."""
    return page.locator(".iso-live-bar[data-probability]")


def saved_in(page: Page) -> str:
    """The id in the address, once the probe is saved."""
    expect(page).to_have_url(re.compile("[?&]saved=live-"))
    found = re.search("saved=(live-[0-9a-f-]+)", page.url)
    assert found is not None
    return found[1]
