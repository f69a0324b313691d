"""One fact as it is typed, sent and saved, and what is wrong with its cells. Imports nothing of models and probes."""

from collections.abc import Mapping

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from engine.live.protocol.message import Message


class FactInLanguage(Message):
    """The texts of a fact in one language. No options: an open question."""

    question: str
    options: list[str] = []
    subject: str | None = None
    answers: list[str] = []  # accepted answers of an open question


class FactText(Message):
    """One fact as it is written down."""

    relation: str | None = None
    texts: Mapping[str, FactInLanguage]  # by language
    gold: list[int] = []  # indices of the right options, from 0; empty: it is not known which is right

    @property
    def has_options(self) -> bool:
        """Whether there is something to choose from."""
        return any(texts.options for texts in self.texts.values())


@dataclass(frozen=True, config=ConfigDict(strict=True, extra="forbid"))
class CellProblem:
    """What is wrong with a cell of a fact; language and cell are empty where it is the fact as a whole."""

    language: str  # as it was written
    cell: str  # question, option 1, option 2, …, subject
    problem: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.language, self.cell) if part)
        return f"{place}: {self.problem}" if place else self.problem
