"""What came of a button that was pressed, said where the page chooses to."""

from collections.abc import Callable

import streamlit as st

from dashboard.elements import prose
from engine.errors import IsoglossError


def attempt(key: str, action: Callable[[], str | None]) -> None:
    """Do what a button says; the sentence that this returns, or why it cannot be done, is remembered under `key`."""
    st.session_state.pop(key, None)
    try:
        sentence = action()
    except IsoglossError as error:
        sentence = str(error)
    if sentence:
        st.session_state[key] = sentence


def say_outcome(key: str) -> None:
    """Draw what the last button under this key had to say."""
    if sentence := st.session_state.get(key):
        prose.say(sentence)
