"""What is shown of a fact that was asked: its texts, and what each model answered in each way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.errors import IsoglossError
from engine.languages import by_family, language, parse_language

Answer = Mapping[str, Any]  # of one language, as the service tells it
Verdict = Literal["right", "wrong", "said", "missing"]  # said: nobody knows what is right


@dataclass(frozen=True)
class Answers:
    """What a model answered, asked in one way."""

    model: str
    title: str  # the way, in words
    languages: Mapping[str, Answer]
    state: str = "done"
    note: str | None = None
    id: str | None = None  # by which the service knows it; None: it has forgotten
    seconds: float | None = None
    kept: str | None = None  # the run id in the store


@dataclass(frozen=True)
class Column:
    """A model: what it answered, what it says freely, and what it answers when it is asked otherwise."""

    main: Answers
    free: Answers | None = None
    others: tuple[Answers, ...] = ()

    @property
    def model(self) -> str:
        """Its name."""
        return self.main.model

    @property
    def every(self) -> tuple[Answers, ...]:
        """All ways in which it was asked to choose an answer."""
        return (self.main, *self.others)


@dataclass(frozen=True)
class Shown:
    """A fact with its models."""

    fact: Mapping[str, Any]  # as the service takes it
    title: str
    columns: tuple[Column, ...]

    @property
    def texts(self) -> dict[str, Mapping[str, Any]]:
        """The fact's texts by the tag of their language, families together."""
        found = {_tag(written): texts for written, texts in self.fact["texts"].items()}
        return {tag: found[tag] for tag in by_family(found)}

    @property
    def gold(self) -> tuple[int, ...]:
        """The right options; none: it is not known, or there are no options."""
        return tuple(self.fact.get("gold") or ())

    @property
    def kept(self) -> tuple[str, ...]:
        """The run ids of all that is kept of it."""
        answers = [one for column in self.columns for one in (*column.every, column.free) if one is not None]
        return tuple(one.kept for one in answers if one.kept is not None)


def autonym(tag: str) -> str:
    """A language's name in itself, as the first word of a line."""
    try:
        name = language(tag).autonym
    except IsoglossError:  # a tag that the service refuses as well
        return tag
    return name[:1].title() + name[1:]


def direction(tag: str) -> Literal["ltr", "rtl"]:
    """Where a language's text begins."""
    try:
        return language(tag).direction
    except IsoglossError:
        return "ltr"


def verdict(answer: Answer | None) -> Verdict:
    """What an answer is worth."""
    if answer is None or answer.get("error"):
        return "missing"
    if answer.get("correct") is None:
        return "said" if answer.get("predicted") is not None or answer.get("text") else "missing"
    return "right" if answer["correct"] else "wrong"


def probability(answer: Answer | None) -> float | None:
    """How probable its own answer is to the model, among the options; None where there are none."""
    if answer is None or answer.get("predicted") is None or not answer.get("options"):
        return None
    value: float | None = answer["options"][answer["predicted"]].get("probability")
    return value


def columns(answers: Sequence[tuple[str, Answers]]) -> tuple[Column, ...]:
    """Answers in roles (main, free, other) put together by model."""
    models = list(dict.fromkeys(one.model for _, one in answers))
    return tuple(_column([(role, one) for role, one in answers if one.model == model]) for model in models)


def _column(answers: Sequence[tuple[str, Answers]]) -> Column:
    by_role: dict[str, list[Answers]] = {"main": [], "free": [], "other": []}
    for role, one in answers:
        by_role[role].append(one)
    main, *others = by_role["main"] + by_role["other"] or by_role["free"]
    free = next((one for one in by_role["free"] if one is not main), None)
    return Column(main, free, tuple(others) if by_role["main"] or by_role["other"] else ())


def _tag(written: str) -> str:
    try:
        return parse_language(written)
    except IsoglossError:
        return written
