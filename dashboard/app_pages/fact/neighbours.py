"""Going from fact to fact: through the list that the visitor came from, else through the whole dataset."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.choices.fact_filter_controls import current_filter
from dashboard.choices.fact_subset import current_part
from dashboard.choices.selection import Selection
from dashboard.elements.sentences import GROUPS, group_title

_EVERYTHING = 1_000_000


@dataclass(frozen=True)
class Walk:
    """Fact ids in the order of the list, and what the list holds."""

    facts: tuple[str, ...]
    holds: str

    def words(self, fact: str) -> str:
        """Where a fact stands in the list."""
        if not self.facts:
            return f"no fact is left {self.holds}".strip()
        if fact not in self.facts:
            return f"not among the {len(self.facts)} facts {self.holds}".strip()
        return f"{self.facts.index(fact) + 1} of {len(self.facts)} facts {self.holds}".strip()


def facts_walked(selection: Selection) -> Walk:
    """The facts of the pair and group in the URL; without them, those that the filters of the Facts page leave."""
    chosen = {"model": selection.model, "dataset": selection.dataset}
    a, _, b = st.query_params.get("cell", "").partition(".")
    group = st.query_params.get("group", "only_a")
    if {a, b} <= set(selection.every_language) and a != b and group in GROUPS and selection.has_answers:
        part = current_part(selection)
        facts = queries.pair_view(
            selection.version,
            "pair_facts",
            **{**part.parameters, **chosen},
            language_a=a,
            language_b=b,
            facts_group=group,
            limit=_EVERYTHING,
            offset=0,
        )
        title = group_title(group, selection.names[a], selection.names[b])
        return Walk(tuple(facts["fact_id"]), f"{title[0].lower()}{title[1:]}{f', {part.words}' if part.words else ''}")
    filter = current_filter(selection)
    facts = queries.view(
        selection.version,
        "search",
        **chosen,
        languages=selection.languages,
        **filter.parameters(shown=selection.languages[0]),
        limit=_EVERYTHING,
        offset=0,
    )
    return Walk(tuple(facts["fact_id"]), filter.words(selection.names))


def walk_buttons(walk: Walk, fact: str) -> None:
    """Previous and next, also by the arrow keys."""
    at = walk.facts.index(fact) if fact in walk.facts else None
    before = walk.facts[at - 1] if at else None
    after = walk.facts[at + 1] if at is not None and at + 1 < len(walk.facts) else None
    with st.container(horizontal=True, width="content"):
        for label, target, key in (("← Previous", before, "Left"), ("Next →", after, "Right")):
            st.button(label, disabled=target is None, on_click=_go, args=(target,), shortcut=key)


def _go(fact: str) -> None:
    st.session_state["fact"] = fact


def models_by_right(grid: pd.DataFrame, *, first: str) -> list[str]:
    """Models in the order of how many languages they know the fact in, the chosen one on top."""
    right = grid["correct"].eq(True).groupby(grid["model"]).sum()
    return sorted(right.index, key=lambda model: (model != first, -right[model], model))
