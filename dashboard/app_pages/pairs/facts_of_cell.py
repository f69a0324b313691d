"""The facts behind a cell of the pair heatmap, in five groups, a page at a time."""

import streamlit as st

from dashboard import page_registry, queries
from dashboard.app_pages.pairs import sentences
from dashboard.app_pages.pairs.four_parts import four_parts_square
from dashboard.choices import url_state
from dashboard.choices.controls import segmented
from dashboard.choices.fact_subset import FactsPart
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from dashboard.elements.downloads import downloads
from dashboard.elements.fact_card import pair_card
from dashboard.elements.sentences import GROUPS, group_title
from dashboard.release.missing_answers import missing_answers
from engine.browse.queries import FactsGroup, Row

PAGE_SIZE = 6
_EVERYTHING = 1_000_000


def pair_panel(selection: Selection, cell: Row, part: FactsPart) -> None:
    """The panel beside the heatmap: counts of the five groups, and the facts of the chosen one."""
    a, b = str(cell["language_a"]), str(cell["language_b"])
    name_a, name_b = selection.names[a], selection.names[b]
    what = part.of(selection.what)
    if not cell["n"]:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            prose.heading(f"{name_a} and {name_b}")
            _close_button()
        prose.say(sentences.pair(cell, model=selection.model_title, title=what, names=selection.names))
        return
    if not selection.has_answers:
        _counts_alone(selection, cell, what)
        return
    counts = {group: int(cell[f"n_{group}"]) for group in GROUPS}
    titles: dict[FactsGroup, str] = {
        # the number first: behind a name that runs right to left it would seem to belong to what comes next
        "both": f"{counts['both']} both",
        "only_a": f"{counts['only_a']} only {name_a}",
        "only_b": f"{counts['only_b']} only {name_b}",
        "wrong_alike": f"{counts['wrong_alike']} wrong alike",
        "wrong_differently": f"{counts['wrong_differently']} wrong differently",
    }
    group = segmented("group", "Facts", titles, default="only_a", on_change=_first_page)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        prose.heading(group_title(group, name_a, name_b))
        _close_button()
    prose.sentence(sentences.pair(cell, model=selection.model_title, title=what, names=selection.names))
    total = counts[group]
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(url_state.seed("facts_page", url_state.number(1, pages), 1, what="page"), pages)
    st.session_state["facts_page"] = page  # another model or pair may have fewer pages than the one before
    url_state.publish("facts_page", page, "" if page == 1 else str(page))
    chosen = {
        **part.parameters,
        "model": selection.model,
        "dataset": selection.dataset,
        "language_a": a,
        "language_b": b,
        "facts_group": group,
    }
    facts = queries.pair_view(selection.version, "pair_facts", **chosen, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    if facts.empty:
        prose.say("No fact is in this group.")
        return
    query = selection.shared_query | part.query | {"cell": f"{a}.{b}", "group": group}
    for _, fact in facts.iterrows():
        card, opened = st.columns([9, 2], gap="xsmall", vertical_alignment="center")
        with card:
            st.html(pair_card(fact, a=a, b=b, names=selection.names))
        with opened:
            page_registry.link("fact", "Open", query | {"fact": str(fact["fact_id"])})
            page_registry.probe_this(selection.dataset, str(fact["fact_id"]), model=selection.own_name)
    with st.container(horizontal=True, vertical_alignment="center"):
        if pages > 1:
            st.pagination(pages, key="facts_page", max_visible_pages=5)
        st.caption(f"{total} facts")
        downloads(
            f"facts-{selection.dataset}-{selection.model}-{a}-{b}-{group}",
            table=lambda: queries.pair_view(selection.version, "pair_facts", **chosen, limit=_EVERYTHING, offset=0),
        )


def _counts_alone(selection: Selection, cell: Row, what: str) -> None:
    """What is known of a pair by its counts: the four parts, and where facts can be read."""
    a, b = str(cell["language_a"]), str(cell["language_b"])
    name_a, name_b = selection.names[a], selection.names[b]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        prose.heading(f"{name_a} and {name_b}")
        _close_button()
    prose.sentence(sentences.pair(cell, model=selection.model_title, title=what, names=selection.names))
    parts = queries.metric(
        selection.version, "four_parts", dataset=selection.dataset, model=selection.model, languages=(a, b), pivot=a
    )
    st.html(four_parts_square(parts[parts["language_a"] == a], a=name_a, b=name_b))
    prose.caption(selection.provenance)
    missing_answers(selection, cell=(a, b))


def _close_button() -> None:
    st.button("Close", on_click=_close, type="tertiary", help="Back to the whole heatmap")


def _close() -> None:
    st.session_state["cell"] = None


def _first_page() -> None:
    st.session_state["facts_page"] = 1
