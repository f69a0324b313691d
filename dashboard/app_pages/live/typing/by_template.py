"""Typing by template: a question with {subject}, a subject and an answer; known names come out in other languages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard import queries
from dashboard.app_pages.live.typing.completion import completed
from dashboard.app_pages.live.typing.contradiction import say_contradiction
from dashboard.app_pages.live.typing.distractors import Distractors
from dashboard.app_pages.live.typing.draft import SEVERAL, Cell, Draft, TypedFact
from dashboard.app_pages.live.typing.draft_status import draft_status
from dashboard.app_pages.live.typing.known_words import use_known_words
from dashboard.app_pages.live.typing.language_controls import choose_languages
from dashboard.app_pages.live.typing.recognition import recognise
from dashboard.app_pages.live.typing.table_editor import edit_table
from dashboard.app_pages.live.typing.template_filling import PLACE, Typed, TypedTemplate, in_words, title_of
from dashboard.app_pages.live.typing.template_form import KEY, choose_kinds, template_form
from dashboard.app_pages.live.typing.translation_block_panel import translation_block_panel
from dashboard.app_pages.live.typing.translation_panel import (
    confirm_button,
    say_what_failed,
    translate_panel,
    translation_progress,
)
from dashboard.app_pages.live.typing.undo import (
    remember_state,
    replace_state,
    typed_state,
    undo_button,
    widget_generation,
)
from dashboard.elements import prose
from engine.browse.contradiction import Contradiction
from engine.entity_names import folded
from engine.languages import by_family
from engine.live.protocol.fact_text import FactText

_ALT = "The fact, a row per language: subject, question and options"
_SEEDS = 1_000_000


def template_fact(version: str) -> TypedFact | None:
    """Draw the form and the table that it fills; the fact, once it can be asked."""
    relations = queries.view(version, "probe_relations")
    stored = by_family(relations["language"].unique())
    languages = choose_languages(stored, any_other=True)
    if not languages:
        prose.say("Choose at least one language to ask in.")
        return None
    template = template_form(typed_state(KEY, TypedTemplate()), relations, languages)
    remember_state(KEY, template)
    meaning = recognise(version, relations, template, languages)
    in_known_words = meaning is not None and use_known_words(meaning, template, languages)
    found = completed(version, template, languages, meaning, in_known_words=in_known_words)
    asked, filled, distractors = found.template, found.filled, found.distractors
    choose_kinds(asked, filled, languages)
    if not any(filled.sources.values()):
        prose.sentence(
            f"Write a question with {PLACE} in its place, such as “Which river flows through {PLACE}?”, and a subject."
        )
        undo_button(KEY)
        return None
    beside_form, place = st.container(), st.container()
    made_of = (widget_generation(KEY), template.language, tuple(filled.sources.items()), tuple(asked.kinds.items()))
    edited = edit_table(filled.draft, languages, name=KEY, version=made_of, alt=_ALT)
    template = _with_cells(template, filled.differences(edited, languages), machine=False)
    remember_state(KEY, template)
    as_asked = in_words(edited)

    def take(cells: Mapping[Cell, str], *, machine: bool, what: str) -> None:
        typed = {(tag, column, filled.sources[column]): text for (tag, column), text in cells.items()}
        replace_state(KEY, _with_cells(template, typed, machine=machine), before=template, what=what)

    translation_progress(edited, key=KEY, take=partial(take, machine=True, what="the translation"))
    with place:
        _buttons(template, edited, as_asked, languages)
        take_pasted = partial(take, machine=False, what="the pasted texts")
        translation_block_panel(edited, languages, key=KEY, take=take_pasted, as_asked=as_asked)
    _say(asked, distractors)
    typed = draft_status(as_asked, languages, title=title_of(asked, found.relation))
    if typed is not None:
        with beside_form:
            say_contradiction(version, typed.fact, take=_take_answer)
    return typed


def _take_answer(_: FactText, found: Contradiction) -> None:
    """Put the store's right answer in the place of the one that was typed."""
    template = typed_state(KEY, TypedTemplate())
    right = found.right.get(template.language) or found.stored
    taken = {folded(name) for names in found.right.values() for name in names}
    wrong = [text for text in template.wrong_answers if folded(text) not in taken]
    changed = replace(template, answer=right[0], wrong=f"{SEVERAL} ".join(wrong))
    replace_state(KEY, changed, before=template, what="the store's answer")


def _with_cells(template: TypedTemplate, texts: Mapping[Typed, str], *, machine: bool) -> TypedTemplate:
    changed = frozenset(texts)
    marks = template.machine | changed if machine else template.machine - changed
    return replace(template, typed={**template.typed, **texts}, machine=marks)


def _buttons(template: TypedTemplate, draft: Draft, as_asked: Draft, languages: Sequence[str]) -> None:
    def put(state: TypedTemplate, what: str) -> None:
        replace_state(KEY, state, before=template, what=what)

    with st.container(horizontal=True, vertical_alignment="center"):
        if template.options == "proposed" and draft.n_options:
            others = replace(template, seed=(template.seed + 1) % _SEEDS)
            st.button("Propose others", on_click=put, args=(others, "the new proposal"))
        with st.popover("Translate"):
            translate_panel(draft, languages, key=KEY, as_asked=as_asked)
        confirmed = replace(template, machine=frozenset())
        confirm_button(draft, key=KEY, confirm=lambda: put(confirmed, "the confirmation"))
        empty = TypedTemplate(language=template.language)
        st.button("Clear", disabled=template == empty, on_click=put, args=(empty, "the clearing"))
        undo_button(KEY)
    say_what_failed(key=KEY)


def _say(template: TypedTemplate, distractors: Distractors | None) -> None:
    if template.question and PLACE not in template.question:
        prose.caption(f"The question does not hold {PLACE}, so it is asked as it stands.")
    if template.options == "proposed" and template.answer and distractors is None:
        prose.say(
            f"No wrong answers can be proposed: no relation of the store has “{template.answer}” as a right answer. "
            "It is an open question, unless you give wrong answers of your own."
        )
    elif distractors is not None and not distractors.is_checked:
        prose.say(
            f"The store has no such fact about “{template.subject}”: look whether one of the answers proposed is true "
            "as well."
        )
