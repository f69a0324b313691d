"""An answer of a live probe: with what the model was given, and what it made of each piece of it. Imports no torch."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from engine.models.token_details import Piece
from engine.probes.answer import Answer

Pieces = tuple[tuple[Piece, ...], ...]  # of each option


@dataclass(frozen=True)
class LiveAnswer(Answer):
    """An answer with what the results table has no column for."""

    prompts: tuple[str, ...] = ()  # exactly as the model got them, chat format included
    prompt_tokens: int | None = None  # of all prompts together; None: refused, or the model does not tell
    pieces: tuple[Pieces, ...] = ()  # of each option's continuation, for each order; (): the model does not tell
    seconds: float | None = None  # that the model took; several probes asked at once share theirs evenly


def live_answer(
    answer: Answer, *, prompts: Sequence[str], prompt_tokens: int | None, pieces: Sequence[Pieces], seconds: float
) -> LiveAnswer:
    """The answer with what the model was given and how it scored each piece."""
    measured = {field.name: getattr(answer, field.name) for field in fields(Answer)}
    return LiveAnswer(
        **measured, prompts=tuple(prompts), prompt_tokens=prompt_tokens, pieces=tuple(pieces), seconds=seconds
    )
