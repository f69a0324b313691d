"""Server CPU of a full rerun of the pairs page, against the same page whose heatmap is built with Altair each time."""

import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path

import psutil

from tests.bench.figure import Figure
from tests.bench.ground import Ground, models
from tests.bench.process import cpu_ms, server_process
from tests.bench.session import Session
from tests.browser.server import DASHBOARD, serve

DATASET = "x_geo"
_ALTAIR = Path(__file__).with_name("altair_each_time.py")
_BLOCK = 8  # reruns measured together: the kernel counts CPU in steps of 10 ms


class _Visitor:
    """A session that looks at one model after another, and the process that serves it."""

    def __init__(self, session: Session, process: psutil.Process) -> None:
        self._session = session
        self._process = process
        self.message_kb: list[float] = []

    def cpu_of(self, looked_at: list[str]) -> float:
        """CPU milliseconds of the server per rerun."""
        before = cpu_ms(self._process)
        for model in looked_at:
            self._session.choose_model(model)
            self.message_kb.append(self._session.message_bytes / 1024)
        return (cpu_ms(self._process) - before) / len(looked_at)


def measure(ground: Ground) -> Iterator[Figure]:
    """Models seen for the first time (their queries run), then seen again, then with a cell open."""
    names = models(DATASET)
    blocks = 2 if ground.quick else 5
    with ExitStack() as stack:

        def visit(script: Path, **query: str) -> _Visitor:
            log = ground.folder / f"{script.stem}-{len(query)}.log"
            server = stack.enter_context(serve(log, script=script, stores=ground.stores))
            session = stack.enter_context(Session(server, "pairs", dataset=DATASET, **query))
            session.open()
            visitor = _Visitor(session, server_process(server))
            visitor.cpu_of(names[-3:])  # what a process does once
            return visitor

        ours, altair = visit(DASHBOARD), visit(_ALTAIR)
        seen = names[: _BLOCK * blocks]
        yield _figure("server CPU of a rerun / Altair each time, queries not cached", ours, altair, seen, bar=None)
        yield _figure("server CPU of a rerun / Altair each time, queries cached", ours, altair, seen, bar=1.5)
        yield Figure("  it sends to the browser", statistics.median(ours.message_kb), "kB")
        with_cell = visit(DASHBOARD, cell="fr.he")
        answered = list(islice(cycle(["chatgpt", "llama2_13b", "bloom_7b1", "llama2_7b"]), len(seen)))
        with_cell.cpu_of(answered[:4])
        values = [with_cell.cpu_of(block) for block in _blocks(answered)]
        yield Figure(
            "server CPU of a rerun with the facts of a cell, cached", statistics.median(values), "ms", at_most=110
        )


def _figure(name: str, ours: _Visitor, altair: _Visitor, seen: list[str], *, bar: float | None) -> Figure:
    """The two take turns, block by block; who begins changes with every block."""
    values: dict[_Visitor, list[float]] = {ours: [], altair: []}
    for number, block in enumerate(_blocks(seen)):
        for visitor in (ours, altair) if number % 2 == 0 else (altair, ours):
            values[visitor].append(visitor.cpu_of(block))
    measured, reference = (statistics.median(values[visitor]) for visitor in (ours, altair))
    return Figure(name, measured, "ms", reference, at_most=110, at_least_times=bar)


def _blocks(names: list[str]) -> list[list[str]]:
    return [names[start : start + _BLOCK] for start in range(0, len(names), _BLOCK)]
