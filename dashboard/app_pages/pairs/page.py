"""Language pairs: what a model knows in both languages, and the facts behind every cell."""

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.app_pages.pairs import key_figures, sentences
from dashboard.app_pages.pairs.asking_panel import asking_panel
from dashboard.app_pages.pairs.consistency_panel import consistency_panel
from dashboard.app_pages.pairs.facts_of_cell import pair_panel
from dashboard.charts.pair_heatmap import pair_heatmap
from dashboard.choices import notices, url_state
from dashboard.choices.controls import segmented
from dashboard.choices.fact_subset import choose_part
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from dashboard.elements.chart import draw, theme
from dashboard.elements.downloads import downloads
from engine.metrics.definition import pair_measures

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
    titles = {name: metric.title for name, metric in pair_measures().items()}
    measure = pair_measures()[segmented("measure", "Measure", titles, default="overlap")]
    part = choose_part(selection)
    menu = st.container(width="content")

chosen = {"model": selection.model, "dataset": selection.dataset, **part.parameters}
cells = queries.pair_view(selection.version, "pair_cells", **chosen)
cells = cells[cells["language_a"].isin(selection.languages) & cells["language_b"].isin(selection.languages)]
summary = queries.pair_view(
    selection.version, "pair_summary", **chosen, languages=selection.languages, measure=measure.name
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
    shown = cells.assign(
        value=cells["accuracy"].fillna(cells[measure.name]), reason="nothing is right in either language"
    )
    if measure.missing:
        shown["reason"] = shown["reason"].mask(
            cells[["n_both", "n_only_a", "n_only_b"]].sum(axis=1) > 0, measure.missing
        )
    unmeasured = "no fact was measured in both languages" if part.is_all else "there is no such fact"
    shown["reason"] = shown["reason"].where(cells["n"] > 0, unmeasured)
    alone = (cells["n"] == 0) & (cells["language_a"] == cells["language_b"]) & part.is_all
    shown["reason"] = shown["reason"].mask(alone, "none of its answers has a result")
    if measure.has_interval:
        for bound in ("low", "high"):
            shown[f"ci_{bound}"] = cells[f"{measure.name}_{bound}"]
    spec = pair_heatmap(
        shown,
        order=selection.languages,
        names=names,
        measure=measure,
        chance=0.0 if measure.start == "zero" else float(selection.catalogue[measure.start]),
        theme=theme(),
        selected=cell,
    )
    draw(spec, key="pair-heatmap", on_click=pick)
    with menu:
        downloads(f"pairs-{selection.dataset}-{selection.model}", table=lambda: cells, chart=spec)
    prose.caption(
        f"{measure.title}: {measure.in_short} Grey diagonal: accuracy in that language. The colours mean the same for "
        f"every model. {selection.provenance}"
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
            prose.say(sentences.pair(row, model=selection.model_title, title=part.of(selection.what), names=names))
            st.button("Show these facts", on_click=pick, args=({"language_a": widest[0], "language_b": widest[1]},))
    else:
        row = cells[(cells["language_a"] == cell[0]) & (cells["language_b"] == cell[1])].iloc[0]
        pair_panel(selection, row, part)
asking_panel(selection)
