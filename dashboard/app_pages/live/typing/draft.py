"""A fact while it is being typed: its cells by language, which are missing, and what of it can be asked already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.live.fact.problems import fact_problems
from engine.live.protocol.fact_text import CellProblem, FactInLanguage, FactText

Cell = tuple[str, str]  # language, column
QUESTION, SUBJECT, ANSWER = "question", "subject", "answer"
SEVERAL = ";"  # between the accepted answers of an open question
MOST_OPTIONS = 26


def option(index: int) -> str:
    """The column of an option, counted from 0 here and from 1 in its name."""
    return f"option {index + 1}"


@dataclass(frozen=True)
class Draft:
    """What was typed. A language that was taken out of the table keeps its cells, and so does an option."""

    cells: Mapping[Cell, str] = field(default_factory=dict)
    n_options: int = 4  # 0: an open question
    gold: tuple[int, ...] = (0,)
    relation: str | None = None
    machine: frozenset[Cell] = frozenset()  # cells that a model translated and nobody has confirmed

    def text(self, language: str, column: str) -> str:
        """A cell's text, without blanks around it."""
        return self.cells.get((language, column), "").strip()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to type in: a subject only where there is one."""
        subject = (SUBJECT,) if any(column == SUBJECT and text for (_, column), text in self.cells.items()) else ()
        rest = tuple(option(index) for index in range(self.n_options)) or (ANSWER,)
        return (*subject, QUESTION, *rest)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a language must have to be asked in. Nobody need know the answer of an open question."""
        return tuple(column for column in self.columns if column not in (SUBJECT, ANSWER))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed at all."""
        return not any(text.strip() for text in self.cells.values())

    def with_cells(self, texts: Mapping[Cell, str], *, machine: bool = False) -> "Draft":
        """With other texts in some cells; what the user wrote needs no confirmation."""
        changed = {cell for cell, text in texts.items() if text != self.cells.get(cell, "")}
        marks = self.machine | changed if machine else self.machine - changed
        return replace(self, cells={**self.cells, **texts}, machine=frozenset(marks))

    def missing(self, language: str) -> list[str]:
        """The columns that a language still lacks."""
        return [column for column in self.needed if not self.text(language, column)]

    def asked_in(self, languages: Iterable[str]) -> list[str]:
        """Those of the languages that lack nothing."""
        return [tag for tag in languages if not self.missing(tag)]

    def begun_in(self, languages: Iterable[str]) -> list[str]:
        """Those of the languages in which anything was typed."""
        return [tag for tag in languages if any(self.text(tag, column) for column in self.columns)]

    def fact(self, languages: Iterable[str]) -> FactText:
        """The fact as it can be asked, in the languages that lack nothing."""
        texts = {tag: self._texts(tag) for tag in self.asked_in(languages)}
        gold = [index for index in self.gold if index < self.n_options]
        return FactText(relation=self.relation or None, texts=texts, gold=gold)

    def _texts(self, tag: str) -> FactInLanguage:
        answers = [] if self.n_options else self.text(tag, ANSWER).split(SEVERAL)
        return FactInLanguage(
            question=self.text(tag, QUESTION),
            options=[self.text(tag, option(index)) for index in range(self.n_options)],
            subject=self.text(tag, SUBJECT) or None,
            answers=[answer.strip() for answer in answers if answer.strip()],
        )


def problems_of(fact: FactText) -> Sequence[CellProblem]:
    """What the probe service would refuse in a fact: the same rules, before anything is sent."""
    return list(fact_problems(fact)) if fact.texts else []


@dataclass(frozen=True)
class TypedFact:
    """A fact that can be asked."""

    fact: FactText
    title: str  # a short name for it, e.g. "capital · Polska"
    embedded: tuple[str, str] | None  # (dataset, fact_id) where its texts are exactly those of a fact of the store


@dataclass(frozen=True)
class TypedList:
    """Facts that can be asked one after another, and what the dataset that they become is called."""

    facts: tuple[TypedFact, ...]
    dataset: str
