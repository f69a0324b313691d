"""Typing a list of facts: pasted or from a file, completed row by row, asked in one go, kept as a dataset."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.app_pages.live.typing.csv_format import decoded
from dashboard.app_pages.live.typing.draft import TypedList
from dashboard.app_pages.live.typing.language_controls import choose_languages
from dashboard.app_pages.live.typing.list_completion import CompletedRow, complete_row
from dashboard.app_pages.live.typing.undo import (
    remember_state,
    replace_state,
    typed_state,
    undo_button,
    widget_generation,
)
from dashboard.elements import prose
from dashboard.elements.button_outcome import attempt, say_outcome
from dashboard.elements.figures import counted
from engine.errors import IsoglossError
from engine.languages import by_family
from engine.live.fact.fact_list import MOST_FACTS, read_list
from engine.live.saved.dataset_name import check_name

KEY = "list"
_OUTCOME = "list-said"
_ROW = 35  # pixels
_MOST_ROWS = 10  # of the table, seen at once
EXAMPLE = (
    "question,subject,answer,wrong\n"
    "What is the capital of {subject}?,Georgia,Tbilisi,\n"
    "Which river flows through {subject}?,Egypt,Nile,Amazon; Danube; Ganges\n"
)


@dataclass(frozen=True)
class ListDraft:
    """A list as it was typed, and what its dataset is to be called."""

    text: str = ""
    dataset: str = "my-facts"


def listed_facts(version: str) -> TypedList | None:
    """Draw the list and what becomes of its rows; its facts, once one of them can be asked."""
    draft = typed_state(KEY, ListDraft())
    stored = queries.view(version, "probe_relations")["language"].unique()
    languages = choose_languages(by_family(stored), any_other=True)
    if not languages:
        prose.say("Choose at least one language to ask in.")
        return None
    draft = replace(draft, text=_text(draft))
    remember_state(KEY, draft)
    say_outcome(_OUTCOME)
    if not draft.text.strip():
        prose.sentence(
            f"Paste a list of up to {MOST_FACTS} facts, a fact a row, or open a file. You see row by row what is asked."
        )
        return None
    try:
        rows = _completed(version, draft.text, languages)
    except IsoglossError as error:
        prose.say(f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return None
    _table(rows, languages)
    draft = replace(draft, dataset=_dataset(draft))
    remember_state(KEY, draft)
    facts = tuple(row.typed for row in rows if row.typed is not None)
    return TypedList(facts, draft.dataset.strip()) if facts and _is_name(draft.dataset) else None


def _text(draft: ListDraft) -> str:
    number = widget_generation(KEY)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        text = st.text_area(
            "Facts, one a row", draft.text, key=f"list-text-{number}", height=150, placeholder=EXAMPLE,
            help="Separated by commas, semicolons or tabs: a range copied from a spreadsheet can be pasted.",
        )  # fmt: skip
    with right:
        uploaded = f"list-file-{number}"
        st.file_uploader("or a file", type=["csv", "tsv", "txt"], key=uploaded, on_change=_take, args=(draft, uploaded))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                "Example", EXAMPLE.encode("utf-8-sig"), file_name="isogloss-list.csv", mime="text/csv",
                key="list-example", on_click="ignore",
            )  # fmt: skip
            st.button(
                "Clear",
                key="list-clear",
                disabled=not text,
                on_click=replace_state,
                args=(KEY, replace(draft, text="")),
                kwargs={"before": replace(draft, text=text or ""), "what": "the clearing"},
            )
            undo_button(KEY)
    prose.caption(
        "Columns: question or relation, subject, answer; if wanted wrong (options with semicolons between them), "
        "language, and question_de, subject_de, answer_de, wrong_de for texts in another language."
    )
    return text or ""


def _take(draft: ListDraft, uploaded: str) -> None:
    file = st.session_state.get(uploaded)
    if file is None:
        return

    def take() -> None:
        replace_state(KEY, replace(draft, text=decoded(file.getvalue())), before=draft, what="the file")

    attempt(_OUTCOME, take)


@st.cache_data(max_entries=8, show_spinner="Completing the facts …")
def _completed(version: str, text: str, languages: Sequence[str]) -> list[CompletedRow]:
    """Every row. Raises IsoglossError for a list that cannot be read."""
    return [complete_row(version, listed, languages) for listed in read_list(text)]


def _table(rows: Sequence[CompletedRow], languages: Sequence[str]) -> None:
    good = sum(row.typed is not None for row in rows)
    everywhere = sum(set(languages) <= set(row.languages) for row in rows)
    prose.sentence(
        f"{good} of {counted(len(rows), 'fact')} can be asked, {everywhere} of them in "
        f"{'all ' if len(languages) > 1 else ''}{counted(len(languages), 'language')}."
    )
    frame = pd.DataFrame(
        {
            "Line": [row.listed.line for row in rows],
            "Fact": [row.listed.subject or row.listed.question for row in rows],
            "Answer": [row.listed.answer for row in rows],
            "Recognised as": [row.relation.replace("_", " ") or "–" for row in rows],
            "Languages": [f"{len(row.languages)} of {len(languages)}" for row in rows],
            "To note": [row.note if row.typed is not None else f"✗ {row.note}" for row in rows],
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height=_ROW * (min(len(rows), _MOST_ROWS) + 1) + 3,
        row_height=_ROW,
        column_config={
            "Line": st.column_config.NumberColumn(width=60),
            "To note": st.column_config.TextColumn(width="large"),
        },
        alt="The list, a row per fact: what was recognised, in how many languages it can be asked, what is to note",
    )  # fmt: skip
    if wrong := [row for row in rows if row.typed is None]:
        lines = "; ".join(f"line {row.listed.line}: {row.note}" for row in wrong[:3])
        more = f"; and {len(wrong) - 3} more, see the table" if len(wrong) > 3 else ""
        prose.say(f"Left out: {lines}{more}.")


def _dataset(draft: ListDraft) -> str:
    return st.text_input(
        "Dataset", draft.dataset, key=f"list-dataset-{widget_generation(KEY)}", max_chars=60, width=320,
        help="What is asked becomes a dataset of yours of this name, which every page and every run can use.",
    ) or ""  # fmt: skip


def _is_name(dataset: str) -> bool:
    try:
        check_name(dataset.strip())
    except IsoglossError as error:
        prose.say(f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return False
    return True
