"""Beside a typed fact: that the store says otherwise, a link to what it says, and a way to take its answer."""

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard import page_registry, queries
from dashboard.app_pages.live.typing.draft import ANSWER, QUESTION, SEVERAL, SUBJECT, Cell, Draft, option
from dashboard.app_pages.live.typing.table_actions import KEY
from dashboard.app_pages.live.typing.undo import replace_state, typed_state
from dashboard.choices import url_state
from dashboard.elements import prose
from engine.browse.contradiction import Contradiction, listed
from engine.live.protocol.fact_text import FactText


def say_contradiction(version: str, fact: FactText, *, take: Callable[[FactText, Contradiction], None]) -> None:
    """Draw what the store says otherwise, if anything; the fact can be asked as it was typed all the same.

    `take` puts the store's answer in the place of the one that was typed.
    """
    found = queries.contradiction(version, fact.model_dump())
    if found is None:
        return
    prose.say(f"{found.sentence} It is asked as you typed it.")
    with st.container(horizontal=True, vertical_alignment="center"):
        page_registry.link("fact", "What the store says", {"dataset": found.dataset, "fact": found.fact_id})
        answer = " or ".join(found.stored)
        st.button(f"Use {answer:.60}", key="live-use-store", on_click=take, args=(fact, found))


def take_into_table(fact: FactText, found: Contradiction) -> None:
    """Put the fact into the table, with the store's right answer in every language that it tells."""
    replace_state(KEY, with_answers(fact, found.right), before=typed_state(KEY, Draft()), what="the store's answer")
    url_state.put("entry", "table")


def with_answers(fact: FactText, right: Mapping[str, tuple[str, ...]]) -> Draft:
    """A typed fact with the store's right answers: marked where they are among the options, else put in place of the
    first right one. A language of which the store says nothing then lacks it, rather than keep another answer.
    """
    cells: dict[Cell, str] = {}
    gold = tuple(fact.gold)
    options = {tag: list(texts.options) for tag, texts in fact.texts.items()}
    there = listed(options, right)
    for tag, texts in fact.texts.items():
        cells[tag, QUESTION] = texts.question
        if texts.subject:
            cells[tag, SUBJECT] = texts.subject
        if options[tag] and gold and not there:
            options[tag][gold[0]] = next(iter(right.get(tag, ())), "")
        cells |= {(tag, option(index)): text for index, text in enumerate(options[tag])}
        if not options[tag]:
            cells[tag, ANSWER] = f"{SEVERAL} ".join(right.get(tag, ()))
    n_options = max(map(len, options.values()), default=0)
    return Draft(cells=cells, n_options=n_options, gold=there or gold[:1], relation=fact.relation)
