"""One fact in every language: what is asked, what the chosen model said, and which models know it where."""

import streamlit as st

from dashboard import page_registry, queries
from dashboard.app_pages.fact import neighbours, sentences
from dashboard.charts.fact_grid import fact_grid
from dashboard.choices import url_state
from dashboard.choices.selection import Selection
from dashboard.elements import figures, prose
from dashboard.elements.chart import draw, theme
from dashboard.elements.downloads import downloads
from dashboard.elements.fact_card import fact_rows, several
from dashboard.elements.fact_table import LONGEST_ANSWER
from dashboard.elements.sentences import merged_note
from dashboard.release.missing_answers import missing_answers

selection: Selection = st.session_state["selection"]

if not (selection.has_texts or selection.has_answers):
    st.title("One fact in every language")
    missing_answers(selection, leads_to="facts")
    st.stop()

walk = neighbours.facts_walked(selection)
url_state.seed("fact", lambda text: text or None, walk.facts[0] if walk.facts else "", what="fact")
fact = str(st.session_state["fact"])
header = queries.view(selection.version, "fact_header", dataset=selection.dataset, fact=fact)
if header.empty:
    st.title("One fact in every language")
    prose.say(f"{selection.title} hold no fact “{fact}”. Choose one from the list of facts.")
    page_registry.link("facts", "All facts", selection.shared_query)
    st.stop()
url_state.publish("fact", fact, fact)

known = header.iloc[0]
gold = several(known["gold"])
rows = queries.view(selection.version, "fact", dataset=selection.dataset, fact=fact, model=selection.model)
rows = (
    rows[rows["language"].isin(selection.languages)]
    .set_index("language")
    .reindex([tag for tag in selection.languages if tag in set(rows["language"])])
)
grid = queries.view(selection.version, "fact_grid", dataset=selection.dataset, fact=fact)
grid = grid[grid["language"].isin(selection.languages)]

with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
    st.title("One fact in every language")
    neighbours.walk_buttons(walk, fact)
prose.sentence(
    " · ".join(
        part
        for part in (
            selection.title,
            f"fact {fact}",
            known["relation"],
            f"right option {figures.letters(gold)}" if gold else None,
            walk.words(fact),
        )
        if part
    )
)
right = rows[rows["correct"].eq(True)]
if rows["run_id"].notna().any():
    prose.sentence(
        sentences.fact(
            model=selection.model_title,
            right=[selection.names[tag] for tag in right.index],
            n_languages=int(rows["correct"].notna().sum()),
        )
    )
left, beside = st.columns([13, 9], gap="medium")
with left:
    st.html(fact_rows(rows, gold=gold, names=selection.names, model=selection.model_title))
    if len(merged := rows["template"][rows["merged_options"].notna()]):
        prose.caption(merged_note(str(merged.iloc[0])))
    with st.container(horizontal=True, vertical_alignment="center"):
        downloads(f"fact-{selection.dataset}-{fact}", table=lambda: rows.reset_index())
        if selection.has_texts:
            page_registry.probe_this(selection.dataset, fact, model=selection.own_name)
with beside:
    if grid.empty:
        missing_answers(selection, leads_to="facts")
    else:
        models = neighbours.models_by_right(grid, first=selection.model)
        spec = fact_grid(
            grid.assign(said=grid["text"].str.slice(0, LONGEST_ANSWER), reason=grid["error"]),
            models=models,
            order=list(selection.languages),
            names=selection.names,
            theme=theme(),
        )
        draw(spec, key="fact-grid")
        catalogue = queries.view(selection.version, "catalogue")
        of_dataset = catalogue[catalogue["dataset"] == selection.dataset]
        if said := sentences.answered(of_dataset, set(grid["model"])):
            prose.caption(said)
        downloads(f"fact-models-{selection.dataset}-{fact}", table=lambda: grid, chart=spec)
