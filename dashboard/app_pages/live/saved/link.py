"""Which saved probes the address of the page names."""

import streamlit as st

from dashboard import queries
from dashboard.app_pages.live.saved.saved_probes import saved_of_fact
from dashboard.choices import url_state

SAVED = "saved"  # the ids, in the address and in the session


def follow_link() -> None:
    """Take over which saved probes a link names: by their ids, or all of a fact."""
    fact = st.query_params.get("fact")
    names_live = st.query_params.get("dataset") == queries.LIVE and SAVED not in st.query_params
    if fact and names_live and (saved_ids := saved_of_fact(queries.live_version(), fact)):
        st.query_params[SAVED] = ",".join(saved_ids)
        del st.query_params["fact"]
    nothing: tuple[str, ...] = ()
    named = url_state.seed(SAVED, lambda text: tuple(filter(None, text.split(","))), nothing, what="kept probes")
    url_state.publish(SAVED, named, ",".join(named))


def pointed_at() -> tuple[str, ...]:
    """The ids of the saved probes that the page is to show."""
    return tuple(st.session_state.get(SAVED, ()))


def point_at(saved_ids: tuple[str, ...]) -> None:
    """Have the page show these probes, and its address name them."""
    st.session_state[SAVED] = saved_ids
    url_state.publish(SAVED, saved_ids, ",".join(saved_ids))
