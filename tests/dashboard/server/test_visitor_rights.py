"""Who may have something fetched from the page: visitors on the machine itself, unless the operator says otherwise."""

from types import SimpleNamespace

import pytest

from dashboard.server import visitor_rights
from dashboard.server.visitor_rights import FETCH_VARIABLE, is_loopback, may_fetch


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("[::1]", True), ("localhost", True),
        ("0.0.0.0", False), ("192.168.0.7", False), ("isogloss.example", False), ("*", False), ("", False),
        (None, False),
    ],
)  # fmt: skip
def test_loopback(host: str | None, is_own: bool) -> None:
    assert is_loopback(host) is is_own


@pytest.mark.parametrize(
    ("address", "hosts", "headers", "stated", "may"),
    [
        ("127.0.0.1", ["localhost", "127.0.0.1"], {}, None, True),
        (None, ["localhost"], {}, None, False),  # every address of the machine
        ("0.0.0.0", ["localhost"], {}, None, False),
        ("127.0.0.1", ["localhost", "isogloss.example"], {}, None, False),  # served by a proxy
        ("127.0.0.1", ["localhost"], {"X-Forwarded-For": "192.0.2.1"}, None, False),
        ("0.0.0.0", ["isogloss.example"], {}, "on", True),
        ("127.0.0.1", ["localhost"], {}, "off", False),
        ("127.0.0.1", ["localhost"], {}, "perhaps", True),  # says neither
    ],
)
def test_who_may_fetch(
    monkeypatch: pytest.MonkeyPatch,
    address: str | None,
    hosts: list[str],
    headers: dict[str, str],
    stated: str | None,
    may: bool,
) -> None:
    options = {"server.address": address, "server.allowedHosts": hosts}
    if stated is None:
        monkeypatch.delenv(FETCH_VARIABLE, raising=False)
    else:
        monkeypatch.setenv(FETCH_VARIABLE, stated)
    fake = SimpleNamespace(get_option=options.__getitem__, context=SimpleNamespace(headers=headers))
    monkeypatch.setattr(visitor_rights, "st", fake)
    assert may_fetch() is may
