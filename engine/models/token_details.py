"""What a model may also tell of its tokens, though no probe or run needs it: optional members beside `Model`."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from engine.models.interface import Continuation, GenerationRequest, Loglikelihood, Refusal


class Piece(NamedTuple):
    """One or several tokens that make up whole characters, and their log-probability, natural logarithm, summed."""

    text: str
    nats: float


@runtime_checkable
class TokenPieces(Protocol):
    """A model that also tells what it reads token by token, for those who look at single answers."""

    def prompt_tokens(self, contexts: Sequence[Continuation]) -> list[int | None]:
        """Count the tokens of each context, whatever the text after it; None where the model refuses it."""
        ...

    def pieces(self, scored: Mapping[Continuation, Loglikelihood]) -> dict[Continuation, tuple[Piece, ...]]:
        """Cut texts into pieces with what each scored; `scored`: what `loglikelihoods` gave. Asks nothing again.

        Left out is what it cannot cut. The pieces of a text make it up and their nats its log-likelihood, but for a
        token that reaches back into the context.
        """
        ...


class ReadingLimits(Protocol):
    """Knows what a model would not read, without asking it."""

    def refusals(self, continuations: Sequence[Continuation]) -> list[Refusal | None]:
        """Say of each continuation why it would be refused; None: as far as can be known, it would be read."""
        ...

    def prompt_refusals(self, request: GenerationRequest) -> list[Refusal | None]:
        """Say the same of each prompt, after which all that may be said must fit."""
        ...


@runtime_checkable
class TellsLimits(Protocol):
    """A model that also knows beforehand what it would not read."""

    def reading_limits(self) -> ReadingLimits:
        """Give its limits, to be used in one thread, which may be another than the model's."""
        ...
