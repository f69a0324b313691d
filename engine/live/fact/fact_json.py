"""One fact as it is written down: a question and its options in several languages."""

import unicodedata
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

_STRICT = ConfigDict(strict=True, extra="forbid", frozen=True)


class Texts(BaseModel):
    """The fact in one language. No options: an open question."""

    model_config = _STRICT
    question: str
    options: list[str] = []
    subject: str | None = None
    answers: list[str] = []  # accepted answers of an open question


class FactText(BaseModel):
    """One fact as it is written down."""

    model_config = _STRICT
    relation: str | None = None
    texts: Mapping[str, Texts]
    gold: list[int] = []  # indices of the right options, from 0; empty: it is not known which is right


def stored_form(text: str) -> str:
    """The text in the form in which imported facts are stored, so that the same fact gets the same numbers."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip())


def composed(texts: Texts) -> Texts:
    """The fact in a language, in that form."""
    return Texts(
        question=stored_form(texts.question),
        options=[stored_form(option) for option in texts.options],
        subject=stored_form(texts.subject) if texts.subject is not None else None,
        answers=[stored_form(answer) for answer in texts.answers],
    )
