"""Where a typed fact says otherwise than the store: the same subject and relation, and another right answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from engine.browse.queries import browse
from engine.languages import language
from engine.probes.normalise import normalise
from engine.store.read import Store

_READ_FIRST = "en"


@dataclass(frozen=True)
class Contradiction:
    """What the store says of a fact, and what was typed, in one language; `right`: the store's answers in every one."""

    dataset: str
    title: str  # of the dataset
    fact_id: str
    relation: str | None
    subject: str | None
    language: str
    stored: tuple[str, ...]
    typed: tuple[str, ...]
    is_listed: bool  # whether the store's answer stands among the options typed, as a wrong one
    right: Mapping[str, tuple[str, ...]]

    @property
    def sentence(self) -> str:
        """It in words, for people."""
        relation = (self.relation or "").replace("_", " ")
        about = f"the {relation} of {self.subject}" if relation and self.subject else f"fact {self.fact_id}"
        listed = ", which stands among the wrong options" if self.is_listed else ""
        where = "" if self.language == _READ_FIRST else f", in {language(self.language).name}"
        return (
            f"The store says otherwise: {about} is {_one_of(self.stored)}{listed}, not {_one_of(self.typed)}{where} "
            f"({self.title})."
        )


def contradiction(store: Store, fact: Mapping[str, Any]) -> Contradiction | None:
    """The likeliest fact of the store that a typed one contradicts; None where one agrees, or none is meant by it.

    `fact`: relation, gold, and by language question, options or answers, and subject. Answers are compared as the
    scorers do; a right answer that is written as in the store in any language is the store's.
    """
    texts: Mapping[str, Mapping[str, Any]] = fact["texts"]
    rows = browse(
        store,
        "facts_alike",
        relation=fact.get("relation") or "",
        subjects=sorted({str(one["subject"]) for one in texts.values() if one.get("subject")}),
        questions=sorted({str(one["question"]) for one in texts.values()}),
        named=str(texts.get("en", {}).get("question", "")),
    )
    found = None
    for _, of_fact in rows.groupby(["dataset", "fact_id"], sort=False):
        compared = [(row, _right_of(row), _typed_right(fact, str(row["language"]))) for _, row in of_fact.iterrows()]
        known = [(row, stored, typed) for row, stored, typed in compared if stored and typed]
        if any(_same(stored, typed, str(row["language"])) for row, stored, typed in known):
            return None
        if known and found is None:
            row, stored, typed = min(known, key=lambda one: str(one[0]["language"]) != _READ_FIRST)
            found = _found(row, stored, typed, fact, {str(r["language"]): right for r, right, _ in compared if right})
    return found


def _found(
    row: "pd.Series[Any]",
    stored: tuple[str, ...],
    typed: tuple[str, ...],
    fact: Mapping[str, Any],
    right: Mapping[str, tuple[str, ...]],
) -> Contradiction:
    tag = str(row["language"])
    return Contradiction(
        dataset=str(row["dataset"]),
        title=str(row["title"]),
        fact_id=str(row["fact_id"]),
        relation=row["relation"] if isinstance(row["relation"], str) else None,
        subject=row["subject"] if isinstance(row["subject"], str) else None,
        language=tag,
        stored=stored,
        typed=typed,
        is_listed=bool(_normal(stored, tag) & _normal(fact["texts"][tag].get("options") or (), tag)),
        right=right,
    )


def _right_of(row: "pd.Series[Any]") -> tuple[str, ...]:
    options = _several(row["options"])
    return tuple(str(options[index]) for index in _several(row["gold"])) or tuple(map(str, _several(row["answers"])))


def _typed_right(fact: Mapping[str, Any], tag: str) -> tuple[str, ...]:
    texts = fact["texts"].get(tag)
    if texts is None:
        return ()
    options = texts.get("options") or ()
    right = [str(options[index]) for index in fact["gold"] if index < len(options)]
    return tuple(right or map(str, texts.get("answers") or ()))


def _same(stored: Iterable[str], typed: Iterable[str], tag: str) -> bool:
    return bool(_normal(stored, tag) & _normal(typed, tag))


def _normal(texts: Iterable[str], tag: str) -> set[str]:
    return {normalise(text, tag) for text in texts}


def _several(cell: Any) -> Sequence[Any]:
    return () if cell is None or pd.api.types.is_scalar(cell) else list(cell)


def _one_of(texts: Sequence[str]) -> str:
    return " or ".join(texts)
