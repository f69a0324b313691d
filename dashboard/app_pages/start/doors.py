"""The three ways on from the Start page: where it breaks, one fact, a fact of one's own."""

import pandas as pd
import streamlit as st

from dashboard import page_registry, queries
from dashboard.app_pages.start.sentences import telling_fact
from dashboard.choices.default_selection import nearest_answered
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from engine.browse.queries import Row

_RELATIONS = ("capital", None)  # what everybody has heard of comes first


def whole_query(selection: Selection) -> dict[str, str]:
    """The part of a link that says dataset, model and all languages, whatever was chosen before."""
    return selection.shared_query | {"languages": ",".join(selection.every_language)}


def doors(selection: Selection, pair: tuple[str, str] | None) -> None:
    """Draw them, one below the other. `pair`: the languages that the first one opens."""
    with st.container(key="start-doors", gap="xsmall"):
        cell = {"cell": ".".join(pair), "group": "only_a"} if pair else {}
        seen = "read the facts" if selection.has_answers else "see how many facts"
        words = f"Pick two languages and {seen} it knows in one and not in the other."
        _door("pairs", "See where it breaks", words, whole_query(selection) | cell)
        _fact_door(selection)
        words = "Type a fact once: a model on this machine is asked it in ten languages."
        _door("live", "Ask your own", words, {})


def _fact_door(selection: Selection) -> None:
    """A fact that is right in one language and wrong in most, of the nearest model whose answers are here."""
    chosen = selection if selection.has_answers else nearest_answered(selection)
    found = None if chosen is None else _telling(chosen)
    if chosen is None or found is None:
        _door("facts", "Read a fact", "Search the facts in any language.", whole_query(selection))
        return
    right, measured = int(found["n_right"]), int(found["n"])
    words = telling_fact(str(found["question"]), model=chosen.model_title, right=right, measured=measured)
    _door("fact", "Read a fact", words, whole_query(chosen) | {"fact": str(found["fact_id"])})


def _telling(selection: Selection) -> "Row | None":
    """A fact known in English (or the first language) and in few others; the surer of such, in how many it is right."""
    shown = "en" if "en" in selection.languages else selection.languages[0]
    most = max(1, (len(selection.languages) - 1) // 3)
    for relation in _RELATIONS:
        found: pd.DataFrame = queries.view(
            selection.version,
            "search",
            dataset=selection.dataset,
            model=selection.model,
            languages=selection.languages,
            text="",
            relation=relation,
            right_in=[shown],
            wrong_in=[],
            known_from=1,
            known_to=most,
            sort="most",
            shown=shown,
            limit=1,
            offset=0,
        )
        if not found.empty:
            return found.iloc[0]
    return None


def _door(page: str, title: str, words: str, query: dict[str, str]) -> None:
    with st.container(key=f"start-door-{page}", gap=None, border=True):
        page_registry.link(page, f"**{title}**", query)
        prose.caption(words)
