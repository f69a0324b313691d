"""A fact in a language as an importer found it, with its place, so that whatever is wrong with it can be pointed at."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from engine.importers.intake.table import table
from engine.schema import Stream


@dataclass(frozen=True, slots=True)
class FactRow:
    """A row of the facts table, and where it stands in its source; gold counts the options from 0."""

    place: str  # "line 7", "row 7 of en"
    dataset: str
    fact_id: str
    language: str
    question: str
    options: tuple[str, ...]  # empty: an open question
    gold: tuple[int, ...]
    answers: tuple[str, ...] = ()  # accepted answers of an open question
    stream: Stream = "factual"
    relation: str | None = None
    subject: str | None = None
    source_language: str | None = None
    country: str | None = None
    origin: str | None = None
    code: str = ""  # the language as the source writes it; not stored

    @property
    def fact(self) -> tuple[str, str]:
        """What identifies the fact, in whatever language."""
        return self.dataset, self.fact_id


@dataclass(frozen=True, slots=True)
class FactProblem:
    """What is wrong, where, and what to do; `fact` is None where it cannot be said which fact it concerns."""

    place: str
    text: str
    fact: tuple[str, str] | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def facts_table(rows: Sequence[FactRow]) -> pa.Table:
    """The rows as a table of the schema."""
    return table(
        "facts",
        len(rows),
        dataset=[row.dataset for row in rows],
        fact_id=[row.fact_id for row in rows],
        language=[row.language for row in rows],
        stream=[row.stream for row in rows],
        relation=[row.relation for row in rows],
        subject=[row.subject for row in rows],
        question=[row.question for row in rows],
        options=[list(row.options) for row in rows],
        gold=[list(row.gold) for row in rows],
        answers=[list(row.answers) for row in rows],
        source_language=[row.source_language for row in rows],
        country=[row.country for row in rows],
        origin=[row.origin for row in rows],
    )
