"""Language pairs: what a model knows in both languages, and the facts behind every cell."""

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.app_pages.pairs import key_figures, sentences
from dashboard.app_pages.pairs.asking_panel import asking_panel
from dashboard.app_pages.pairs.consistency_panel import consistency_panel
from dashboard.app_pages.pairs.facts_of_cell import pair_panel
from dashboard.charts.pair_heatmap import TITLES, Measure, pair_heatmap
from dashboard.choices import notices, url_state
from dashboard.choices.controls import segmented
from dashboard.choices.fact_subset import choose_part
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from dashboard.elements.chart import draw, theme
from dashboard.elements.downloads import downloads

MEANINGS: dict[Measure, str] = {
    "overlap": "Overlap: of the facts right in either language, the share right in both.",
    "above_chance": "Above chance: overlap beyond what a model would reach that knows nothing across languages "
    "(a null that keeps each language's accuracy per gold option; Isogloss's own, not from a paper).",
    "transfer": "Transfer: of the facts right in the row's language, the share right in the column's.",
}

selection: Selection = st.session_state["selection"]
names = selection.names


def parse_cell(text: str) -> tuple[str, str] | None:
    """`fr.he` as two different languages of the selection."""
    a, _, b = text.partition(".")
    return (a, b) if a != b and {a, b} <= set(selection.languages) else None


def pick(cell: dict[str, str]) -> None:
    """Show the facts of the cell clicked, from their first page."""
    if cell["language_a"] != cell["language_b"]:
        st.session_state["cell"] = (cell["language_a"], cell["language_b"])
        st.session_state["facts_page"] = 1


st.title("Which languages share what a model knows?")
if notices.nothing_to_compare(selection, languages=2):
    st.stop()
with st.container(horizontal=True, vertical_alignment="bottom"):
    measure = segmented("measure", "Measure", TITLES, default="overlap")
    part = choose_part(selection)
    menu = st.container(width="content")

chosen = {"model": selection.model, "dataset": selection.dataset, **part.parameters}
cells = queries.pair_view(selection.version, "pair_cells", **chosen)
cells = cells[cells["language_a"].isin(selection.languages) & cells["language_b"].isin(selection.languages)]
summary = queries.pair_view(
    selection.version, "pair_summary", **chosen, languages=selection.languages, measure=measure
).iloc[0]
cell = url_state.seed("cell", parse_cell, None, what="language pair")
if cell and not set(cell) <= set(cells["language_a"]):
    st.session_state["cell"] = cell = None
url_state.publish("cell", cell, ".".join(cell) if cell else "")

key_figures.pair_figures(summary, measure=measure, selection=selection, part=part)
if not part.is_all:
    prose.sentence(f"Counted are only facts {part.words}.")
left, right = st.columns([11, 9], gap="medium")
with left:
    shown = cells.assign(value=cells["accuracy"].fillna(cells[measure]), reason="nothing is right in either language")
    if measure == "above_chance":
        unknown = cells["overlap"].notna()
        shown["reason"] = shown["reason"].mask(unknown, "the right options of some facts are not known")
    unmeasured = "no fact was measured in both languages" if part.is_all else "there is no such fact"
    shown["reason"] = shown["reason"].where(cells["n"] > 0, unmeasured)
    alone = (cells["n"] == 0) & (cells["language_a"] == cells["language_b"]) & part.is_all
    shown["reason"] = shown["reason"].mask(alone, "none of its answers has a result")
    if measure != "above_chance":
        for bound in ("low", "high"):
            shown[f"ci_{bound}"] = cells[f"{measure}_{bound}"]
    spec = pair_heatmap(
        shown,
        order=selection.languages,
        names=names,
        measure=measure,
        chance=selection.chance_overlap if measure == "overlap" else selection.chance,
        theme=theme(),
        selected=cell,
    )
    draw(spec, key="pair-heatmap", on_click=pick)
    with menu:
        downloads(f"pairs-{selection.dataset}-{selection.model}", table=lambda: cells, chart=spec)
    prose.caption(
        f"{MEANINGS[measure]} Grey diagonal: accuracy in that language. The colours mean the same for every model. "
        f"{selection.provenance}"
    )
    if not part.is_all:
        prose.sentence("From here on, all facts are counted.")
    consistency_panel(selection)
with right:
    if cell is None:
        widest = summary["widest_pair"]
        st.subheader("Pick a cell")
        prose.say(
            "Click a cell to read the facts that the model knows in the row's language and not in the column's."
            if summary["n_most"] > 0
            else f"No fact of {part.of(selection.what)} was measured in two of these languages: no cell has facts."
        )
        if not pd.api.types.is_scalar(widest):
            row = cells[(cells["language_a"] == widest[0]) & (cells["language_b"] == widest[1])].iloc[0]
            prose.say(sentences.pair(row, model=selection.own_name, title=part.of(selection.what), names=names))
            st.button("Show these facts", on_click=pick, args=({"language_a": widest[0], "language_b": widest[1]},))
    else:
        row = cells[(cells["language_a"] == cell[0]) & (cells["language_b"] == cell[1])].iloc[0]
        pair_panel(selection, row, part)
asking_panel(selection)
