"""The offer of a model that is no instrument: where it is not here, a line that gets it."""

from pathlib import Path

import streamlit as st

from dashboard.app_pages.live.asking.settings import REAL
from dashboard.elements import prose
from dashboard.model_catalogue.get_control import get_control, say_failure
from dashboard.model_catalogue.watched_listing import Listing, watch

_WIDTH = 680  # pixels: the line stands beside the button that asks


def offer_real_model(models: Listing, store: Path) -> None:
    """Draw the line, again every few seconds; nothing where the model is here. `models`: as the page was begun."""
    if any(listed.name == REAL and listed.presence != "here" for listed in models):
        with st.container(width=_WIDTH):
            watch(models, store, lambda now: _draw(now, store))


def _draw(models: Listing, store: Path) -> None:
    for listed in models:
        if listed.name == REAL and listed.model is not None:
            say_failure(listed.model, store)
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                prose.caption("Ask a real model:")
                get_control(listed, listed.model, store)
