"""A model's answers to a dataset in a language, column by column."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from engine.importers.intake.answer_checks import sound_rows
from engine.importers.intake.answer_row import AnswerRow, AskedFact
from engine.importers.intake.source_files import UnreadableSource


@dataclass(frozen=True)
class AnswerSet:
    """A model's answers to a dataset in a language, in the order of the facts' ids; each column has a row per fact."""

    place: str  # in the source, for people
    model: str
    dataset: str
    language: str  # a BCP 47 tag
    facts: tuple[AskedFact, ...]
    numbers: "array[int]"  # of the line or row of each fact, from 1
    columns: Mapping[str, "pa.Array[Any]"]  # those of the results table that are known
    unread: Mapping[str, int]  # how many answers could not be read, by the reason

    def by_index(self) -> "AnswerSet":
        """The same with each fact's place among the rows of the source, from 0, as its id."""
        order = sorted(range(len(self.facts)), key=self.numbers.__getitem__)
        taken = pa.array(order, pa.int64())
        return replace(
            self,
            facts=tuple(replace(self.facts[place], fact_id=str(index)) for index, place in enumerate(order)),
            numbers=array("l", (self.numbers[place] for place in order)),
            columns={name: column.take(taken) for name, column in self.columns.items()},
        )


_TYPES: Mapping[str, pa.DataType] = {
    "predicted": pa.int16(),
    "correct": pa.bool_(),
    "parsed": pa.bool_(),
    "option_logprobs": pa.list_(pa.float64()),
    "text": pa.string(),
    "error": pa.string(),
}


def answer_set(
    rows: Iterable[AnswerRow], *, place: str, model: str, dataset: str, language: str, key: str = "item"
) -> AnswerSet:
    """The answers of a model in a language. `key`: what the source calls an item's key.

    Raises UnreadableSource at the first fault: none at all, a key that stands there twice, an impossible answer.
    """
    ordered = sorted(sound_rows(rows, key=key), key=lambda row: (len(row.fact.fact_id), row.fact.fact_id))
    if not ordered:
        raise UnreadableSource(None, "the file is empty")
    values: Mapping[str, list[Any]] = {
        "predicted": [row.predicted for row in ordered],
        "correct": [row.is_right for row in ordered],
        "parsed": [row.is_read for row in ordered],
        "option_logprobs": [row.option_logprobs for row in ordered],
        "text": [row.text for row in ordered],
        "error": [row.error for row in ordered],
    }
    return AnswerSet(
        place=place,
        model=model,
        dataset=dataset,
        language=language,
        facts=tuple(row.fact for row in ordered),
        numbers=array("l", (row.number for row in ordered)),
        columns={name: pa.array(column, _TYPES[name]) for name, column in values.items()},
        unread=Counter(row.unread for row in ordered if row.unread is not None),
    )
