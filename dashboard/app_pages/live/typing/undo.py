"""What was typed stays for the session, whatever page is opened, and what was cleared or replaced can be had back."""

from collections.abc import Callable
from typing import TypeVar, cast

import streamlit as st

FormState = TypeVar("FormState")

_DEEPEST = 20  # states that are remembered


def typed_state(key: str, default: FormState) -> FormState:
    """What was typed under a key, an immutable value."""
    return cast(FormState, st.session_state.get(f"typed:{key}", default))


def remember_state(key: str, state: object) -> None:
    """Remember what stands in the widgets now, an immutable value."""
    st.session_state[f"typed:{key}"] = state


def replace_state(key: str, state: object, *, before: object, what: str) -> None:
    """Put something else in the place of `before`; `what` was done can be undone. The widgets begin anew."""
    remember_undo(key, lambda _: before, what=what)
    _begin_anew(key, state)


def remember_undo(key: str, take_back: Callable[[FormState], object], *, what: str) -> None:
    """Give the undo button a way to take `what` back: from the state of then to the one without it."""
    past = st.session_state.get(f"typed-before:{key}", [])
    st.session_state[f"typed-before:{key}"] = [*past, (take_back, what)][-_DEEPEST:]


def undo_button(key: str) -> None:
    """Draw a button that takes back what was done last; none where nothing was."""
    past = st.session_state.get(f"typed-before:{key}", [])
    if past:
        st.button(f"Undo: {past[-1][1]}", key=f"undo-{key}", on_click=_undo, args=(key,))


def widget_generation(key: str) -> int:
    """How often everything was replaced: part of the widgets' keys, so that they forget what they held."""
    return int(st.session_state.get(f"typed-generation:{key}", 0))


def _undo(key: str) -> None:
    *past, (take_back, _) = st.session_state[f"typed-before:{key}"]
    st.session_state[f"typed-before:{key}"] = past
    _begin_anew(key, take_back(st.session_state.get(f"typed:{key}")))


def _begin_anew(key: str, state: object) -> None:
    st.session_state[f"typed-generation:{key}"] = widget_generation(key) + 1
    remember_state(key, state)
