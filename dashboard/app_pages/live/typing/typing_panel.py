"""Typing a fact, in one of four modes; the fact, once it can be asked."""

from typing import Literal

import streamlit as st

from dashboard.app_pages.live.typing.by_list import listed_facts
from dashboard.app_pages.live.typing.by_relation import relation_fact
from dashboard.app_pages.live.typing.by_table import free_fact
from dashboard.app_pages.live.typing.by_template import template_fact
from dashboard.app_pages.live.typing.contradiction import say_contradiction, take_into_table
from dashboard.app_pages.live.typing.draft import Draft, TypedFact, TypedList
from dashboard.app_pages.live.typing.language_controls import add_languages
from dashboard.app_pages.live.typing.stored_fact import stored_fact
from dashboard.app_pages.live.typing.subject_controls import choose
from dashboard.app_pages.live.typing.table_actions import KEY
from dashboard.app_pages.live.typing.undo import replace_state, typed_state
from dashboard.choices import url_state
from dashboard.choices.controls import segmented
from dashboard.elements import prose

__all__ = ["TypedFact", "TypedList", "typed_fact"]

TypingMode = Literal["relation", "template", "table", "translate", "list"]
MODES: dict[TypingMode, str] = {
    "relation": "By relation",
    "template": "By template",
    "table": "In a table",
    "translate": "By translation",
    "list": "A list of facts",
}


def typed_fact(version: str) -> TypedFact | TypedList | None:
    """Draw the modes of typing; the fact or the list that was typed, None as long as it cannot be asked."""
    _follow_link(version)
    with st.container(horizontal=True, gap="large"):
        mode = segmented("entry", "Way in", MODES, default="relation")
        beside = st.container(width="content")
    if mode == "list":
        return listed_facts(version)
    if mode == "relation":
        typed = relation_fact(version, beside=beside)
    elif mode == "template":
        typed = template_fact(version)
    else:
        typed = free_fact(version, is_translated=mode == "translate")
    if typed is not None and typed.embedded is None and mode != "template":  # a template says it beside its form
        say_contradiction(version, typed.fact, take=take_into_table)
    return typed


def _follow_link(version: str) -> None:
    """What a link "probe this" names comes into the controls, and leaves the URL."""
    fact_id = st.query_params.get("fact")
    if not fact_id:
        return
    selection = st.session_state.get("selection")
    dataset = selection.dataset if selection is not None else st.query_params.get("dataset", "")
    where = selection.version if selection is not None else version  # saved probes have a store of their own
    del st.query_params["fact"]
    fact = stored_fact(where, dataset, fact_id)
    if fact is None:
        prose.say(f"The store holds no texts of a fact “{fact_id}” of {dataset}.")
    elif fact.is_about_something and where == version:
        choose(fact)
        _go("relation")
    else:
        replace_state(KEY, fact.draft(), before=typed_state(KEY, Draft()), what=f"the link to fact {fact_id}")
        add_languages([tag for tag in fact.texts])
        _go("table")


def _go(mode: TypingMode) -> None:
    url_state.put("entry", mode)
