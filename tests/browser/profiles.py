"""Profiles of one browser: each page that a test opens has an empty one to itself."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext


class Profiles:
    """Lends profiles by their options. Emptied, one is lent again: it has the dashboard's scripts in its cache."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = defaultdict(list)

    @contextmanager
    def lend(self, **options: Any) -> Iterator[BrowserContext]:
        free = self._free[repr(sorted(options.items()))]
        profile = free.pop() if free else self._browser.new_context(**options)
        yield profile
        for page in profile.pages:
            page.evaluate("localStorage.clear()")
            page.close()
        profile.clear_cookies()
        free.append(profile)
