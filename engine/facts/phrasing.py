"""What people ask in words of their own: the usual phrasings of every relation by language, from phrasings/*.toml."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from engine.facts.wording import relations, wordings
from engine.probes.normalise import normalise

PLACE = "{subject}"
_MARK = "xsubjectx"  # stands for the subject: a word that no normal form changes
_FOLDER = Path(__file__).parent / "phrasings"
_EITHER = re.compile(r"\(([^()]*\|[^()]*)\)")  # (a|b)


@dataclass(frozen=True)
class AskedRelation:
    """A relation that a question asks for; `subject`: of whom, in normal form, None where {subject} stands there."""

    relation: str
    subject: str | None


@cache
def phrasings(relation: str) -> Mapping[str, tuple[str, ...]]:
    """Every usual phrasing of a relation by language. Each holds {subject}. KeyError for an unknown relation."""
    return {tag: tuple(_told_apart(texts)) for tag, texts in _file(relation).items() if isinstance(texts, list)}


def subject_kind(relation: str) -> str:
    """What a relation is asked of, as the keys of `engine.entity_names` begin: "territory", "city", "language", …"""
    return str(_file(relation)["subject"])


def relations_asked(question: str, tag: str) -> tuple[AskedRelation, ...]:
    """The relations that a question as a whole may ask for, in a language's own wordings and usual phrasings.

    Case, punctuation, blanks and an article before the subject make no difference; a word more or less does. Whether
    there is such a subject is not looked at.
    """
    asked = normalise(question.replace(PLACE, _MARK), tag)
    found: dict[AskedRelation, None] = {}
    for relation, head, tail in _patterns(tag):
        if len(asked) <= len(head) + len(tail) or not (asked.startswith(head) and asked.endswith(tail)):
            continue
        subject = normalise(asked[len(head) : len(asked) - len(tail)], tag)
        if subject == _MARK:
            found[AskedRelation(relation, None)] = None
        elif subject and _MARK not in subject:
            found[AskedRelation(relation, subject)] = None
    return tuple(found)


@cache
def _patterns(tag: str) -> tuple[tuple[str, str, str], ...]:
    """What stands before and after the subject in each phrasing of a language, in normal form."""
    found: dict[tuple[str, str, str], None] = {}
    for relation in relations():
        words = wordings(relation).get(tag)
        for text in (*(words.forms.values() if words else ()), *phrasings(relation).get(tag, ())):
            head, _, tail = normalise(text.replace(PLACE, _MARK), tag).partition(_MARK)
            found[relation, head, tail] = None
    return tuple(found)


def _told_apart(texts: list[str]) -> Iterator[str]:
    """Each text with every choice of its alternatives."""
    for text in texts:
        fixed = _EITHER.split(text)  # words and alternatives by turns
        for chosen in product(*(part.split("|") if number % 2 else [part] for number, part in enumerate(fixed))):
            yield " ".join("".join(chosen).split())


@cache
def _file(relation: str) -> Mapping[str, Any]:
    if relation not in relations():
        raise KeyError(relation)
    return tomllib.loads((_FOLDER / f"{relation}.toml").read_text(encoding="utf-8"))
