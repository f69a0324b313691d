"""What can be done with probes that are kept: link, name, delete and take it back, export, make facts of one's own."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dashboard import probe_client as live_service
from dashboard import queries
from dashboard.app_pages.live.saved.files import probe_downloads
from dashboard.app_pages.live.saved.saved_probes import kept_list, kept_one
from dashboard.choices import url_state
from dashboard.elements import prose
from engine.errors import IsoglossError

KEPT = "kept"  # the ids in the URL
_SAID = "live-said"
_UNDO = "live-undo-tokens"
_OWN = "mine"


def attempt(action: Callable[[], str | None]) -> None:
    """Do what a button says; what came of it, or kept it from being done, is said where the probes are."""
    st.session_state.pop(_SAID, None)
    try:
        said = action()
    except IsoglossError as error:
        said = str(error)
    if said:
        st.session_state[_SAID] = said


def say_what_happened() -> None:
    """What the last button did, and the way back from a deletion."""
    if said := st.session_state.get(_SAID):
        prose.say(said)
    tokens: list[str] = st.session_state.get(_UNDO, [])
    if tokens:
        with st.container(horizontal=True, vertical_alignment="center"):
            prose.sentence("Deleted." if len(tokens) == 1 else f"Deleted: {len(tokens)} probes.")
            st.button("Undo", on_click=attempt, args=(_undo,), key="live-undo")


def actions(kept: Sequence[str], *, key: str) -> None:
    """The buttons of some probes of one fact."""
    version = queries.live_version()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.popover("Link", width="content"):
            address = (st.context.url or "").partition("?")[0]
            st.code(f"{address}?{KEPT}={','.join(kept)}", language=None, wrap_lines=True)
        with st.popover("Name", width="content"):
            _rename(version, kept, key=key)
        probe_downloads(lambda: [kept_one(version, id) for id in kept], key=key)
        with st.popover("To my own facts", width="content"):
            _promote(kept, key=key)
        st.button("Delete", on_click=attempt, args=(lambda: delete(kept),), key=f"live-delete-{key}")


def delete(kept: Sequence[str]) -> None:
    """Take probes out of the store; can be taken back."""
    client = live_service.client()
    st.session_state[_UNDO] = [client.delete(id) for id in kept]
    shown = st.session_state.get(KEPT, ())
    if set(shown) & set(kept):
        st.session_state[KEPT] = tuple(id for id in shown if id not in kept)
        url_state.publish(KEPT, st.session_state[KEPT], ",".join(st.session_state[KEPT]))
    st.session_state["live-deleted"] = tuple(kept)


def _undo() -> None:
    client = live_service.client()
    for token in st.session_state.pop(_UNDO, []):
        client.undo(token)
    st.session_state[KEPT] = back = st.session_state.pop("live-deleted", ())
    url_state.publish(KEPT, back, ",".join(back))


def _rename(version: str, kept: Sequence[str], *, key: str) -> None:
    names = [str(probe["name"]) for probe in kept_list(version) if probe["kept"] in kept]
    with st.form(f"live-name-{key}", border=False):
        name = st.text_input("Name of this probe", value=next(filter(None, names), ""), max_chars=200)
        if st.form_submit_button("Save"):
            attempt(lambda: _name_all(kept, name.strip()))
            st.rerun()


def _name_all(kept: Sequence[str], name: str) -> None:
    client = live_service.client()
    for id in kept:
        client.rename(id, name)


def _promote(kept: Sequence[str], *, key: str) -> None:
    prose.sentence("Its texts and answers are copied into a dataset of yours, which every page and every run can use.")
    with st.form(f"live-promote-{key}", border=False):
        dataset = st.text_input("Dataset", value=_OWN, max_chars=60)
        if st.form_submit_button("Copy"):
            attempt(lambda: _promoted(kept, dataset.strip()))
            st.rerun()


def _promoted(kept: Sequence[str], dataset: str) -> str:
    done: dict[str, Any] = live_service.client().promote(list(kept), dataset)
    return f"Copied into the dataset {done['dataset']}: {done['facts']} facts with {done['answers']} answers."
