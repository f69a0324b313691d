"""Typing in a table: languages by question and options, in the user's own words or translated."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from dashboard import queries
from dashboard.app_pages.live.typing.csv_menu import say_what_came
from dashboard.app_pages.live.typing.draft import MOST_OPTIONS, QUESTION, SUBJECT, Cell, Draft, TypedFact, option
from dashboard.app_pages.live.typing.draft_status import draft_status
from dashboard.app_pages.live.typing.language_controls import choose_languages
from dashboard.app_pages.live.typing.table_actions import KEY, tools
from dashboard.app_pages.live.typing.table_completion import say_known_question
from dashboard.app_pages.live.typing.table_editor import edit_table
from dashboard.app_pages.live.typing.translation_block_panel import translation_block_panel
from dashboard.app_pages.live.typing.translation_panel import say_what_failed, translate_panel, translation_progress
from dashboard.app_pages.live.typing.undo import remember_state, replace_state, typed_state, widget_generation
from dashboard.elements import prose
from engine.languages import by_family

_ALT = "The fact, a row per language: its question and its options"


def free_fact(version: str, *, is_translated: bool) -> TypedFact | None:
    """Draw the table; the fact, once it can be asked. `is_translated`: with the translation first."""
    draft = typed_state(KEY, Draft())
    stored = queries.view(version, "probe_relations")["language"].unique()
    languages = choose_languages(by_family(stored), any_other=True)
    if not languages:
        prose.say("Choose at least one language to ask in.")
        return None
    if is_translated:
        translate_panel(draft, languages, key=KEY)
    draft = _shape(draft)
    say_what_came()
    say_what_failed(key=KEY)
    place = st.container()
    draft = edit_table(draft, languages, name=KEY, version=widget_generation(KEY), alt=_ALT)
    remember_state(KEY, draft)

    def take(cells: Mapping[Cell, str]) -> None:
        replace_state(KEY, draft.with_cells(cells, machine=True), before=draft, what="the translation")

    def take_pasted(cells: Mapping[Cell, str]) -> None:
        replace_state(KEY, draft.with_cells(cells), before=draft, what="the pasted texts")

    translation_progress(draft, key=KEY, take=take)
    with place:
        tools(version, draft, languages, is_translated=is_translated)
        say_known_question(version, draft, languages, key=KEY)
        translation_block_panel(draft, languages, key=KEY, take=take_pasted)
    return draft_status(draft, languages, title=_title(draft, languages))


def _shape(draft: Draft) -> Draft:
    """How many options, and which of them is right."""
    number = widget_generation(KEY)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        counts = [0, *range(2, MOST_OPTIONS + 1)]
        n_options = st.selectbox(
            "Options",
            counts,
            index=counts.index(draft.n_options) if draft.n_options in counts else 0,
            format_func=lambda n: f"{n} options" if n else "None: an open question",
            key=f"table-options-{number}",
            width=220,
        )
        gold = draft.gold
        if n_options:
            chosen = st.multiselect(
                "Right option",
                list(range(n_options)),
                default=[index for index in draft.gold if index < n_options],
                format_func=lambda index: option(index).capitalize(),
                key=f"table-gold-{number}-{n_options}",
                placeholder="Not known",
                width=220,
            )
            gold = tuple(chosen)
    return replace(draft, n_options=n_options, gold=gold)


def _title(draft: Draft, languages: Sequence[str]) -> str:
    asked = draft.asked_in(languages)
    if not asked:
        return ""
    first = asked[0]
    subject = draft.text(first, SUBJECT)
    return f"{draft.relation} · {subject}" if draft.relation and subject else draft.text(first, QUESTION)
