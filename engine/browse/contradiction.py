"""Where a typed fact says otherwise than the store: the same subject and relation, and another right answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from engine.browse.queries import browse
from engine.database.database import Database
from engine.entity_names import names_in
from engine.errors import IsoglossError
from engine.facts.wording import filled, relations, wordings
from engine.languages import language, parse_language
from engine.probes.normalise import normalise

_READ_FIRST = "en"
_PLACE = "xsubjectx"  # stands for the subject in a wording: a word that no normal form changes
_TRUTHS = {"yes", "no", "true", "false"}
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
    forms = [found for tag, one in texts.items() for found in named_by(str(one["question"]), tag)]
    english = str(texts.get("en", {}).get("question", ""))
    rows = browse(
        store,
        "facts_alike",
        relations=sorted({*filter(None, [fact.get("relation")]), *(relation for relation, _ in forms)}),
        subjects=sorted(
            {*(subject for _, subject in forms), *(s for one in texts.values() if (s := one.get("subject")))}
        ),
        questions=sorted({str(one["question"]) for one in texts.values()}),
        named=english,
        languages=sorted({*texts, _READ_FIRST}),
    )
    found = None
    for _, of_fact in rows.groupby(["dataset", "fact_id"], sort=False):
        right = {str(row["language"]): stored for _, row in of_fact.iterrows() if (stored := _right_of(row))}
        if of_fact["is_guess"].any() and _asks_otherwise(english, of_fact, right, fact):
            continue
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
        rest = tuple(text for text in self.typed.right if not _normal([text], self.tag) & known)
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
    """Relation and subject that a question of the project's own wording asks about; the subject in normal form."""
    said = normalise(question, tag)
    return [
        (relation, subject)
        for relation, head, tail in _forms(tag)
        if said.startswith(head) and said.endswith(tail)
        if (subject := said[len(head) : len(said) - len(tail)].strip())
    ]


@cache
def _forms(tag: str) -> tuple[tuple[str, str, str], ...]:
    """What stands before and after the subject in every wording of a language, in normal form."""
    found = []
    for relation in relations():
        words = wordings(relation).get(tag)
        for text in words.forms.values() if words else ():
            head, _, tail = normalise(filled(text, _PLACE), tag).partition(_PLACE)
            found.append((relation, head, tail))
    return tuple(found)


def _asks_otherwise(
    question: str, rows: pd.DataFrame, right: Mapping[str, tuple[str, ...]], fact: Mapping[str, Any]
) -> bool:
    """Whether an English question that names subject and relation asks something else: by yes or no, or about another.

    A name inside a longer one means another thing: Guinea is not Papua New Guinea, which the store may not know.
    """
    words = f" {normalise(question, 'en')} "
    subject = normalise(str(rows.loc[rows["language"] == "en", "subject"].iloc[0]), "en")
    rest = words.replace(f" {subject} ", "  ")  # Bissau stands in Guinea-Bissau
    if any(f" {normalise(answer, 'en')} " in rest for answer in right.get("en", ())):
        return True
    english = fact["texts"].get("en", {})
    if _normal([*(english.get("options") or ()), *(english.get("answers") or ())], "en") & _TRUTHS:
        return True
    longer = (normalise(name, "en") for key, name in names_in("en").items() if key.startswith("territory:"))
    return any(name != subject and f" {subject} " in f" {name} " and f" {name} " in words for name in longer)


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
