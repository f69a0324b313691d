"""The browser of the tests and the benchmarks: which program, and how it is started."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(playwright: Playwright) -> Browser:
    """Chromium: $ISOGLOSS_CHROMIUM, else the system's, first the one without windows, else Playwright's own."""
    executable = (
        os.environ.get("ISOGLOSS_CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    )
    return playwright.chromium.launch(executable_path=executable, headless=True, args=_FLAGS)
