"""One fact as JSON, typed or handed in: checked cell by cell, then asked like any other. Imports no torch."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from engine.facts.question import Question
from engine.languages import parse_language
from engine.live.fact.problems import UnfitFact, fact_problems, shown
from engine.live.protocol.fact_text import CellProblem, FactInLanguage, FactText
from engine.live.saved.tables import DATASET

MOST_BYTES = 2 * 1024**2  # of a fact as JSON
# What pydantic finds, in a user's words.
_WORDS = {
    "extra_forbidden": "is no part of a fact",
    "missing": "is missing",
    "string_type": "must be a text",
    "int_type": "must be a whole number",
    "list_type": "must be a list",
    "mapping_type": "must be an object",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
}


def read_fact(data: bytes) -> FactText:
    """A fact from JSON. Raises UnfitFact for what is no such JSON; its texts are still unchecked."""
    if len(data) > MOST_BYTES:
        raise UnfitFact([CellProblem("", "", f"it has {len(data):,} bytes, at most {MOST_BYTES:,} are taken")])
    return fact_of(read_json(data))


def read_json(data: bytes) -> Any:
    """What JSON says; halves of surrogate pairs come through, to be named by cell. Raises UnfitFact."""
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_without_repeats)
    except UnicodeDecodeError as error:
        raise UnfitFact([CellProblem("", "", f"it is not UTF-8, at byte {error.start + 1}")]) from error
    except (ValueError, RecursionError) as error:
        raise UnfitFact([CellProblem("", "", f"it is not JSON: {error}")]) from error


def fact_of(value: Any) -> FactText:
    """A fact from what JSON said. Raises UnfitFact that names the part which is of another kind."""
    try:
        return FactText.model_validate(value)
    except ValidationError as error:
        problems = [_kind_problem(fault["loc"], _WORDS.get(fault["type"], fault["msg"])) for fault in error.errors()]
        raise UnfitFact(problems) from error


def fact_questions(fact: FactText) -> tuple[Question, ...]:
    """The fact as a question in each of its languages, in their order; texts in Unicode's composed form, trimmed.

    Its id follows from its content. Raises UnfitFact that names every cell with a problem.
    """
    if problems := list(fact_problems(fact)):
        raise UnfitFact(problems)
    texts = {parse_language(tag): _composed(texts) for tag, texts in fact.texts.items()}
    relation = stored_form(fact.relation) if fact.relation is not None else None
    fact_id = _id_of(relation, texts, fact.gold)
    return tuple(
        Question(
            dataset=DATASET,
            fact_id=fact_id,
            language=tag,
            text=written.question,
            options=tuple(written.options),
            gold=tuple(fact.gold),
            answers=tuple(written.answers),
            relation=relation,
            subject=written.subject,
        )
        for tag, written in texts.items()
    )


def stored_form(text: str) -> str:
    """The text in the form in which imported facts are stored, so that the same fact gets the same numbers."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip())


def _composed(texts: FactInLanguage) -> FactInLanguage:
    return FactInLanguage(
        question=stored_form(texts.question),
        options=[stored_form(option) for option in texts.options],
        subject=stored_form(texts.subject) if texts.subject is not None else None,
        answers=[stored_form(answer) for answer in texts.answers],
    )


def _id_of(relation: str | None, texts: Mapping[str, FactInLanguage], gold: Sequence[int]) -> str:
    content = [relation, {tag: written.model_dump() for tag, written in texts.items()}, list(gold)]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {shown(key)!r} stands there twice")
        found[key] = value
    return found


def _kind_problem(place: tuple[int | str, ...], message: str) -> CellProblem:
    """What pydantic says, with the place as a user would name it."""
    parts = [shown(str(part + 1 if isinstance(part, int) else part)) for part in place]
    if len(parts) > 1 and parts[0] == "texts":
        return CellProblem(parts[1], " ".join(parts[2:]), message)
    return CellProblem("", " ".join(parts), message)
