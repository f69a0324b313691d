"""The process that holds the model: it counts tokens, asks, and ends with the service, whatever becomes of that."""

import contextlib
import copy
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection

import torch

from engine.errors import IsoglossError
from engine.facts.question import Question
from engine.live.worker.messages import LOADING, AskOrder, ModelReady, ModelSettings, OrderFailed
from engine.live.worker.out_of_memory import ask_within_memory
from engine.live.worker.parent_watch import end_with_parent
from engine.live.worker.token_limits import refusals
from engine.live.worker.token_scores import ask_listening
from engine.models.causal.model import LanguageModel, encoder_of
from engine.models.causal.tokens import Encoder
from engine.models.loading.load import load
from engine.probes.answer import Answer
from engine.probes.probe import Probe


def serve(work: Connection, counting: Connection, settings: ModelSettings) -> None:
    """Load the model, then answer until the service closes the connections."""
    end_with_parent()
    # A process that was forked from one with CUDA cannot use it.
    assert not torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
    if settings.threads is not None:
        torch.set_num_threads(settings.threads)
    try:
        loaded = load(
            settings.source,
            adapter=settings.adapter,
            name=settings.name,
            dtype=settings.dtype,  # type: ignore[arg-type] # place() names what there is
            device=settings.device,
        )
        model = LanguageModel(loaded)
    except IsoglossError as error:
        _say(work, LOADING, OrderFailed(str(error)))
        return
    reading = encoder_of(loaded)
    # A tokenizer of its own: one cannot be used by two threads at once.
    encoder = encoder_of(replace(loaded, tokenizer=copy.deepcopy(loaded.tokenizer)))

    def answered(probe: Probe, batch: Sequence[Question]) -> list[Answer]:
        ask = partial(ask_listening, probe, model, encoder=reading)
        return ask_within_memory(ask, probe, batch)

    threading.Thread(target=_count, args=(counting, encoder), daemon=True).start()
    _say(work, LOADING, ModelReady(model.identity))
    for number, ask in _orders(work):
        try:
            found: object = [answer for batch in ask.batches for answer in answered(ask.probe, batch)]
        except IsoglossError as error:
            found = OrderFailed(str(error))
        _say(work, number, found)


def _count(counting: Connection, encoder: Encoder) -> None:
    for number, ask in _orders(counting):
        _say(counting, number, refusals(encoder, ask))


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
