"""The security headers: their policy, and the middleware between a server and an application."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from dashboard.server.security_headers import SecurityHeaders, content_security_policy, script_hashes

# printf 'alert(1)' | openssl dgst -sha256 -binary | base64
ALERT = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"


def test_every_inline_script_has_its_hash() -> None:
    page = "<script>alert(1)</script><script src=a.js>no</script><p>alert(2)<SCRIPT type=module>alert(1)</SCRIPT>"
    assert script_hashes(page) == (ALERT, ALERT)


def test_comments_are_no_scripts_and_markup_inside_one_is_its_text() -> None:
    # printf 'a<b && "</p>"\n' | openssl dgst -sha256 -binary | base64
    expected = "'sha256-S9EJAlPjSrWRNANc29NvjP6UQspvDBr0hjmoC/nQ5v8='"
    assert script_hashes('<!-- <script>alert(1)</script> --><script>a<b && "</p>"\n</script>') == (expected,)


def test_the_socket_of_the_own_host_is_written_out() -> None:
    policy = content_security_policy((ALERT,), "localhost:8501")
    assert f"script-src 'self' {ALERT};" in policy
    assert "connect-src 'self' ws://localhost:8501 wss://localhost:8501;" in policy
    assert "ws://[::1]:8501 " in content_security_policy((), "[::1]:8501")


@pytest.mark.parametrize(
    "host", [None, "", "evil; script-src *", "a b", "x:port", "*", "a\r\nSet-Cookie: b", "localhost:8501\n"]
)
def test_a_host_that_is_none_gets_no_socket(host: str | None) -> None:
    assert content_security_policy((), host) == content_security_policy((), None)


@given(st.text())
def test_no_host_adds_a_directive(host: str) -> None:
    policy = content_security_policy((ALERT,), host)
    directives = content_security_policy((ALERT,), None).split("; ")
    assert [d for d in policy.split("; ") if not d.startswith("connect-src")] == [
        d for d in directives if not d.startswith("connect-src")
    ]
    assert policy.isprintable()


async def _inner(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that sends a weak policy of its own, and on a socket accepts whoever comes."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept", "headers": []})
        return
    headers = [(b"content-security-policy", b"default-src *"), (b"x-own", b"kept")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"inner"})


def _answer(path: str = "/", *, host: str = "localhost:8501", kind: str = "http") -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": kind, "method": "GET", "path": path, "headers": [(b"host", host.encode())]}
    asyncio.run(SecurityHeaders(_inner)(scope, receive, send))
    return sent


def test_a_response_keeps_its_headers_and_its_policy_is_replaced() -> None:
    start, body = _answer()
    assert start["status"] == 200 and body["body"] == b"inner"
    policies = [value for name, value in start["headers"] if name == b"content-security-policy"]
    assert len(policies) == 1 and policies[0].startswith(b"default-src 'self';") and b"'sha256-" in policies[0]
    assert (b"x-own", b"kept") in start["headers"]
    assert (b"x-content-type-options", b"nosniff") in start["headers"]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/below/a/path/_stcore/metrics"])
def test_the_metrics_are_closed(path: str) -> None:
    start, body = _answer(path)
    assert start["status"] == 404 and b"inner" not in body["body"]
    assert b"content-security-policy" in dict(start["headers"])


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "user@localhost", ""])
def test_a_foreign_host_is_refused(host: str) -> None:
    start, body = _answer(host=host)
    assert start["status"] == 403 and b"inner" not in body["body"]


def test_websockets_pass_untouched() -> None:
    assert _answer("/_stcore/stream", host="evil.example", kind="websocket") == [
        {"type": "websocket.accept", "headers": []}
    ]
