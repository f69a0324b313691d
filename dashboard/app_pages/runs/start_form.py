"""The form that starts a run, or what is missing before there can be one."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.app_pages.runs.controls import choose
from dashboard.app_pages.runs.progress_card import what
from dashboard.app_pages.runs.started_processes import launches
from dashboard.app_pages.runs.unfinished_runs import OUTCOME
from dashboard.choices import notices
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from dashboard.elements.button_outcome import attempt
from engine.configured_models import ALLOWED, EXAMPLE, allowed_models, own_tokenizers
from engine.errors import IsoglossError
from engine.locations import EMBEDDED
from engine.probes.catalogue import PROBES
from engine.runs.launchers.local import command_line

_COMMAND = ("run", "--model", "FOLDER-OR-HUB-ID", "--dataset", "DATASET")


def run_form(selection: Selection | None, *, store: Path, version: str, is_busy: bool) -> None:
    """Draw the form, or what is missing for it. `is_busy`: a run goes on, and no other is started beside it."""
    try:
        models, tokenizers = allowed_models(store / ALLOWED), own_tokenizers(store / ALLOWED)
    except IsoglossError as error:
        prose.say(str(error))
        return
    askable = queries.view(version, "askable")
    if askable.empty:
        _say_how_to_bring_facts()
    elif models:
        _form(selection, models, tokenizers, askable, store=store, is_busy=is_busy)
    with st.expander("Ask a model of your own", expanded=not models):
        _say_how_to_allow(store)


def _form(
    selection: Selection | None,
    models: Mapping[str, str],
    tokenizers: Mapping[str, str],
    askable: pd.DataFrame,
    *,
    store: Path,
    is_busy: bool,
) -> None:
    choice = choose(models, tokenizers, askable, dataset="" if selection is None else selection.dataset)
    arguments = choice.arguments(store, embedded=EMBEDDED in queries.folders())
    title = what(choice.model, choice.dataset, choice.probe, (choice.wording,))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Start the run",
            type="primary",
            disabled=is_busy,
            on_click=attempt,
            args=(OUTCOME, lambda: launches().start(arguments, title=title, store=store)),
        )
        why = "A run is going on; one at a time is started from here. " if is_busy else ""
        prose.caption(why + PROBES[choice.probe].meaning)
    with st.expander("The same from the command line"):
        st.code(command_line(arguments), language=None, wrap_lines=True)


def _say_how_to_allow(store: Path) -> None:
    prose.sentence(
        f"From here a run asks an embedded model, or one that {store / ALLOWED} names. Write that file, e.g.:"
    )
    st.code(EXAMPLE, language=None)
    prose.sentence("From the command line any model can be asked:")
    st.code(command_line(_COMMAND), language=None, wrap_lines=True)


def _say_how_to_bring_facts() -> None:
    prose.sentence("There is nothing to ask yet: the store holds no facts with their texts. Bring some:")
    st.code(f"{notices.IMPORT_COMMAND}\n.venv/bin/python -m engine import facts FILE", language=None)
