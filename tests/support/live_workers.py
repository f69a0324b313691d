"""Workers of the probe service that hold a model without weights, and do what a question tells them to."""

import contextlib
import os
import signal
import threading
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from engine.facts.question import Question
from engine.live.worker.messages import LOADING, AskOrder, ModelReady, ModelSettings, OrderFailed
from engine.live.worker.parent_watch import end_with_parent
from engine.models.interface import Identity
from tests.support.fake_model import IDENTITY, FakeModel

SECONDS = 0.005  # that a question takes


def obey_unwatched(work: Connection, counting: Connection, settings: ModelSettings) -> None:
    """A worker with a planted bug: it does not see to it that it ends with its service."""
    _obey_orders(work, counting, settings)


def obey(work: Connection, counting: Connection, settings: ModelSettings) -> None:
    """A worker that ends with its service."""
    end_with_parent()
    _obey_orders(work, counting, settings)


def _obey_orders(work: Connection, counting: Connection, settings: ModelSettings) -> None:
    """Load a fake model, unless its source says otherwise, and answer; a question may ask for worse.

    The source is a folder, in which deaths are noted: a question "die once" kills only where none is noted yet.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # deaf: only SIGKILL ends it
    if settings.source == "broken":
        work.send((LOADING, OrderFailed("the folder is empty; give another")))
        return
    model = FakeModel()
    threading.Thread(target=_count, args=(counting,), daemon=True).start()
    with contextlib.suppress(OSError):
        work.send((LOADING, ModelReady(_named(settings.name))))
    while True:
        try:
            number, ask = work.recv()
        except EOFError:
            return
        assert isinstance(ask, AskOrder)
        answers = []
        for batch in ask.batches:
            for question in batch:
                _obey(question, Path(settings.source))
            answers += ask.probe.ask(model, batch)
        # A merged batch is cheaper than its questions one by one.
        time.sleep(SECONDS * len(ask.batches))
        with contextlib.suppress(OSError):
            work.send((number, answers))


def _obey(question: Question, folder: Path) -> None:
    note = folder / "died"
    if "die always" in question.text or ("die once" in question.text and not note.exists()):
        note.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if "sleep" in question.text:
        time.sleep(600)
    if "stop" in question.text:
        os.kill(os.getpid(), signal.SIGSTOP)


def _count(counting: Connection) -> None:
    """Every question fits."""
    while True:
        number, _ = counting.recv()
        counting.send((number, {}))


def _named(name: str) -> Identity:
    return replace(IDENTITY, name=name)
