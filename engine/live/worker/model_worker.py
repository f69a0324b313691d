"""The process that holds the model: it counts tokens, asks, and ends with the service, whatever becomes of that."""

import contextlib
import threading
from collections.abc import Iterator
from functools import partial
from multiprocessing.connection import Connection

import torch

from engine.errors import IsoglossError
from engine.live.worker.messages import LOADING, AskOrder, ModelReady, ModelSettings, OrderFailed
from engine.live.worker.out_of_memory import ask_within_memory
from engine.live.worker.parent_watch import end_with_parent
from engine.live.worker.token_limits import refusals
from engine.live.worker.token_scores import ask_listening
from engine.models.interface import recorded
from engine.models.registry import open_model
from engine.models.token_details import ReadingLimits, TellsLimits


def serve(work: Connection, counting: Connection, settings: ModelSettings) -> None:
    """Open the model, then answer until the service closes the connections."""
    end_with_parent()
    # A process that was forked from one with CUDA cannot use it.
    assert not torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
    # One processor is left to what draws the answers while they come; of two the second gains a model next to nothing.
    torch.set_num_threads(settings.threads or max(1, torch.get_num_threads() - 1))
    try:
        model = open_model(settings.source, settings.opening)
    except IsoglossError as error:
        _say(work, LOADING, OrderFailed(str(error)))
        return
    limits = model.reading_limits() if isinstance(model, TellsLimits) else None
    threading.Thread(target=_count, args=(counting, limits), daemon=True).start()
    _say(work, LOADING, ModelReady(recorded(model)))
    for number, ask in _orders(work):
        asking = partial(ask_listening, ask.probe, model)
        try:
            found: object = [answer for batch in ask.batches for answer in ask_within_memory(asking, ask.probe, batch)]
        except IsoglossError as error:
            found = OrderFailed(str(error))
        _say(work, number, found)


def _count(counting: Connection, limits: ReadingLimits | None) -> None:
    for number, ask in _orders(counting):
        _say(counting, number, refusals(limits, ask) if limits is not None else {})


def _orders(connection: Connection) -> Iterator[tuple[int, AskOrder]]:
    """What to do next, until the service is gone."""
    while True:
        try:
            number, ask = connection.recv()
        except (EOFError, OSError):
            return
        assert isinstance(ask, AskOrder)
        yield number, ask


def _say(connection: Connection, number: int, message: object) -> None:
    with contextlib.suppress(OSError):  # the service is gone
        connection.send((number, message))
