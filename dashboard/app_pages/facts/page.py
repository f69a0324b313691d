"""Facts: search in any language, filter by what a model knows where, sort by disagreement."""

import streamlit as st

from dashboard import page_registry, queries
from dashboard.app_pages.facts import sentences
from dashboard.choices import notices, url_state
from dashboard.choices.fact_filter_controls import choose_filter, clear_filter
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from dashboard.elements.downloads import downloads
from dashboard.elements.fact_card import found_card
from dashboard.release.missing_answers import missing_answers

PAGE_SIZE = 10
EVERYTHING = 1_000_000

selection: Selection = st.session_state["selection"]

st.title("Which facts does the model know, and where?")
if not selection.has_texts:
    missing_answers(selection)
    st.stop()
if not selection.has_answers:
    prose.say(
        f"{selection.model_title} has no single answers here, so facts can be searched but not sorted by what it knows."
    )

if selection.has_answers:
    notices.nothing_to_compare(selection, languages=1)

chosen = choose_filter(selection)
shown = "en" if "en" in selection.languages else selection.languages[0]
parameters = {
    "dataset": selection.dataset,
    "model": selection.model,
    "languages": selection.languages,
    **chosen.parameters(shown=shown),
}
page = url_state.seed("found_page", url_state.number(1, EVERYTHING), 1, what="page")
facts = queries.view(selection.version, "search", **parameters, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
if facts.empty and page > 1:
    st.session_state["found_page"] = page = 1
    facts = queries.view(selection.version, "search", **parameters, limit=PAGE_SIZE, offset=0)
url_state.publish("found_page", page, "" if page == 1 else str(page))
if facts.empty:
    prose.say("No fact matches. Take a filter away, or search for fewer words.")
    st.button("Clear the filters", on_click=clear_filter)
    st.stop()

total = int(facts["n_facts"].iloc[0])
prose.sentence(
    sentences.found(
        facts.iloc[0],
        model=selection.model_title,
        words=chosen.words(selection.names),
        has_answers=selection.has_answers,
    )
)
query = selection.shared_query | chosen.query()
for _, fact in facts.iterrows():
    card, opened, probed = st.columns([20, 2, 3], gap="xsmall", vertical_alignment="center")
    with card:
        st.html(found_card(fact, names=selection.names))
    with opened:
        page_registry.link("fact", "Open", query | {"fact": str(fact["fact_id"])})
    with probed:
        page_registry.probe_this(selection.dataset, str(fact["fact_id"]), model=selection.own_name)
with st.container(horizontal=True, vertical_alignment="center"):
    pages = -(-total // PAGE_SIZE)
    if pages > 1:
        st.pagination(pages, key="found_page", max_visible_pages=7)
    downloads(
        f"facts-{selection.dataset}-{selection.model}",
        table=lambda: queries.view(selection.version, "search", **parameters, limit=EVERYTHING, offset=0),
    )
