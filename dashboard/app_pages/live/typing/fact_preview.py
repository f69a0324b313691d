"""The fact that will be asked, in every language, in its own script and direction."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.elements.fact_table import ListedFact, fact_table
from engine.languages import by_family, language


def show_fact(fact: Mapping[str, Any], *, first: str | None = None) -> None:
    """Draw it: one language, and the others to be unfolded."""
    texts = fact["texts"]
    tags = by_family(texts)
    if not tags:
        return
    shown = first if first is not None and first in texts else tags[0]
    rest = [tag for tag in tags if tag != shown]
    st.html(fact_table([_row(fact, shown)]))
    if rest:
        with st.expander(f"The same in {len(rest)} other language{'s' if len(rest) > 1 else ''}"):
            st.html(fact_table([_row(fact, tag) for tag in rest]))


def _row(fact: Mapping[str, Any], tag: str) -> ListedFact:
    texts = fact["texts"][tag]
    known = language(tag)
    answers = list(texts.get("answers", ()))
    return ListedFact(
        language=tag,
        name=known.autonym[:1].title() + known.autonym[1:],
        direction=known.direction,
        question=texts["question"],
        # an accepted answer of an open question is shown as what is right
        options=list(texts["options"]) or answers,
        gold=list(fact["gold"]) if texts["options"] else list(range(len(answers))),
    )
