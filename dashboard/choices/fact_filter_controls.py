"""The controls of the Facts page."""

import streamlit as st

from dashboard import queries
from dashboard.choices import url_state
from dashboard.choices.fact_filter import SORT_TITLES, SORTS, FactsFilter
from dashboard.choices.selection import Selection
from engine.browse.queries import Sort


def current_filter(selection: Selection) -> FactsFilter:
    """The filter that the URL and the session hold, without drawing anything: what the Fact page walks through."""
    n = len(selection.languages)
    return FactsFilter(
        text=url_state.seed("q", lambda text: text, "", what="search"),
        relation=url_state.seed("relation", url_state.one_of(_relations(selection)), None, what="relation"),
        right=tuple(url_state.seed("right", url_state.some_of(selection.languages), [], what="languages")),
        wrong=tuple(url_state.seed("wrong", url_state.some_of(selection.languages), [], what="languages")),
        known=_known(url_state.seed("known", _parse_known, None, what="number of languages"), n),
        sort=url_state.seed("sort", url_state.one_of(SORTS), "disagreement", what="order"),
    )


def choose_filter(selection: Selection) -> FactsFilter:
    """Draw the controls; what is chosen goes into the URL."""
    before = current_filter(selection)
    languages = list(selection.languages)
    for key, tags in (("right", before.right), ("wrong", before.wrong)):
        st.session_state[key] = [tag for tag in tags if tag in languages]
    st.session_state["known"] = before.known or (0, len(languages))
    relations = _relations(selection)
    if st.session_state["relation"] not in relations:
        st.session_state["relation"] = None

    widths = [3, 2, 2, 2, 2] if relations else [3, 2, 2, 2]
    columns = iter(st.columns(widths, vertical_alignment="bottom"))
    with next(columns):
        text = st.text_input(
            "Search in any language", key="q", placeholder="Cairo, القاهرة, 开罗 …", on_change=_first_page
        )
    relation = None
    if relations:
        with next(columns):
            relation = st.selectbox("Relation", relations, key="relation", placeholder="Any", on_change=_first_page)
    with next(columns):
        right = st.multiselect(
            "Right in", languages, key="right", format_func=selection.names.__getitem__, on_change=_first_page
        )
    with next(columns):
        wrong = st.multiselect(
            "Wrong in", languages, key="wrong", format_func=selection.names.__getitem__, on_change=_first_page
        )
    with next(columns):
        sort: Sort = st.selectbox(
            "Sort by", SORTS, key="sort", format_func=SORT_TITLES.__getitem__, on_change=_first_page
        )
    known: tuple[int, int] = st.slider(
        "Known in how many languages", 0, len(languages), (0, len(languages)), key="known", on_change=_first_page
    )
    chosen = FactsFilter(
        text=text.strip(),
        relation=relation,
        right=tuple(right),
        wrong=tuple(wrong),
        known=_known(known, len(languages)),
        sort=sort,
    )
    written = chosen.query()
    for key in ("q", "relation", "right", "wrong", "known", "sort"):
        url_state.publish(key, st.session_state[key], written.get(key, ""))
    return chosen


def clear_filter() -> None:
    """Take every filter away; the order stays."""
    for key, nothing in (("q", ""), ("relation", None), ("right", []), ("wrong", []), ("known", None)):
        url_state.forget(key, nothing)
    _first_page()


def _relations(selection: Selection) -> list[str]:
    return list(queries.view(selection.version, "relations", dataset=selection.dataset)["relation"])


def _parse_known(text: str) -> tuple[int, int] | None:
    low, _, high = text.partition("-")
    return (int(low), int(high)) if low.isdecimal() and high.isdecimal() and int(low) <= int(high) else None


def _known(bounds: tuple[int, int] | None, n: int) -> tuple[int, int] | None:
    """None where every number of languages is taken, so that facts without answers are listed too."""
    if bounds is None:
        return None
    low, high = min(bounds[0], n), min(bounds[1], n)
    return None if (low, high) == (0, n) else (low, high)


def _first_page() -> None:
    st.session_state["found_page"] = 1
