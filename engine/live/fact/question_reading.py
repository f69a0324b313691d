"""How a typed question can be read: as a relation whose words are known, asked of a subject."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.common_names import keys_meant
from engine.entity_names import names_in
from engine.facts.phrasing import relations_asked, subject_kind
from engine.facts.wording import relations, written_languages
from engine.probes.normalise import normalise


@dataclass(frozen=True)
class QuestionReading:
    """One way to read a question."""

    relation: str
    subject: str | None  # None: not typed yet
    language: str  # the one in which the question is worded
    names_subject: bool  # whether the question itself names the subject, so that it must be a known one


def readings(question: str, subject: str, tag: str) -> Iterator[QuestionReading]:
    """Read a question, and the subject typed beside it or "", in a language and then in every other that has words.

    Where the question names its subject itself, the one beside it is the same or is not typed.
    """
    beside = subject.strip() or None
    for language in dict.fromkeys((tag, *written_languages())):
        for asked in relations_asked(question, language):
            if asked.subject is None:
                yield QuestionReading(asked.relation, beside, language, names_subject=False)
            elif beside is None or asked.subject in (normalise(beside, tag), normalise(beside, language)):
                yield QuestionReading(asked.relation, beside or asked.subject, language, names_subject=True)


def kind_asked_of(relation: str) -> str | None:
    """What a relation is asked of, e.g. "territory"; None for a relation that has no words."""
    return subject_kind(relation) if relation in relations() else None


def subject_keys(name: str, tag: str, relation: str) -> tuple[str, ...]:
    """The things that a language calls so and of which a relation is asked: countries, not continents."""
    kind = kind_asked_of(relation)
    keys = (key.partition(":") for key in keys_meant(name, tag))
    return tuple(f"{own}:{code}" for own, _, code in keys if own == kind and not code.isdecimal())


def written_names(key: str) -> dict[str, str]:
    """What a thing is called, in the languages that have words."""
    return {tag: name for tag in written_languages() if (name := names_in(tag).get(key))}
