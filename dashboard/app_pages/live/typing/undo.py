"""What was typed is kept for the session, whatever page is opened, and what was cleared or replaced can be had back."""

from collections.abc import Callable
from typing import TypeVar, cast

import streamlit as st

State = TypeVar("State")

_DEEPEST = 20  # states that are remembered


def kept(key: str, default: State) -> State:
    """What was typed under a key, an immutable value."""
    return cast(State, st.session_state.get(f"typed:{key}", default))


def keep(key: str, state: object) -> None:
    """Remember what stands in the widgets now."""
    st.session_state[f"typed:{key}"] = state


def replace_all(key: str, state: object, *, before: object, what: str) -> None:
    """Put something else in the place of `before`; `what` was done can be undone. The widgets begin anew."""
    remember(key, lambda _: before, what=what)
    _begin_anew(key, state)


def remember(key: str, take_back: Callable[[State], object], *, what: str) -> None:
    """For the undo button: what makes of the state of then the one without `what` was done."""
    past = st.session_state.get(f"typed-before:{key}", [])
    st.session_state[f"typed-before:{key}"] = [*past, (take_back, what)][-_DEEPEST:]


def undo_button(key: str) -> None:
    """A button that takes back what was done last; none where nothing was."""
    past = st.session_state.get(f"typed-before:{key}", [])
    if past:
        st.button(f"Undo: {past[-1][1]}", key=f"undo-{key}", on_click=_undo, args=(key,))


def generation(key: str) -> int:
    """How often everything was replaced: part of the widgets' keys, so that they forget what they held."""
    return int(st.session_state.get(f"typed-generation:{key}", 0))


def _undo(key: str) -> None:
    *past, (take_back, _) = st.session_state[f"typed-before:{key}"]
    st.session_state[f"typed-before:{key}"] = past
    _begin_anew(key, take_back(st.session_state.get(f"typed:{key}")))


def _begin_anew(key: str, state: object) -> None:
    st.session_state[f"typed-generation:{key}"] = generation(key) + 1
    keep(key, state)
