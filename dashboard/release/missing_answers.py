"""What a page shows where a model's single answers are not here: the nearest view that has some, and the release."""

import streamlit as st

from dashboard import page_registry
from dashboard.choices import url_state
from dashboard.choices.default_selection import nearest_answered
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from dashboard.release.import_panel import import_panel
from dashboard.release.started_import import imports


def missing_answers(selection: Selection, *, leads_to: str = "", cell: tuple[str, str] | None = None) -> None:
    """Draw it. `leads_to`: the page of the nearest view, "" for this one; `cell`: the pair that is open here."""
    prose.say(
        f"Of {selection.model_title} on {selection.what} only counts are published: which facts these are is not here."
    )
    if nearest := nearest_answered(selection):
        what = "the same facts" if nearest.dataset == selection.dataset else nearest.what
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            prose.sentence(f"Every answer of {nearest.model_title} to {what} is here.")
            if leads_to:
                page_registry.link(leads_to, "Show its facts →", nearest.shared_query)
            else:
                st.button("Show its facts", on_click=_show, args=(nearest, cell), key="show-nearest")
    with st.expander("Bring the single answers", icon=":material/download:", expanded=imports().last is not None):
        import_panel()


def _show(nearest: Selection, cell: tuple[str, str] | None) -> None:
    """Choose it, on the page that is open: a link to the same page would leave its address as it was."""
    url_state.put("dataset", nearest.dataset)
    url_state.put("model", nearest.model)
    url_state.put("languages", list(nearest.every_language))
    if cell and set(cell) <= set(nearest.every_language):
        url_state.put("cell", cell)
