"""Beside a typed fact: that the store says otherwise, a link to what it says, and a way to take its answer."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import links, notices, queries
from dashboard.live.draft import ANSWER, QUESTION, SEVERAL, SUBJECT, Cell, Draft, option
from dashboard.live.table_tools import KEY
from dashboard.live.undo import kept, replace_all
from engine.browse.contradiction import Contradiction


def say_contradiction(version: str, fact: Mapping[str, Any]) -> None:
    """Say it, where there is one; the fact can be asked as it was typed all the same."""
    found = queries.contradiction(version, fact)
    if found is None:
        return
    notices.say(f"{found.sentence} It is asked as you typed it.")
    with st.container(horizontal=True, vertical_alignment="center"):
        links.link("fact", "What the store says", {"dataset": found.dataset, "fact": found.fact_id})
        answer = " or ".join(found.stored)
        st.button(f"Use {answer:.60}", key="live-use-store", on_click=_use, args=(fact, found), help=_HELP)


_HELP = "The fact goes into the table, with the store's right answer in every language that it tells."


def _use(fact: Mapping[str, Any], found: Contradiction) -> None:
    replace_all(KEY, with_answers(fact, found.right), before=kept(KEY, Draft()), what="the store's answer")
    st.session_state["way"] = st.session_state["kept:way"] = "table"
    st.session_state["url:way"] = st.query_params.get("way")


def with_answers(fact: Mapping[str, Any], right: Mapping[str, tuple[str, ...]]) -> Draft:
    """A typed fact with other right answers, where they are known: the first in place of the first right option.

    Where it stood among the wrong options, they change places.
    """
    cells: dict[Cell, str] = {}
    gold = tuple(fact["gold"])
    for tag, texts in fact["texts"].items():
        cells[tag, QUESTION] = texts["question"]
        if texts.get("subject"):
            cells[tag, SUBJECT] = texts["subject"]
        options = list(texts.get("options") or ())
        if options and gold and tag in right:
            answer, place = right[tag][0], gold[0]
            if answer in options:
                options[options.index(answer)] = options[place]
            options[place] = answer
        cells |= {(tag, option(index)): text for index, text in enumerate(options)}
        if not options:
            cells[tag, ANSWER] = f"{SEVERAL} ".join(right.get(tag) or texts.get("answers") or ())
    n_options = max((len(texts.get("options") or ()) for texts in fact["texts"].values()), default=0)
    return Draft(cells=cells, n_options=n_options, gold=gold[:1] or gold, relation=fact.get("relation"))
