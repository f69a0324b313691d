"""The way to get a model: its terms and a button; a bar and Cancel while it is got; what went wrong."""

from pathlib import Path

import streamlit as st

from dashboard.elements import prose
from dashboard.elements.button_outcome import attempt, say_outcome
from dashboard.elements.visible_text import visible
from dashboard.model_catalogue.sentences import get_command, licence_link, offer, progress_bar
from dashboard.model_catalogue.started_downloads import started_downloads
from dashboard.server.visitor_rights import may_fetch
from engine.model_catalogue.catalogue import CatalogueModel
from engine.model_catalogue.listing import ListedModel


def say_failure(model: CatalogueModel, store: Path) -> None:
    """Draw why a model was not got and what to do, where it was tried; and what its last button had to say."""
    say_outcome(_outcome(model))
    failure = started_downloads().failure(model, store)
    if failure is not None:
        prose.say(f"{model.title} was not got: {failure}")


def get_control(listed: ListedModel, model: CatalogueModel, store: Path) -> None:
    """Draw it, in a row that is begun; the command where this visitor may not get a model."""
    if is_under_way(listed):
        st.html(progress_bar(model.title, listed.status if listed.presence == "being got" else None))
        if may_fetch():
            _cancel(listed, model, store)
    elif may_fetch():
        _get(listed, model, store)
    else:
        st.html(f'<code class="iso-command" dir="ltr">{visible(get_command(model))}</code>', width="content")


def is_under_way(listed: ListedModel) -> bool:
    """Whether a process gets it, or is about to."""
    if listed.presence == "here" or listed.model is None:
        return False
    return listed.presence == "being got" or started_downloads().is_alive(listed.model)


def _get(listed: ListedModel, model: CatalogueModel, store: Path) -> None:
    accepted = not model.must_accept or _accepts(model)
    st.button(
        "Try again" if started_downloads().failure(model, store) else offer(listed),
        key=f"get-{model.name}",
        disabled=not accepted,
        on_click=attempt,
        args=(_outcome(model), lambda: started_downloads().start(model, store, accepted=accepted)),
    )


def _accepts(model: CatalogueModel) -> bool:
    """The tick, and the terms beside it: a screen reader would read a link in its label as Markdown."""
    tick = f"get-accepted-{model.name}"
    accepted = st.checkbox(f"I accept the {model.licence}", key=tick, persist_state="session")
    st.html(licence_link(model, "Read them"), width="content")
    return accepted


def _cancel(listed: ListedModel, model: CatalogueModel, store: Path) -> None:
    pid = listed.status.pid if listed.status is not None else None
    stopping = f"get-stopping-{model.name}-{pid}"

    def stop() -> None:
        attempt(_outcome(model), lambda: started_downloads().stop(model, store))
        st.session_state[stopping] = _outcome(model) not in st.session_state

    asked = bool(st.session_state.get(stopping))
    st.button("Stopping …" if asked else "Cancel", key=f"get-cancel-{model.name}", on_click=stop, disabled=asked)


def _outcome(model: CatalogueModel) -> str:
    return f"get-said-{model.name}"
