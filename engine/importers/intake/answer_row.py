"""A model's answer to an item of a foreign source, as an importer found it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AskedFact:
    """A fact as a source asks it in one language; `gold` are the right options' indices, from 0."""

    fact_id: str  # the item's key in its source
    question: str
    options: tuple[str, ...]  # empty: an open question
    gold: tuple[int, ...]
    answers: tuple[str, ...] = ()  # accepted answers of an open question


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer, and where it stands in its source."""

    number: int  # of the line or row, from 1
    fact: AskedFact
    predicted: int | None = None  # index of the option chosen, from 0; None: none could be read
    unread: str | None = None  # why none could be read
    text: str | None = None  # what the model said, as it stands
    option_logprobs: tuple[float, ...] | None = None  # log-likelihood of each option, nats
    correct: bool | None = None  # of an open question; else it follows from the option chosen
    error: str | None = None  # why nothing was measured

    @property
    def is_right(self) -> bool | None:
        """Whether the answer is right; one that could not be read is wrong, one that was not measured is neither."""
        if self.error is not None:
            return None
        return self.predicted in self.fact.gold if self.fact.options else self.correct

    @property
    def is_read(self) -> bool:
        """Whether an option or an answer could be read from what the model said."""
        if self.fact.options:
            return self.predicted is not None
        return self.correct is not None and self.unread is None
