"""The form of a template: the question, its subject and its answers, in one language."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.app_pages.live.typing.draft import QUESTION
from dashboard.app_pages.live.typing.language_controls import label
from dashboard.app_pages.live.typing.template_filling import PLACE, Filled, TypedTemplate, WrongAnswers, ambiguous
from dashboard.app_pages.live.typing.undo import remember_state, remember_undo, typed_state, widget_generation
from engine.languages import by_family

KEY = "template"
OPTIONS: dict[WrongAnswers, str] = {"proposed": "Proposed", "own": "My own", "none": "None"}
_KINDS = {
    "territory": "country or region",
    "city": "city",
    "capital": "capital of",
    "language": "language",
    "currency": "currency",
    "script": "script",
    "code": "code",
}


def template_form(template: TypedTemplate, relations: pd.DataFrame, languages: Sequence[str]) -> TypedTemplate:
    """Draw the form; the template with what was typed. `relations`: the rows of engine/browse/probe_relations.sql."""
    number = widget_generation(KEY)
    first = st.columns([3, 7, 4], vertical_alignment="bottom")
    offered = by_family({*languages, template.language})
    with first[0]:
        language = st.selectbox(
            "You write in",
            offered,
            index=offered.index(template.language),
            key=f"template-language-{number}",
            format_func=label,
            filter_mode="contains",
        )
    with first[1]:
        question = st.text_input(
            "Question",
            template.question,
            key=_question_key(),
            placeholder=f"Which city is the capital of {PLACE}?",
        )
    with first[2]:
        _wording_choice(template, relations)
    second = st.columns([4, 4, 6], vertical_alignment="bottom")
    with second[0]:
        subject = st.text_input("Subject", template.subject, key=f"template-subject-{number}", placeholder="Poland")
    with second[1]:
        answer = st.text_input("Right answer", template.answer, key=f"template-answer-{number}", placeholder="Warsaw")
    with second[2]:
        options: WrongAnswers | None = st.segmented_control(
            "Wrong answers",
            list(OPTIONS),
            format_func=OPTIONS.__getitem__,
            default=template.options,
            key=f"template-options-{number}",
            required=True,
            help="Proposed: right answers of other facts of the same relation. None: an open question.",
        )
    wrong = template.wrong
    if options == "own":
        wrong = st.text_input(
            "Your wrong answers, with semicolons between them", wrong, key=f"template-wrong-{number}",
            placeholder="Kraków; Berlin; Prague",
        )  # fmt: skip
    return replace(
        template,
        language=language,
        question=question or "",
        subject=subject or "",
        answer=answer or "",
        wrong=wrong or "",
        options=options or "proposed",
    )


def _question_key() -> str:
    return f"template-question-{widget_generation(KEY)}"


def _wording_choice(template: TypedTemplate, relations: pd.DataFrame) -> None:
    """Questions that the store has in the language: one of them is known in all of its languages."""
    rows = relations[(relations["language"] == template.language) & relations["wording"].notna()]
    wordings = list(dict.fromkeys(rows["wording"]))
    key = f"template-wording-{widget_generation(KEY)}-{template.language}"

    def take() -> None:
        if chosen := st.session_state.get(key):
            now = typed_state(KEY, template)
            remember_undo(KEY, partial(replace, question=now.question), what="the choice of a question")
            remember_state(KEY, replace(now, question=chosen))
            # The other widgets stay as they are: somebody may be typing into them already.
            st.session_state[_question_key()] = chosen
            st.session_state[key] = None

    st.selectbox(
        "… or one that is known in many languages",
        wordings,
        index=None,
        key=key,
        on_change=take,
        disabled=not wordings,
        placeholder="Choose a question",
        filter_mode="contains",
    )


def choose_kinds(template: TypedTemplate, filled: Filled, languages: Sequence[str]) -> None:
    """Draw the choice of which thing a name means that several have."""
    names = [text for column, text in filled.sources.items() if column != QUESTION]
    found = ambiguous(template, names, languages)
    if not found:
        return
    kinds = dict(template.kinds)
    with st.container(horizontal=True):
        for name, keys in found.items():
            before = kinds.get(name)
            chosen = st.selectbox(
                "Which one is meant?",
                keys,
                index=keys.index(before) if before in keys else None,
                format_func=lambda key, name=name: f"{name}: {_KINDS[key.partition(':')[0]]} {key.partition(':')[2]}",
                key=f"template-kind-{widget_generation(KEY)}-{name}",
                placeholder=f"{name}: choose",
                width=280,
            )
            if chosen:
                kinds[name] = chosen
    if kinds != template.kinds:
        remember_state(KEY, replace(template, kinds=kinds))
        st.rerun()
