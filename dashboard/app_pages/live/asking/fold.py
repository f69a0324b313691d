"""The form, folded to one line while a result is shown, so that the result stands where the form was."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.elements.visible_text import visible

FORM, ASKING = "live-form", "live-asking"  # the containers that live.css hides beside a folded line
_LONGEST = 160  # characters of the line
_OPENED = "live-opened"  # the result beside which the form was opened again


def fold(models: Sequence[str], title: str, *, result: str) -> DeltaGenerator:
    """Draw what was asked of whom in one line, and a button that brings the form back, unless it was pressed.

    `result` tells this result from others: the form is folded anew for the next one. Gives the line's place, for more.
    """
    is_folded = st.session_state.get(_OPENED) != result
    line = st.container(horizontal=True, vertical_alignment="center", gap="small")
    style = "sentence iso-live-folded" if is_folded else "sentence"
    asked = visible(" · ".join([*models, title]), longest=_LONGEST)
    line.html(f'<p class="{style}" dir="auto"><strong>{asked}</strong></p>', width="content")
    if is_folded:
        line.button("Change", on_click=unfold, args=(result,), key="live-change", help="Back to the form")
    return line


def unfold(result: str) -> None:
    """Bring the form back beside this result."""
    st.session_state[_OPENED] = result
