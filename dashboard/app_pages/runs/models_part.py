"""The models of the Runs page: those that can be asked here, and those that can be had, with a button each."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import queries
from dashboard.elements import prose
from dashboard.model_catalogue.get_control import get_control, say_failure
from dashboard.model_catalogue.sentences import model_line
from dashboard.model_catalogue.watched_listing import Listing, watch
from engine.model_catalogue.catalogue import HubRepository
from engine.model_catalogue.listing import ListedModel
from engine.runs.launchers.local import command_line

_REMOVAL = command_line(["models", "remove", "NAME"])


def models_part(models: Listing, *, store: Path, version: str) -> None:
    """Draw both lists, again every few seconds; nothing where there is none. `models`: as the page was begun."""
    if not models:
        return
    st.subheader("Models")
    languages = _trained_for(queries.view(version, "catalogue"))
    watch(models, store, lambda now: _draw(now, languages, store))


def _trained_for(catalogue: pd.DataFrame) -> dict[str, str]:
    """The languages that the store tells of a model, by its name."""
    told = catalogue.dropna(subset="target_languages")
    return dict(zip(told["own_name"], told["target_languages"], strict=True))


def _draw(models: Listing, languages: dict[str, str], store: Path) -> None:
    here = [listed for listed in models if listed.presence == "here"]
    if here:
        line, _ = _line_and_button()
        line.html("".join(model_line(listed, trained_for=languages.get(listed.name)) for listed in here))
    others = [listed for listed in models if listed.presence != "here"]
    folded = [listed for listed in others if _is_of_the_hub(listed) and listed.status is None]
    _offers((listed for listed in others if listed not in folded), store)
    if folded:
        with st.expander(f"{len(folded)} more, from the Hugging Face hub"):
            _offers(folded, store)
    if any(listed.model is not None for listed in here):
        prose.caption(f"A model that was got is removed from the command line: {_REMOVAL}")


def _is_of_the_hub(listed: ListedModel) -> bool:
    return listed.model is not None and isinstance(listed.model.source, HubRepository)


def _offers(models: Iterable[ListedModel], store: Path) -> None:
    for listed in models:
        if listed.model is None:
            continue
        say_failure(listed.model, store)
        line, beside = _line_and_button()
        line.html(model_line(listed))
        with beside.container(horizontal=True, vertical_alignment="center", gap="small"):
            get_control(listed, listed.model, store)


def _line_and_button() -> list[DeltaGenerator]:
    return st.columns([6, 5], gap="small", vertical_alignment="center")
