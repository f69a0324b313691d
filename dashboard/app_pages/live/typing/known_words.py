"""Beside a template: that its question is known in other languages too, and whether it is asked in the known words."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from dashboard.app_pages.live.typing.recognition import Recognised
from dashboard.app_pages.live.typing.template_filling import TypedTemplate
from dashboard.choices.controls import segmented
from dashboard.elements import prose
from dashboard.elements.figures import counted
from engine.entity_names import folded
from engine.live.fact.question_reading import kind_asked_of

Words = Literal["known", "typed"]
WORDS: dict[Words, str] = {"known": "The known question", "typed": "My own words"}
_HELP = "The known question asks the same and is there in many languages. Your own words are asked as they stand."
_KINDS = {"territory": "a country", "city": "a city", "language": "a language"}


def use_known_words(meaning: Recognised, template: TypedTemplate, languages: Sequence[str]) -> bool:
    """Draw what was recognised and the choice of words; True where the fact is asked in the known ones."""
    relation = meaning.relation[1]
    words = relation.replace("_", " ")
    if not meaning.fits:
        kind = kind_asked_of(relation) or "subject"
        prose.caption(
            f"You seem to ask “{words}”, but “{template.subject}” is not known as {_KINDS.get(kind, f'a {kind}')}. "
            "It is asked in your own words."
        )
        return False
    if not meaning.is_exact:
        known = sum(tag in meaning.wordings for tag in languages)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            chosen = segmented("words", "Ask", WORDS, default="known", help=_HELP)
            prose.sentence(
                f"You seem to ask “{words}”: its question is known in {known} of {counted(len(languages), 'language')}."
            )
        if chosen == "typed":
            return False
    if renamed := _renamed(template, meaning.template):
        prose.caption(f"The store's names are used: {renamed}.")
    return True


def _renamed(typed: TypedTemplate, known: TypedTemplate) -> str:
    """Which of the names that were typed have given way to others."""
    pairs = [(typed.subject, known.subject), (typed.answer, known.answer)]
    pairs += zip(typed.wrong_answers, known.wrong_answers, strict=True)
    return ", ".join(f"“{own}” → “{name}”" for own, name in pairs if own.strip() and folded(own) != folded(name))
