"""Probes that are kept: reading them, and showing one again without the service."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard import queries
from dashboard.app_pages.live.answers.answer_sheet import NAMES_OF_PROBES, Answers, Shown, columns
from engine.errors import IsoglossError
from engine.live.saved.reading import saved_probe, saved_probes


@st.cache_data(max_entries=4, show_spinner=False)
def kept_list(version: str) -> list[dict[str, Any]]:
    """All that are kept, the newest first. Raises IsoglossError."""
    return saved_probes(queries.live_folder())


@st.cache_data(max_entries=100, show_spinner=False)
def kept_one(version: str, kept: str) -> dict[str, Any]:
    """One that is kept, with its fact and all its answers. Raises IsoglossError where there is none."""
    return saved_probe(queries.live_folder(), kept)


def kept_of_fact(version: str, fact_id: str) -> tuple[str, ...]:
    """The ids of all probes of a fact, the newest first."""
    return tuple(str(probe["kept"]) for probe in kept_list(version) if probe["fact_id"] == fact_id)


def kept_shown(version: str, kept: Sequence[str]) -> tuple[Shown | None, list[str]]:
    """Kept probes of one fact as they were shown when they were asked, and what is wrong with the link."""
    found, problems = [], []
    for id in kept:
        try:
            found.append(kept_one(version, id))
        except IsoglossError as error:
            problems.append(str(error))
    if not found:
        return None, problems
    first = found[0]
    same = [probe for probe in found if probe["fact_id"] == first["fact_id"]]
    if len(same) < len(found):
        problems.append("The link names probes of several facts; shown is the first one.")
    answers = [(_role(probe, same), _answers(probe)) for probe in same]
    return Shown(first["fact"], str(first["name"] or first["title"]), columns(_with_main(answers))), problems


def _role(probe: dict[str, Any], others: Sequence[dict[str, Any]]) -> str:
    """Its part: what a model writes freely stands beside how it chose; the first way in which it chose leads."""
    choosing = [one for one in others if one["model"] == probe["model"] and one["probe"] != "generation"]
    if probe["probe"] == "generation" and choosing:
        return "free"
    return "main" if not choosing or choosing[0] is probe else "other"


def _with_main(answers: list[tuple[str, Answers]]) -> list[tuple[str, Answers]]:
    """The way that leads is the one that the others are held against."""
    return [(role, replace(one, title="as asked") if role == "main" else one) for role, one in answers]


def _answers(probe: dict[str, Any]) -> Answers:
    asking = probe.get("asking") or {}
    special = str(asking.get("form") or "").replace("-", " ") or ("every order" if asking.get("permute") else "")
    told = probe["probe_json"]
    return Answers(
        model=str(probe["model"]),
        title=special or f"{NAMES_OF_PROBES.get(probe['probe'], probe['probe'])}, {probe['template']}",
        languages=told["languages"],
        seconds=told.get("seconds"),
        kept=str(probe["kept"]),
    )
