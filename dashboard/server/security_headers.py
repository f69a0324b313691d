"""What the server adds to every response, and what it does not answer."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

_INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")  # what may stand in a policy as it is
_CLOSED = "/_stcore/metrics"  # Streamlit answers it without asking who is there

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class _InlineScripts(HTMLParser):
    """Collects the text of every script that stands in the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and "src" not in dict(attrs):
            self._inside = True
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data


def script_hashes(html: str) -> tuple[str, ...]:
    """The CSP sources (`'sha256-…'`) that allow the inline scripts of a page, in the page's order."""
    parser = _InlineScripts()
    parser.feed(html)
    parser.close()
    digests = (hashlib.sha256(script.encode()).digest() for script in parser.scripts)
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def content_security_policy(hashes: tuple[str, ...], host: str | None) -> str:
    """The policy for a page served under `host`, the request's Host header; an odd one gets no socket of its own.

    `'self'` does not cover ws: and wss: in every browser, so the socket's address is written out.
    """
    socket = f" ws://{host} wss://{host}" if host and _HOST.fullmatch(host) else ""
    directives = (
        "default-src 'self'",
        " ".join(("script-src 'self'", *hashes)),
        "style-src 'self' 'unsafe-inline'",  # Streamlit writes its styles into the page as it runs
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        f"connect-src 'self'{socket}",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return "; ".join(directives)


class SecurityHeaders:
    """ASGI middleware: security headers on every response, 404 for the metrics, 403 for a host not allowed.

    Websockets pass untouched: Streamlit itself checks their Host and Origin.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        # From the installed page, so that an upgrade of Streamlit cannot leave an old hash behind.
        self._hashes = script_hashes(_INDEX.read_text(encoding="utf-8"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), host)
            await send(message)

        await (self._refusal(scope, host) or self.app)(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, host: str | None) -> None:
        headers.update(_FIXED)
        headers["Content-Security-Policy"] = content_security_policy(self._hashes, host)

    def _refusal(self, scope: Scope, host: str | None) -> Response | None:
        if not is_host_allowed(host):
            return PlainTextResponse("This host is not in server.allowedHosts.\n", status_code=403)
        if scope["path"].rstrip("/").endswith(_CLOSED):
            return PlainTextResponse("Not Found\n", status_code=404)
        return None


async def server_error(request: Request, error: Exception) -> Response:
    """The answer to a failure of the server itself, which is sent outside every middleware."""
    return PlainTextResponse("Internal Server Error\n", status_code=500, headers=_FIXED)
