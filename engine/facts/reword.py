"""The same fact in other words of the same language."""

import hashlib
import json
import re
from dataclasses import replace

from engine.facts.question import Question
from engine.facts.wording import filled, relations, wordings

FORM = re.compile(r"(question|statement)-[1-9]\d?")


class NoSuchForm(ValueError):
    """The fact cannot be put into these words; the text says why."""


def reword(question: Question, form: str) -> Question:
    """The fact in another form of its relation, "question-2" or "statement-1"; options and gold stay as they are.

    Raises NoSuchForm when the fact names no relation or subject, or there is no such form of it in its language.
    """
    if question.relation is None or question.subject is None:
        raise NoSuchForm("it does not say its relation and subject, so it has one wording only")
    if question.relation not in relations():
        raise NoSuchForm(f"there are no words for the relation {question.relation}; for: {', '.join(relations())}")
    words = wordings(question.relation).get(question.language)
    if words is None:
        known = ", ".join(wordings(question.relation))
        raise NoSuchForm(f"the relation {question.relation} has no words in {question.language}; it has: {known}")
    if form not in words.forms:
        raise NoSuchForm(f"the relation {question.relation} has no form {form}; it has: {', '.join(words.forms)}")
    return replace(question, text=filled(words.forms[form], question.subject))


def form_sha256(form: str) -> str:
    """A hash of a form's words in every relation and language."""
    words = [
        (relation, language, wording.forms.get(form))
        for relation in relations()
        for language, wording in sorted(wordings(relation).items())
    ]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()
