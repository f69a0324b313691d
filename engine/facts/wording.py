"""The words around a fact: for each relation and language questions and statements, from relations/*.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.facts.question import BLANK

LABEL = f"{{subject}} — {BLANK}"  # for the languages that have no words here; a dash is the same in all directions
_FOLDER = Path(__file__).parent / "relations"


@dataclass(frozen=True)
class RelationWording:
    """How a language asks for a relation, and how it states it. Each text holds {subject}."""

    questions: tuple[str, ...]  # the first is the one that the facts table holds
    statements: tuple[str, ...]  # each holds the blank

    @property
    def forms(self) -> dict[str, str]:
        """Every text by its name: question-1, question-2, …, statement-1, …"""
        questions = {f"question-{number}": text for number, text in enumerate(self.questions, start=1)}
        return questions | {f"statement-{number}": text for number, text in enumerate(self.statements, start=1)}


@cache
def relations() -> tuple[str, ...]:
    """The relations that have words, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def wordings(relation: str) -> Mapping[str, RelationWording]:
    """The wording of each language that has one; the languages are the same for every relation. KeyError for others."""
    if relation not in relations():
        raise KeyError(relation)
    file = tomllib.loads((_FOLDER / f"{relation}.toml").read_text(encoding="utf-8"))
    return {tag: RelationWording(tuple(words["questions"]), tuple(words["statements"])) for tag, words in file.items()}


def written_languages() -> tuple[str, ...]:
    """The languages whose words were written, English first."""
    return tuple(wordings(relations()[0]))


def filled(text: str, subject: str) -> str:
    """The text about a subject."""
    return text.replace("{subject}", subject)
