"""Asking within the memory that there is: where it runs out, half as many questions at a time."""

from collections.abc import Callable, Sequence

import torch

from engine.facts.question import Question
from engine.probes.answer import Answer
from engine.probes.probe import Probe

OUT_OF_MEMORY = "too large for this model on this device: its memory ran out with this question alone"
_SAID_BY_TORCH = ("can't allocate memory", "not enough memory")  # of the processor's memory, as a RuntimeError

AskAll = Callable[[Sequence[Question]], Sequence[Answer]]


def ask_within_memory(ask: AskAll, probe: Probe, questions: Sequence[Question]) -> list[Answer]:
    """Ask all at once, or half as many at a time; the answers come in the order of the questions.

    A question that does not fit by itself is answered with its error alone.
    """
    try:
        return list(ask(questions))
    except (MemoryError, RuntimeError) as error:
        if not _is_memory(error):
            raise
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if len(questions) == 1:
        return [Answer(questions[0], probe.name, probe.template, error=OUT_OF_MEMORY)]
    half = len(questions) // 2
    return ask_within_memory(ask, probe, questions[:half]) + ask_within_memory(ask, probe, questions[half:])


def _is_memory(error: MemoryError | RuntimeError) -> bool:
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return any(words in str(error) for words in _SAID_BY_TORCH)
