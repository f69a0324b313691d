"""An answer of a live probe: with what the model was given, and what it made of each piece of it. Imports no torch."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

from engine.probes.answer import Answer


class Piece(NamedTuple):
    """One or several tokens that make up whole characters, and their log-probability, natural logarithm, summed."""

    text: str
    nats: float


Pieces = tuple[tuple[Piece, ...], ...]  # of each option


@dataclass(frozen=True)
class LiveAnswer(Answer):
    """An answer with what the results table has no column for."""

    prompts: tuple[str, ...] = ()  # exactly as the model got them, chat format included
    prompt_tokens: int | None = None  # of all prompts together
    pieces: tuple[Pieces, ...] = ()  # of each option's continuation, for each order of the options
    seconds: float | None = None  # that the model took; several probes asked at once share theirs evenly


def live_answer(
    answer: Answer, *, prompts: Sequence[str], prompt_tokens: int, pieces: Sequence[Pieces], seconds: float
) -> LiveAnswer:
    """The answer with what the model was given and how it scored each piece."""
    measured = {field.name: getattr(answer, field.name) for field in fields(Answer)}
    return LiveAnswer(
        **measured, prompts=tuple(prompts), prompt_tokens=prompt_tokens, pieces=tuple(pieces), seconds=seconds
    )
