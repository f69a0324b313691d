"""The list of models, drawn again and again, for whoever gets or removes one; the page anew when one comes or goes."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from dashboard.model_catalogue.get_control import is_under_way
from engine.errors import IsoglossError
from engine.model_catalogue.listing import ListedModel, list_models

_SECONDS = 0.5  # between two looks while a model is got
_SECONDS_IDLE = 10  # and while none is: one may be got elsewhere

Listing = Sequence[ListedModel]


def listing(store: Path) -> Listing:
    """What can be asked and what can be had; nothing where models.toml is broken, which the form of a run says."""
    try:
        return list_models(store)
    except IsoglossError:
        return ()


def watch(drawn_with: Listing, store: Path, draw: Callable[[Listing], None]) -> None:
    """Draw a list, again every few seconds. `drawn_with`: the list that the page was begun with."""
    before = _state(drawn_with)

    def look() -> None:
        models = listing(store)
        if _state(models) != before:
            st.rerun()
        draw(models)

    st.fragment(look, run_every=_SECONDS if any(map(is_under_way, drawn_with)) else _SECONDS_IDLE)()


def _state(models: Listing) -> object:
    return [(listed.name, listed.presence, is_under_way(listed)) for listed in models]
