"""Start: what the product says, in one headline and one picture, and three ways on."""

from pathlib import Path

import streamlit as st

from dashboard import page_registry, queries
from dashboard.app_pages.start import sentences
from dashboard.app_pages.start.datasets import dataset_groups
from dashboard.app_pages.start.doors import doors, whole_query
from dashboard.charts.pair_heatmap import pair_heatmap
from dashboard.choices import notices
from dashboard.choices.default_selection import default_selection
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from dashboard.elements.chart import draw, theme
from engine.languages import language
from engine.locations import CLIKA_PAPER
from engine.metrics.definition import pair_measures

_CLICKED = "start-cell"
MEASURE = "overlap"


def pick(cell: dict[str, str]) -> None:
    """Remember the cell clicked: its page is opened by the run that follows."""
    if cell["language_a"] != cell["language_b"]:
        st.session_state[_CLICKED] = f"{cell['language_a']}.{cell['language_b']}"


def follow_click(selection: Selection) -> None:
    """Open Language pairs on the cell that was clicked."""
    if clicked := st.session_state.pop(_CLICKED, None):
        page_registry.go("pairs", whole_query(selection) | {"measure": MEASURE, "cell": clicked})


def heatmap(selection: Selection, told: tuple[str, str] | None) -> None:
    """Pairs of languages, as Language pairs shows them; that of the headline is outlined."""
    measure = pair_measures()[MEASURE]
    cells = queries.pair_view(
        selection.version, "pair_cells", taught="all", strings="all", model=selection.model, dataset=selection.dataset
    )
    spec = pair_heatmap(
        cells.assign(value=cells["accuracy"].fillna(cells[MEASURE]), reason="nothing is right in either language"),
        order=selection.languages,
        names={tag: language(tag).name for tag in selection.languages},
        measure=measure,
        chance=float(selection.catalogue["chance_overlap"]),
        theme=theme(),
        selected=told,
    )
    draw(spec, key="start-heatmap", on_click=pick)


selection = default_selection()
if selection is None:
    notices.is_enough(None, languages=2)
    st.stop()
follow_click(selection)
st.html(Path(__file__).with_name("start.css"))
cells = queries.view(
    selection.version,
    "model_cells",
    dataset=selection.dataset,
    models=(selection.model,),
    languages=selection.languages,
)
found = sentences.headline(cells)
left, right = st.columns([9, 11], gap="large")
with left:
    st.title(sentences.WHAT_FOR, anchor=False)
    if found is not None:
        st.html(found.as_html(model=selection.model_title, title=selection.what))
        n_languages = int(cells["accuracy"].notna().sum())
        prose.caption(found.small_print(n_languages=n_languages, chance=selection.chance))
    doors(selection, found.pair if found else None)
with right:
    prose.heading("Of the facts it knows in either of two languages, this many it knows in both")
    prose.caption(
        "Click a cell to read the facts behind it." if selection.has_answers else "Click a cell to see what it counts."
    )
    heatmap(selection, found.pair if found else None)
dataset_groups(selection.version)
with st.container(horizontal=True, gap="medium"):
    st.page_link(CLIKA_PAPER, label="The paper: CLiKA, NAACL 2024")
    page_registry.link("methods", "How each measure is computed", {})
    page_registry.link("docs", "Docs", {})
    page_registry.link("docs", "Licence: Apache 2.0", {"doc": "licence"})
