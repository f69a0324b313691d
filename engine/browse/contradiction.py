"""Where a typed fact says otherwise than the store: the same subject and relation, and another right answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from engine.browse.queries import browse
from engine.common_names import keys_meant
from engine.database.database import Database
from engine.entity_names import names_in
from engine.errors import IsoglossError
from engine.facts.phrasing import relations_asked
from engine.languages import language, parse_language
from engine.probes.normalise import normalise

_READ_FIRST = "en"
# Relations whose names are no nouns that "of" can follow.
_ABOUT = {
    "city_country": "the country of {}",
    "month_after": "the month after {}",
    "weekday_after": "the day after {}",
}


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
    denied: tuple[str, ...]  # of the store's answers, those that stand among the options typed as wrong ones
    right: Mapping[str, tuple[str, ...]]

    @property
    def sentence(self) -> str:
        """It in words, for people."""
        relation = self.relation or ""
        words = _ABOUT.get(relation, f"the {relation.replace('_', ' ')} of {{}}")
        about = words.replace("{}", self.subject) if relation and self.subject else f"fact {self.fact_id}"
        where = "" if self.language == _READ_FIRST else f", in {language(self.language).name}"
        if not self.typed:  # what was called right is right, and more is
            return f"The store says otherwise: {about} is {_one_of(self.denied)} as well{where} ({self.title})."
        listed = ", which stands among the wrong options" if self.denied else ""
        return (
            f"The store says otherwise: {about} is {_one_of(self.stored)}{listed}, not {_one_of(self.typed)}{where} "
            f"({self.title})."
        )


def contradiction(store: Database, fact: Mapping[str, Any]) -> Contradiction | None:
    """The likeliest fact of the store that a typed one contradicts; None where one agrees, or none is meant by it.

    `fact`: relation, gold, and by language question, options or answers, and subject. Answers are compared as the
    scorers do; a right answer that is written as the store writes it in any language is the store's.
    """
    texts = {tag: one for written, one in fact["texts"].items() if (tag := _tag(written))}
    stated = normalise(fact.get("relation") or "", _READ_FIRST)  # what a fact says of itself is believed
    forms = [
        (relation, subject)
        for tag, one in texts.items()
        for relation, subject in named_by(str(one["question"]), tag)
        if stated in ("", normalise(relation, _READ_FIRST))
    ]
    rows = browse(
        store,
        "facts_alike",
        relations=sorted({*filter(None, [fact.get("relation")]), *(relation for relation, _ in forms)}),
        subjects=sorted(
            {
                *(subject for _, subject in forms),
                *(name for tag, one in texts.items() if (s := one.get("subject")) for name in _names(str(s), tag)),
            }
        ),
        questions=sorted({str(one["question"]) for one in texts.values()}),
        languages=sorted({*texts, _READ_FIRST}),
    )
    found = None
    for _, of_fact in rows.groupby(["dataset", "fact_id"], sort=False):
        right = {str(row["language"]): stored for _, row in of_fact.iterrows() if (stored := _right_of(row))}
        sides = [_Side(tag, right, _typed(texts[tag], fact["gold"])) for tag in texts if tag in right]
        agrees = any(side.agrees for side in sides)
        against = [side for side in sides if side.denied or side.unknown and (side.agrees or not agrees)]
        if agrees and not against:
            return None
        if against and found is None:
            side = min(against, key=lambda side: side.tag != _READ_FIRST)
            row = of_fact[of_fact["language"] == side.tag].iloc[0]
            found = _found(row, side, right)
    return found


@dataclass(frozen=True)
class _Typed:
    """What was typed in a language; open questions have no wrong answers."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True)
class _Side:
    """Both sides in one language. `right`: the store's, by language."""

    tag: str
    right: Mapping[str, tuple[str, ...]]
    typed: _Typed

    @property
    def agrees(self) -> bool:
        """Whether a right answer is the store's."""
        return len(self.unknown) < len(self.typed.right)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The right answers that are not the store's; of an open question one that is suffices."""
        known = set().union(*(_normal(names, tag) for tag, names in self.right.items()))
        rest = tuple(text for text in self.typed.right if not _normal(_names(text, self.tag), self.tag) & known)
        return () if self.typed.is_open and len(rest) < len(self.typed.right) else rest

    @property
    def denied(self) -> tuple[str, ...]:
        """The store's answers that stand among the wrong options."""
        wrong = _normal(self.typed.wrong, self.tag)
        return (
            tuple(text for text in self.right[self.tag] if _normal([text], self.tag) & wrong)
            if self.typed.right
            else ()
        )


def named_by(question: str, tag: str) -> list[tuple[str, str]]:
    """Relation and subject that a question asks about, in the project's own words or in usual ones.

    A subject of another name, such as USA, comes with CLDR's name for it too.
    """
    found: dict[tuple[str, str], None] = {}
    for asked in relations_asked(question, tag):
        if asked.subject is not None:
            found |= {(asked.relation, name): None for name in _names(asked.subject, tag)}
    return list(found)


def _names(text: str, tag: str) -> list[str]:
    """A name, and what CLDR calls the things that people call so."""
    called = (names_in(tag).get(key) for key in keys_meant(text, tag))
    return list(dict.fromkeys([text, *filter(None, called)]))


def _found(row: "pd.Series[Any]", side: _Side, right: Mapping[str, tuple[str, ...]]) -> Contradiction:
    return Contradiction(
        dataset=str(row["dataset"]),
        title=str(row["title"]),
        fact_id=str(row["fact_id"]),
        relation=row["relation"] if isinstance(row["relation"], str) else None,
        subject=row["subject"] if isinstance(row["subject"], str) else None,
        language=side.tag,
        stored=right[side.tag],
        typed=side.unknown,
        denied=side.denied,
        right=right,
    )


def listed(options: Mapping[str, Sequence[str]], right: Mapping[str, tuple[str, ...]]) -> tuple[int, ...]:
    """The options, by their index, that are right answers of the store in one language at least."""
    return tuple(
        sorted(
            {
                index
                for tag, texts in options.items()
                for index, text in enumerate(texts)
                if _normal([text], tag) & _normal(right.get(tag, ()), tag)
            }
        )
    )


def _tag(written: str) -> str | None:
    try:
        return parse_language(written)
    except IsoglossError:  # told with the other problems of the fact
        return None


def _right_of(row: "pd.Series[Any]") -> tuple[str, ...]:
    options = _several(row["options"])
    return tuple(str(options[index]) for index in _several(row["gold"])) or tuple(map(str, _several(row["answers"])))


def _typed(texts: Mapping[str, Any], gold: Sequence[int]) -> _Typed:
    options = [str(option) for option in texts.get("options") or ()]
    if not options:
        return _Typed(tuple(map(str, texts.get("answers") or ())), (), is_open=True)
    right = tuple(options[index] for index in gold if 0 <= index < len(options))
    return _Typed(right, tuple(text for index, text in enumerate(options) if index not in gold), is_open=False)


def _normal(texts: Iterable[str], tag: str) -> set[str]:
    return {normalise(text, tag) for text in texts}


def _several(cell: Any) -> Sequence[Any]:
    return () if cell is None or pd.api.types.is_scalar(cell) else list(cell)


def _one_of(texts: Sequence[str]) -> str:
    return " or ".join(texts)
