"""What is shown of a fact that was asked: its texts, and what each model answered in each way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.errors import IsoglossError
from engine.languages import by_family, language, parse_language
from engine.live.protocol.fact_text import FactInLanguage, FactText
from engine.live.protocol.messages import LanguageAnswer

Verdict = Literal["right", "wrong", "unjudged", "missing"]  # unjudged: it is not known what is right


@dataclass(frozen=True)
class AnswersInOneWay:
    """What a model answered, asked in one way."""

    model: str
    title: str  # the way, in words
    languages: Mapping[str, LanguageAnswer]
    state: str = "done"
    note: str | None = None
    id: str | None = None  # by which the service knows it; None: it has forgotten
    saved_id: str | None = None  # by which the store has it


@dataclass(frozen=True)
class ModelAnswers:
    """A model: what it answered, what it says freely, and what it answers when it is asked otherwise."""

    main: AnswersInOneWay
    free: AnswersInOneWay | None = None
    others: tuple[AnswersInOneWay, ...] = ()

    @property
    def name(self) -> str:
        """The model's name."""
        return self.main.model

    @property
    def every(self) -> tuple[AnswersInOneWay, ...]:
        """All ways in which it was asked to choose an answer."""
        return (self.main, *self.others)


@dataclass(frozen=True)
class AnswerSheet:
    """A fact with the answers of one model, or of two that are compared."""

    fact: FactText
    title: str
    models: tuple[ModelAnswers, ...]

    @property
    def texts(self) -> dict[str, FactInLanguage]:
        """The fact's texts by the tag of their language, families together."""
        found = {_tag(written): texts for written, texts in self.fact.texts.items()}
        return {tag: found[tag] for tag in by_family(found)}

    @property
    def gold(self) -> tuple[int, ...]:
        """The right options; none: it is not known, or there are no options."""
        return tuple(self.fact.gold)

    @property
    def saved_ids(self) -> tuple[str, ...]:
        """The ids of all that is saved of it."""
        answers = [ways for model in self.models for ways in (*model.every, model.free) if ways is not None]
        return tuple(ways.saved_id for ways in answers if ways.saved_id is not None)


def direction(tag: str) -> Literal["ltr", "rtl"]:
    """Where a language's text begins."""
    try:
        return language(tag).direction
    except IsoglossError:
        return "ltr"


def verdict(answer: LanguageAnswer | None) -> Verdict:
    """Whether an answer is right, wrong, given to a question whose right answer is not known, or not measured."""
    if answer is None or answer.error:
        return "missing"
    if answer.correct is None:
        return "unjudged" if answer.predicted is not None or answer.text else "missing"
    return "right" if answer.correct else "wrong"


def probability(answer: LanguageAnswer | None) -> float | None:
    """How probable its own answer is to the model, among the options; None where there are none."""
    return None if answer is None else answer.probability


def by_model(answers: Sequence[tuple[str, AnswersInOneWay]]) -> tuple[ModelAnswers, ...]:
    """Answers in roles (main, free, other) put together by model."""
    models = list(dict.fromkeys(ways.model for _, ways in answers))
    return tuple(_of_model([(role, ways) for role, ways in answers if ways.model == model]) for model in models)


def _of_model(answers: Sequence[tuple[str, AnswersInOneWay]]) -> ModelAnswers:
    by_role: dict[str, list[AnswersInOneWay]] = {"main": [], "free": [], "other": []}
    for role, ways in answers:
        by_role[role].append(ways)
    main, *others = by_role["main"] + by_role["other"] or by_role["free"]
    free = next((ways for ways in by_role["free"] if ways is not main), None)
    return ModelAnswers(main, free, tuple(others) if by_role["main"] or by_role["other"] else ())


def _tag(written: str) -> str:
    try:
        return parse_language(written)
    except IsoglossError:
        return written
