"""Switching the model in a real browser, alone and among other visitors, and the server's memory with them."""

import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle

from playwright.sync_api import Page

from engine.browse.queries import browse
from engine.database.database import open_database
from tests.bench.chromium import chromium, new_page, switch_ms, wait_for_cells
from tests.bench.figure import Figure
from tests.bench.ground import Ground, models
from tests.bench.process import rss_mb, server_process
from tests.bench.rounds import p95
from tests.bench.session import PageFailedError, Session
from tests.browser.server import Server, serve

DATASET = "x_geo"
_THINK = 2.0  # seconds
_OTHERS = 7


def measure(ground: Ground) -> Iterator[Figure]:
    """First every model once, then again, then again among seven others."""
    right = _right_in_both(ground)
    n_switches = 10 if ground.quick else 40
    with ExitStack() as stack:
        server = stack.enter_context(serve(ground.folder / "switch.log", stores=ground.stores))
        page = new_page(stack.enter_context(chromium()))
        page.goto(f"{server.url}/pairs?dataset={DATASET}")
        wait_for_cells(page)
        process = server_process(server)
        alone_first = _switch(page, right, n_switches, think=0.3)
        yield from _figures("model switch, 1 session, queries not cached", alone_first, None, (300, 600))
        alone = _switch(page, right, n_switches, think=0.3)
        yield from _figures("model switch, 1 session, queries cached", alone, None, (300, 600))
        yield Figure("memory of the server with 1 session", rss_mb(process), "MB")
        with _others(server, sorted(right)) as others:
            among = _switch(page, right, n_switches, think=_THINK)
            memory = rss_mb(process)
        name = f"model switch, {1 + _OTHERS} sessions, {_THINK:g} s think time, cached / 1 session"
        yield from _figures(name, among, alone, (500, 1000))
        yield Figure(f"memory of the server with {1 + _OTHERS} sessions", memory, "MB", at_most=350)
        failed = others.failed + among.failed
        yield Figure(f"pages not drawn, of {others.n + among.n}", failed, "failed", at_most=0)


@dataclass
class _Reruns:
    """Reruns that were asked for and those that failed, and of a browser how long each took to be drawn."""

    n: int = 0
    failed: int = 0
    ms: list[float] = field(default_factory=list)


def _figures(name: str, reruns: _Reruns, alone: _Reruns | None, bars: tuple[float, float]) -> Iterator[Figure]:
    for which, of, bar in (("p50", statistics.median, bars[0]), ("p95", p95, bars[1])):
        reference = of(alone.ms) if alone else None
        yield Figure(f"{name}: {which} of {len(reruns.ms)}", of(reruns.ms), "ms", reference, bar)


def _switch(page: Page, right: dict[str, int], times: int, *, think: float) -> _Reruns:
    """Choose one model after another; a model with the same figure as the one before could not be told, and is left."""
    reruns = _Reruns()
    shown = None
    for model in cycle(right):
        if shown is not None and right[model] == right[shown]:
            continue
        time.sleep(think)
        ms = switch_ms(page, model, right[model])
        if shown is not None:  # the first does not count: what the page began with may have had the same figure
            reruns.n += 1
            reruns.failed += ms is None
            reruns.ms += [] if ms is None else [ms]
        shown = model
        if reruns.n == times:
            return reruns
    raise ValueError("no models")


@contextmanager
def _others(server: Server, names: list[str]) -> Iterator[_Reruns]:
    """Seven visitors who choose a model, look at it for a while and choose another."""
    stop, reruns = threading.Event(), [_Reruns() for _ in range(_OTHERS)]

    def visit(number: int) -> None:
        choice = random.Random(number)
        with Session(server, "pairs", dataset=DATASET) as session:
            ask: Callable[[], None] = session.open
            while not stop.wait(choice.uniform(0.5, 1.5) * _THINK):
                reruns[number].n += 1
                try:
                    ask()
                except PageFailedError:
                    reruns[number].failed += 1
                ask = partial(session.choose_model, choice.choice(names))

    with ThreadPoolExecutor(_OTHERS) as pool:
        visitors = [pool.submit(visit, number) for number in range(_OTHERS)]
        total = _Reruns()
        try:
            time.sleep(3 * _THINK)
            yield total
        finally:
            stop.set()
        for visitor in visitors:
            visitor.result()
        total.n, total.failed = sum(one.n for one in reruns), sum(one.failed for one in reruns)


def _right_in_both(ground: Ground) -> dict[str, int]:
    """For every model, in an order of its own: the facts that it has right both in English and in Hebrew."""
    names = models(DATASET)
    random.Random(0).shuffle(names)
    store = open_database(ground.stores)
    try:
        right = {}
        for name in names:
            cells = browse(store, "pair_cells", model=name, dataset=DATASET)
            cell = cells[(cells["language_a"] == "en") & (cells["language_b"] == "he")].iloc[0]
            right[name] = int(cell["n_both"])
        return right
    finally:
        store.close()
