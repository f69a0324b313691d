"""Bringing a fact as CSV, pasted or from a file, and taking it away as one."""

from collections.abc import Sequence

import streamlit as st

from dashboard.app_pages.live.typing.csv_format import decoded, read_csv, written_csv
from dashboard.app_pages.live.typing.draft import Draft
from dashboard.app_pages.live.typing.language_controls import add_languages
from dashboard.app_pages.live.typing.undo import replace_state, widget_generation
from dashboard.elements import prose
from engine.errors import IsoglossError

_PROBLEMS = "csv-said"


def csv_menu(draft: Draft, languages: Sequence[str], *, key: str) -> None:
    """Draw a menu: paste, upload, download. What is brought takes the place of the table, and can be undone."""
    number = widget_generation(key)
    pasted, uploaded = f"csv-paste-{key}-{number}", f"csv-file-{key}-{number}"
    with st.popover("CSV", key=f"csv-{key}-{number}"):  # closed again when the table was replaced
        st.text_area(
            "Paste a table", key=pasted, height=110, placeholder="language,question,option_1,option_2,gold\nen,…"
        )
        st.file_uploader("or a file", type=["csv", "tsv", "txt"], key=uploaded)
        st.button("Take it into the table", key=f"csv-take-{key}", on_click=_take, args=(key, draft, pasted, uploaded))
        st.download_button(
            "Download the table",
            lambda: written_csv(draft, languages),
            file_name="isogloss-fact.csv",
            mime="text/csv",
            key=f"csv-download-{key}",
            on_click="ignore",
        )
        prose.caption("A row per language; gold is the number of the right option, from 1.")


def say_what_came() -> None:
    """Say, once, what was wrong with what was brought."""
    for text in st.session_state.pop(_PROBLEMS, ()):
        prose.say(text)


def _take(key: str, before: Draft, pasted: str, uploaded: str) -> None:
    file = st.session_state.get(uploaded)
    try:
        text = st.session_state.get(pasted, "") if file is None else decoded(file.getvalue())
        brought = read_csv(text)
    except IsoglossError as error:
        st.session_state[_PROBLEMS] = [f"The table was not taken: {error}."]
        return
    st.session_state[_PROBLEMS] = list(brought.left_out)
    replace_state(key, brought.draft, before=before, what="the table that was brought")
    add_languages(brought.languages)
