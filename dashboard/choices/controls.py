"""Controls whose choice stands in the URL."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

from dashboard.choices import url_state

_Name = TypeVar("_Name", bound=str)


def segmented(
    key: str,
    label: str,
    titles: Mapping[_Name, str],
    *,
    default: _Name,
    help: str | None = None,
    on_change: Callable[[], None] | None = None,
) -> _Name:
    """One of a few choices side by side; `titles` gives each choice's words."""
    url_state.seed(key, url_state.one_of(list(titles)), default, what=label.lower())
    chosen = st.segmented_control(
        label,
        list(titles),
        format_func=titles.__getitem__,
        key=key,
        help=help,
        on_change=on_change or "rerun",
        required=True,
        wrap=True,
    )
    choice = default if chosen is None else chosen
    url_state.publish(key, choice, "" if choice == default else choice)
    return choice


def dropdown(
    key: str, label: str, titles: Mapping[_Name, str], *, default: _Name, width: int, help: str | None = None
) -> _Name:
    """One of many choices; a choice that is no longer offered gives way to the default."""
    if url_state.seed(key, url_state.one_of(list(titles)), default, what=label.lower()) not in titles:
        st.session_state[key] = default
    chosen = st.selectbox(label, list(titles), format_func=titles.__getitem__, key=key, help=help, width=width)
    url_state.publish(key, chosen, "" if chosen == default else chosen)
    return chosen


def switch(key: str, label: str, *, help: str, on: str = "on") -> bool:
    """Something that is on or off; the URL holds `on` while it is on."""
    url_state.seed(key, {on: True}.get, False, what=label.lower())
    chosen = st.toggle(label, key=key, help=help)
    url_state.publish(key, chosen, on if chosen else "")
    return chosen
