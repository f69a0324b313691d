"""Saved probes: reading them, and showing one again without the service."""

from collections.abc import Sequence

import streamlit as st

from dashboard import queries
from dashboard.app_pages.live.answers.answer_sheet import AnswerSheet, AnswersInOneWay, by_model
from engine.errors import IsoglossError
from engine.live.protocol.messages import SavedProbe, SavedSummary
from engine.live.saved.reading import saved_probe, saved_probes
from engine.probes.catalogue import is_written, manner_of


@st.cache_data(max_entries=4, show_spinner=False)
def saved_list(version: str) -> list[SavedSummary]:
    """Every saved probe, the newest first. Raises IsoglossError."""
    return saved_probes(queries.live_folder())


@st.cache_data(max_entries=100, show_spinner=False)
def read_probe(version: str, saved_id: str) -> SavedProbe:
    """A saved probe with its fact and all its answers. Raises IsoglossError where there is none."""
    return saved_probe(queries.live_folder(), saved_id)


def saved_of_fact(version: str, fact_id: str) -> tuple[str, ...]:
    """The ids of all probes of a fact, the newest first."""
    return tuple(summary.saved_id for summary in saved_list(version) if summary.fact_id == fact_id)


def saved_sheet(version: str, saved_ids: Sequence[str]) -> tuple[AnswerSheet | None, list[str]]:
    """Saved probes of one fact as they were shown when they were asked, and what is wrong with the link."""
    probes, problems = [], []
    for saved_id in saved_ids:
        try:
            probes.append(read_probe(version, saved_id))
        except IsoglossError as error:
            problems.append(str(error))
    if not probes:
        return None, problems
    first = probes[0]
    same = [probe for probe in probes if probe.summary.fact_id == first.summary.fact_id]
    if len(same) < len(probes):
        problems.append("The link names probes of several facts; shown is the first one.")
    roles = [_role(probe.summary, [other.summary for other in same]) for probe in same]
    answers = [(role, _answers(probe, leads=role == "main")) for role, probe in zip(roles, same, strict=True)]
    return AnswerSheet(first.fact, first.summary.name or first.summary.title, by_model(answers)), problems


def variation(summary: SavedSummary) -> str:
    """In which form or orders a fact was asked, in words; "" for the usual one."""
    form = str(summary.asking.get("form") or "").replace("-", " ")
    return form or ("every order" if summary.asking.get("permute") else "")


def _role(summary: SavedSummary, others: Sequence[SavedSummary]) -> str:
    """Its part: what a model writes freely stands beside how it chose; the first way in which it chose leads."""
    choosing = [other for other in others if other.model == summary.model and not is_written(other.probe)]
    if is_written(summary.probe) and choosing:
        return "free"
    return "main" if not choosing or choosing[0] is summary else "other"


def _answers(probe: SavedProbe, *, leads: bool) -> AnswersInOneWay:
    """The answers of a probe; the way that `leads` is the one that the others are held against."""
    summary = probe.summary
    way = variation(summary) or f"{manner_of(summary.probe)}, {summary.template}"
    return AnswersInOneWay(
        model=summary.model,
        title="as asked" if leads else way,
        languages=probe.languages,
        saved_id=summary.saved_id,
    )
