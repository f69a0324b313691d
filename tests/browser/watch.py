"""Keeps a record of what goes wrong in a page without anyone seeing it."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, WebSocket

# A deep link makes Streamlit look for its server below the page's own path first: two harmless 404s.
_DEEP_LINK = re.compile(r"/[^/]+/_stcore/(health|host-config)")


class Watch:
    """Watches a page from its first request on: errors on the console (CSP violations among them), other hosts."""

    def __init__(self, page: Page, url: str) -> None:
        self.problems: list[str] = []
        self._host = urlsplit(url).netloc
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"error in the page: {error}"))
        page.on("request", self._request)
        page.on("websocket", self._socket)

    def _console(self, message: ConsoleMessage) -> None:
        place = message.location["url"]
        expected = "404" in message.text and _DEEP_LINK.fullmatch(urlsplit(place).path)
        if message.type == "error" and not expected:
            self.problems.append(f"console: {message.text} ({place})")

    def _request(self, request: Request) -> None:
        self._outside(request.url)

    def _socket(self, socket: WebSocket) -> None:
        self._outside(socket.url)

    def _outside(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("data", "blob") and address.netloc != self._host:
            self.problems.append(f"request to another host: {url}")
