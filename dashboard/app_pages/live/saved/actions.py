"""What can be done with saved probes: link, name, delete and undo it, download, make facts of one's own."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dashboard import probe_client as live_service
from dashboard import queries
from dashboard.app_pages.live.saved.files import probe_downloads
from dashboard.app_pages.live.saved.link import SAVED, point_at, pointed_at
from dashboard.app_pages.live.saved.saved_probes import read_probe, saved_list
from dashboard.elements import prose
from dashboard.elements.button_outcome import attempt, say_outcome

OUTCOME = "live-said"  # what a button had to say
_UNDO = "live-undo-tokens"
_OWN = "mine"


def say_what_happened() -> None:
    """Draw what the last button did, and a button that undoes a deletion."""
    say_outcome(OUTCOME)
    tokens: list[str] = st.session_state.get(_UNDO, [])
    if tokens:
        with st.container(horizontal=True, vertical_alignment="center"):
            prose.sentence("Deleted." if len(tokens) == 1 else f"Deleted: {len(tokens)} probes.")
            st.button("Undo", on_click=attempt, args=(OUTCOME, _undo), key="live-undo")


def actions(saved_ids: Sequence[str], *, key: str) -> None:
    """Draw the buttons of some probes of one fact."""
    version = queries.live_version()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.popover("Link", width="content"):
            address = (st.context.url or "").partition("?")[0]
            st.code(f"{address}?{SAVED}={','.join(saved_ids)}", language=None, wrap_lines=True)
        with st.popover("Name", width="content"):
            _rename(version, saved_ids, key=key)
        probe_downloads(lambda: [read_probe(version, saved_id) for saved_id in saved_ids], key=key)
        with st.popover("To my own facts", width="content"):
            _promote(saved_ids, key=key)
        st.button("Delete", on_click=attempt, args=(OUTCOME, partial(delete, saved_ids)), key=f"live-delete-{key}")


def delete(saved_ids: Sequence[str]) -> None:
    """Take probes out of the store; this can be undone."""
    client = live_service.client()
    st.session_state[_UNDO] = [client.delete(saved_id) for saved_id in saved_ids]
    shown = pointed_at()
    if set(shown) & set(saved_ids):
        point_at(tuple(saved_id for saved_id in shown if saved_id not in saved_ids))
    st.session_state["live-deleted"] = tuple(saved_ids)


def _undo() -> None:
    client = live_service.client()
    for token in st.session_state.pop(_UNDO, []):
        client.undo(token)
    point_at(st.session_state.pop("live-deleted", ()))


def _rename(version: str, saved_ids: Sequence[str], *, key: str) -> None:
    names = [summary.name for summary in saved_list(version) if summary.saved_id in saved_ids]
    with st.form(f"live-name-{key}", border=False):
        name = st.text_input("Name of this probe", value=next(filter(None, names), ""), max_chars=200)
        if st.form_submit_button("Save"):
            attempt(OUTCOME, lambda: _name_all(saved_ids, name.strip()))
            st.rerun()


def _name_all(saved_ids: Sequence[str], name: str) -> None:
    client = live_service.client()
    for saved_id in saved_ids:
        client.rename(saved_id, name)


def _promote(saved_ids: Sequence[str], *, key: str) -> None:
    prose.sentence("Its texts and answers are copied into a dataset of yours, which every page and every run can use.")
    with st.form(f"live-promote-{key}", border=False):
        dataset = st.text_input("Dataset", value=_OWN, max_chars=60)
        if st.form_submit_button("Copy"):
            attempt(OUTCOME, lambda: _promoted(saved_ids, dataset.strip()))
            st.rerun()


def _promoted(saved_ids: Sequence[str], dataset: str) -> str:
    promoted = live_service.client().promote(saved_ids, dataset)
    return f"Copied into the dataset {promoted.dataset}: {promoted.facts} facts with {promoted.answers} answers."
