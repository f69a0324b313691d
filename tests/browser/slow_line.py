"""A slow line between a server and a page, slow for exactly as long as a test wants."""

import time
from dataclasses import dataclass, field

from playwright.sync_api import Page, WebSocketRoute

from tests.browser.waiting import WAIT


@dataclass
class SlowLine:
    """From the server to a page: what is said while it is down arrives when it is up again."""

    is_down: bool = False
    held: list[tuple[WebSocketRoute, str | bytes]] = field(default_factory=list)

    def take_over(self, socket: WebSocketRoute) -> None:
        def pass_on(message: str | bytes) -> None:
            if self.is_down:
                self.held.append((socket, message))
            else:
                socket.send(message)

        socket.connect_to_server().on_message(pass_on)

    def wait_for(self, page: Page, text: str) -> None:
        """Wait until the server has said it."""
        deadline = time.monotonic() + WAIT
        while not any(text.encode() in message for _, message in self.held if isinstance(message, bytes)):
            assert time.monotonic() < deadline, text
            page.wait_for_timeout(20)

    def up(self) -> None:
        self.is_down = False
        for socket, message in self.held:
            socket.send(message)
