"""Charts on a page: in the theme that the visitor sees, and with what was clicked."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from dashboard.charts.kit.spec import Spec
from dashboard.charts.kit.theme import Theme


def theme() -> Theme:
    """The visitor's theme; light until the browser has said."""
    return "dark" if st.context.theme.type == "dark" else "light"


def draw(
    spec: Spec,
    *,
    key: str,
    on_click: Callable[[dict[str, str]], None] | None = None,
    selection: Literal["cell", "point"] = "cell",
) -> None:
    """Draw a chart. `on_click` is called before the rerun with the fields of the cell or point clicked."""

    def clicked() -> None:
        picked = st.session_state[key]["selection"].get(selection, [])
        if picked and on_click is not None:
            on_click(picked[0])

    if on_click is None:
        st.vega_lite_chart(spec, theme=None, width="stretch", key=key)
    else:
        st.vega_lite_chart(spec, theme=None, width="stretch", key=key, on_select=clicked, selection_mode=selection)
