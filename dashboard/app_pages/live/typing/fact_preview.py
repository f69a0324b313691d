"""The fact that will be asked, in every language, in its own script and direction."""

import streamlit as st

from dashboard.elements.fact_table import FactTableRow, fact_table
from dashboard.elements.language_names import autonym
from engine.languages import by_family, language
from engine.live.protocol.fact_text import FactText


def show_fact(fact: FactText, *, first: str | None = None) -> None:
    """Draw the fact in one language, and the others to be unfolded."""
    texts = fact.texts
    tags = by_family(texts)
    if not tags:
        return
    shown = first if first is not None and first in texts else tags[0]
    rest = [tag for tag in tags if tag != shown]
    st.html(fact_table([_row(fact, shown)]))
    if rest:
        with st.expander(f"The same in {len(rest)} other language{'s' if len(rest) > 1 else ''}"):
            st.html(fact_table([_row(fact, tag) for tag in rest]))


def _row(fact: FactText, tag: str) -> FactTableRow:
    texts = fact.texts[tag]
    return FactTableRow(
        language=tag,
        name=autonym(tag),
        direction=language(tag).direction,
        question=texts.question,
        # an accepted answer of an open question is shown as what is right
        options=list(texts.options) or list(texts.answers),
        gold=list(fact.gold) if texts.options else list(range(len(texts.answers))),
    )
