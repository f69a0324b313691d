"""Facts told in a language: rows of the tables `facts` and `traits`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.entity_names import Names
from engine.facts.distractors import distinct
from engine.facts.fact import Fact
from engine.facts.wording import LABEL, filled, wordings
from engine.languages import language

STREAMS = {"world": "factual", "calendar": "basic"}


@dataclass(frozen=True)
class Told:
    """A fact in a language, as a row of `facts` and one of `traits`."""

    fact: dict[str, Any]
    traits: dict[str, Any]


def tell(facts: Sequence[Fact], options: Mapping[str, tuple[str, ...]], tag: str, own: Names, en: Names) -> list[Told]:
    """The facts that can be told in a language whose names are `own`.

    Left out is a fact with a name that is missing, with two options of one name, or whose subject is called like the
    subject of another fact of its relation.
    """
    named = [fact for fact in facts if all(key in own for key in (fact.subject, *options[fact.fact_id]))]
    called = Counter((fact.relation, own[fact.subject].casefold()) for fact in named)
    script = language(tag).script
    return [
        _told(fact, options[fact.fact_id], tag, script, own, en)
        for fact in named
        if called[fact.relation, own[fact.subject].casefold()] == 1
        and distinct(own[key] for key in options[fact.fact_id])
    ]


def share_named(facts: Sequence[Fact], own: Names) -> float:
    """How much of what the facts name, and CLDR could name, has a name here, 0 to 1."""
    keys = {key for key in _keys(facts) if not key.startswith("capital:")}
    return len(keys & own.keys()) / len(keys)


def _keys(facts: Sequence[Fact]) -> Iterator[str]:
    for fact in facts:
        yield from (fact.subject, fact.answer)


def _told(fact: Fact, options: tuple[str, ...], tag: str, script: str, own: Names, en: Names) -> Told:
    words = wordings(fact.relation).get(tag)
    subject, answer = own[fact.subject], own[fact.answer]
    folded_subject, folded_answer = subject.casefold(), answer.casefold()
    key = {"dataset": fact.dataset, "fact_id": fact.fact_id, "language": tag}
    return Told(
        fact=key
        | {
            "stream": STREAMS[fact.dataset],
            "relation": fact.relation,
            "subject": subject,
            "question": filled(words.questions[0] if words else LABEL, subject),
            "options": [own[option] for option in options],
            "gold": [options.index(fact.answer)],
            "answers": [],
            "source_language": None,
            "country": fact.country,
            "origin": None,
        },
        traits=key
        | {
            "subject_same_as_english": folded_subject == en[fact.subject].casefold(),
            "object_same_as_english": folded_answer == en[fact.answer].casefold(),
            "subject_same_as_object": folded_subject in folded_answer or folded_answer in folded_subject,
            "script": script,
            "template_kind": "written" if words else "label",
        },
    )
