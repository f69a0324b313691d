"""The facts of a CLiKA dataset in a language: questions, options, and what is known of each set."""

import os
from collections.abc import Mapping, Sequence

from engine.importers.intake.answer_row import AskedFact
from engine.importers.intake.fact_row import FactRow
from engine.schema import Stream

# Which stream a set belongs to is inferred from what it asks; a set that the paper does not name counts as basic.
STREAMS: Mapping[str, Stream] = {"x_csqa": "basic", "x_copa": "basic", "x_geo": "factual", "x_name": "factual"}
_FROM_ENGLISH = frozenset({"x_csqa", "x_copa"})  # the other two were made for all languages at once, from templates
_BY_PEOPLE = frozenset({("x_copa", "it"), ("x_copa", "zh")})  # these two are XCOPA's
_X_COPA_RELATIONS = {"What was the cause of this?": "cause", "What happened as a result?": "effect"}
_N_PEOPLE = 90  # x_name asks when person k was born (fact k) and died (fact k + 90)


def fact_rows(dataset: str, language: str, facts: Sequence[AskedFact], *, cultures: Mapping[str, str]) -> list[FactRow]:
    """The facts of one dataset in one language; `cultures` maps a fact's id to the language of its culture."""
    subjects = _people(facts) if dataset == "x_name" else {}
    return [
        FactRow(
            place=f"{dataset} in {language}",
            dataset=dataset,
            fact_id=fact.fact_id,
            language=language,
            question=fact.question,
            options=fact.options,
            gold=fact.gold,
            stream=STREAMS.get(dataset, "basic"),
            relation=_relation(dataset, fact),
            subject=subjects.get(fact.fact_id),
            source_language="en" if dataset in _FROM_ENGLISH else None,
            country=cultures.get(fact.fact_id),
            origin=_origin(dataset, language),
        )
        for fact in facts
    ]


def _origin(dataset: str, language: str) -> str | None:
    if dataset in STREAMS and language == "en":
        return "native"
    if dataset not in _FROM_ENGLISH:
        return None
    return "human" if (dataset, language) in _BY_PEOPLE else "machine"


def _relation(dataset: str, fact: AskedFact) -> str | None:
    match dataset:
        case "x_geo":
            return "administrative division"
        case "x_copa":
            return _X_COPA_RELATIONS.get(fact.question.rpartition("\n")[2])  # the premise stands above it
        case "x_name" if fact.fact_id.isdecimal():
            number = int(fact.fact_id)
            return "birth year" if number < _N_PEOPLE else "death year" if number < 2 * _N_PEOPLE else None
        case _:
            return None


def _people(facts: Sequence[AskedFact]) -> dict[str, str]:
    """Who each x_name fact is about: what differs between questions of one template.

    Only of the whole set, since few names may begin alike, and only where both questions about a person agree.
    """
    questions = {fact.fact_id: fact.question for fact in facts}
    births, deaths = ([str(k + shift) for k in range(_N_PEOPLE)] for shift in (0, _N_PEOPLE))
    if questions.keys() != {*births, *deaths}:
        return {}
    born, died = (_varying([questions[fact_id] for fact_id in fact_ids]) for fact_ids in (births, deaths))
    people = {}
    for birth, death, name, same_name in zip(births, deaths, born, died, strict=True):
        if name and name == same_name:
            people[birth] = people[death] = name
    return people


def _varying(texts: Sequence[str]) -> list[str]:
    """Each text without the beginning and the end that all share."""
    start = len(os.path.commonprefix(list(texts)))
    rests = [text[start:] for text in texts]
    end = len(os.path.commonprefix([rest[::-1] for rest in rests]))
    return [rest[: len(rest) - end] for rest in rests]
