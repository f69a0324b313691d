"""Servers and pages for the browser tests. A page that a test opened must end without one error that nobody saw."""

import itertools
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect, sync_playwright

from engine.locations import PROJECT
from tests.browser.profiles import Profiles
from tests.browser.program import launch
from tests.browser.server import Server, serve
from tests.browser.waiting import WAIT, done
from tests.browser.watch import Watch

StartServer = Callable[..., Server]
OpenPage = Callable[..., Page]

_running: list[Server] = []
PLANTED = "secret-token"  # what the specimen fails with
expect.set_options(timeout=WAIT * 1000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def profiles(browser: Browser) -> Profiles:
    return Profiles(browser)


@pytest.fixture(scope="package")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """Starts servers with the arguments of `serve`; all end with the browser tests, with planted faults alone."""
    logs = tmp_path_factory.mktemp("servers")
    numbers = itertools.count()
    with ExitStack() as servers:

        def start(**arguments: Any) -> Server:
            server = servers.enter_context(serve(logs / f"{next(numbers)}.log", **arguments))
            _running.append(server)
            return server

        yield start
        faults = [fault[:300] for server in _running for fault in server.faults if PLANTED not in fault]
        _running.clear()
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="package")
def server(start_server: StartServer) -> Server:
    """The dashboard on the embedded store alone, whatever this user has imported."""
    return start_server(stores=[PROJECT / "data"])


@pytest.fixture
def open_page(profiles: Profiles) -> Iterator[OpenPage]:
    """Opens an address in an empty profile of the browser; keyword arguments are Playwright's for a context.

    `line` takes over what server and page say to each other.
    """
    watches: list[Watch] = []
    with ExitStack() as lent:

        def open_at(url: str, *, line: Callable[[WebSocketRoute], None] | None = None, **options: Any) -> Page:
            options = {"locale": "en-GB", "viewport": {"width": 1440, "height": 900}} | options
            page = lent.enter_context(profiles.lend(**options)).new_page()
            page.set_default_timeout(WAIT * 1000)
            watches.append(Watch(page, url))
            if line is not None:
                page.route_web_socket("**/_stcore/stream", line)
            page.goto(url)
            done(page)  # what is clicked sooner may be drawn anew under the pointer
            return page

        yield open_at
    problems = [problem for watch in watches for problem in watch.problems]
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(open_page: OpenPage, server: Server) -> Page:
    """The dashboard's first page."""
    return open_page(server.url)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows, below a failed test, the servers' page errors, or what they said last where they had none."""
    report = yield
    if report.failed:
        for server in _running:
            lines = server.faults or server.said[-15:]
            report.sections.append((f"Server on port {server.port}", "\n".join(line[:300] for line in lines)))
    return report
