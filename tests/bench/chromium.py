"""The browser: opening the pairs page, and timing a switch of the model inside the page itself."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.program import launch

CELLS = 'path[aria-label^="Right in: "]'
N_CELLS = 90
_TIMEOUT = 60_000.0
_LONGEST = 5_000  # milliseconds
# From the press on the option until the new figure stands in its cell and all cells are there, and one frame more.
_ARM = """([cells, n, cell, figure, limit]) => {
    window.benchSwitch = new Promise(resolve => addEventListener('pointerdown', press => {
        setTimeout(() => resolve(null), limit);
        const look = () => {
            const label = document.querySelector(cell)?.getAttribute('aria-label') ?? '';
            const isDrawn = label.includes(figure) && document.querySelectorAll(cells).length === n;
            requestAnimationFrame(isDrawn ? () => resolve(performance.now() - press.timeStamp) : look);
        };
        requestAnimationFrame(look);
    }, {capture: true, once: true}));
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that has never been anywhere."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            yield browser
        finally:
            browser.close()


def new_page(browser: Browser) -> Page:
    """An empty page with nothing in its cache."""
    page = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(_TIMEOUT)
    return page


def wait_for_cells(page: Page) -> None:
    """Wait until the whole heatmap is drawn."""
    page.locator(CELLS).nth(N_CELLS - 1).wait_for(state="attached")


def switch_ms(page: Page, model: str, n_both: int) -> float | None:
    """Choose a model; milliseconds until its cells are drawn, known by the facts right in English and Hebrew.

    None when that has not come after 5 seconds.
    """
    box = page.get_by_role("combobox", name="Model")
    box.click()
    box.fill(model)
    option = page.get_by_role("option", name=re.compile(rf"^{re.escape(model)}( ·|$)"))
    option.wait_for()
    cell = 'path[aria-label^="Right in: English; Compared with: עברית;"]'
    page.evaluate(_ARM, [CELLS, N_CELLS, cell, f"Right in both: {n_both};", _LONGEST])
    option.click()
    taken = page.evaluate("() => window.benchSwitch")
    return None if taken is None else float(taken)
