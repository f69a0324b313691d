"""What can be done with the table of a typed fact at a click."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from dashboard.app_pages.live.typing.csv_menu import csv_menu
from dashboard.app_pages.live.typing.distractor_sources import find_distractors
from dashboard.app_pages.live.typing.distractors import Distractors
from dashboard.app_pages.live.typing.draft import QUESTION, SUBJECT, Draft, option
from dashboard.app_pages.live.typing.translation_panel import confirm_button, translate_panel
from dashboard.app_pages.live.typing.undo import replace_state, undo_button
from dashboard.elements import prose

KEY = "table"
_NOT_PROPOSED = "table-not-proposed"


def tools(version: str, draft: Draft, languages: Sequence[str], *, is_translated: bool) -> None:
    """Draw the buttons. `is_translated`: the translation has a place of its own."""

    def confirm() -> None:
        replace_state(KEY, replace(draft, machine=frozenset()), before=draft, what="the confirmation")

    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Propose wrong answers",
            disabled=not (draft.n_options and len(draft.gold) == 1),
            on_click=_propose,
            args=(version, draft, languages),
            help="Right answers of other facts of the same relation, into the empty options.",
        )
        csv_menu(draft, languages, key=KEY)
        if not is_translated:
            with st.popover("Translate"):
                translate_panel(draft, languages, key=KEY)
        confirm_button(draft, key=KEY, confirm=confirm)
        st.button(
            "Clear",
            disabled=draft.is_empty,
            on_click=replace_state,
            args=(KEY, Draft()),
            kwargs={"before": draft, "what": "the clearing"},
        )
        undo_button(KEY)
    if sentence := st.session_state.pop(_NOT_PROPOSED, None):
        prose.say(sentence)


def _propose(version: str, draft: Draft, languages: Sequence[str]) -> None:
    gold = draft.gold[0]
    anchor = next((tag for tag in languages if draft.text(tag, option(gold))), None)
    if anchor is None:
        st.session_state[_NOT_PROPOSED] = f"Type the right answer first, as {option(gold)} of any language."
        return
    answer, subject = draft.text(anchor, option(gold)), draft.text(anchor, SUBJECT)
    distractors = find_distractors(
        version,
        about=f"{subject} {draft.text(anchor, QUESTION)}",
        subject=subject,
        answer=answer,
        language=anchor,
        languages=languages,
    )
    if distractors is None:
        st.session_state[_NOT_PROPOSED] = (
            f"Nothing can be proposed: no relation of the store has “{answer}” as a right answer. Type wrong options "
            "yourself, or ask an open question."
        )
        return
    replace_state(KEY, with_distractors(draft, languages, distractors), before=draft, what="the proposal")
    if not distractors.is_checked:
        st.session_state[_NOT_PROPOSED] = (
            "The store has no such fact about this subject: look whether one of the answers proposed is true as well."
        )


def with_distractors(draft: Draft, languages: Sequence[str], distractors: Distractors) -> Draft:
    """The distractors in the cells that are empty; the right option stays in its column."""
    gold = draft.gold[0]
    wrong = [names for place, names in enumerate(distractors.options) if place != distractors.gold]
    free = [
        column
        for column in (option(index) for index in range(draft.n_options) if index != gold)
        if not any(draft.text(tag, column) for tag in languages)
    ]
    columns = {option(gold): distractors.options[distractors.gold], **dict(zip(free, wrong, strict=False))}
    return draft.with_cells(
        {
            (tag, column): names[tag]
            for column, names in columns.items()
            for tag in languages
            if tag in names and not draft.text(tag, column)
        }
    )
