"""What is chosen stands in the URL: a link opens the same view, and a name that is not known is said, not dropped."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, cast

import streamlit as st

from dashboard.choices.script_run import is_by_hand

Value = TypeVar("Value")
Name = TypeVar("Name", bound=str)

_UNKNOWN = "url-unknown"
_WAS, _WRITTEN = "kept:", "url:"  # before a control's key: its last value, and its last text in the URL
_REPLACED = "url-replaced"  # of each key, the texts that others took the place of


def seed(key: str, parse: Callable[[str], Value | None], default: Value, *, what: str = "") -> Value:
    """Set a widget's state before it is drawn: from the URL where that has changed, else as it was, else the default.

    `parse` gives None for a text that names nothing; that is remembered for `unknown` under the words `what`.
    """
    _mend()
    written = st.query_params.get(key)
    if written is not None and written != st.session_state.get(_WRITTEN + key):
        value = parse(written)
        st.session_state[_WRITTEN + key] = written
        if value is None:
            st.session_state.setdefault(_UNKNOWN, {})[key] = f"{what or key} “{written}”"
        else:
            st.session_state[key] = st.session_state[_WAS + key] = value
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(_WAS + key, default)
    return cast(Value, st.session_state[key])


def publish(key: str, value: Value, text: str) -> None:
    """Write what was chosen into the URL; an empty text (the default) is left out of it."""
    _mend()
    st.session_state[_WAS + key] = value
    _write(key, text or None)
    st.session_state[_WRITTEN + key] = text or None


def put(key: str, value: Value) -> None:
    """Set a control's value before it is drawn, whatever the URL says of it now."""
    st.session_state[key] = st.session_state[_WAS + key] = value
    st.session_state[_WRITTEN + key] = st.query_params.get(key)


def forget(key: str, nothing: Value) -> None:
    """Empty a control, in the URL as well."""
    _write(key, None)
    put(key, nothing)


def chosen(key: str, nothing: Value) -> Value:
    """What a control holds, also while its page is not shown."""
    return cast(Value, st.session_state.get(key, st.session_state.get(_WAS + key, nothing)))


def rename(keys: Mapping[str, str]) -> bool:
    """Take what the URL says under former names of its keys under their present ones; whether there was any."""
    found = {old: new for old, new in keys.items() if old in st.query_params}
    for old, new in found.items():
        text = st.query_params.pop(old)
        if new not in st.query_params:
            st.query_params[new] = text
    return bool(found)


def unknown() -> list[str]:
    """The names in the URL that mean nothing here; asked once, then forgotten."""
    return list(st.session_state.pop(_UNKNOWN, {}).values())


def one_of(options: Sequence[Name]) -> Callable[[str], Name | None]:
    """A parser that takes one of the options."""
    return {str(option): option for option in options}.get


def some_of(options: Sequence[str]) -> Callable[[str], list[str] | None]:
    """A parser that takes options separated by commas; None if any is not known."""

    def parse(text: str) -> list[str] | None:
        chosen = [part for part in text.split(",") if part]
        return chosen if all(part in options for part in chosen) else None

    return parse


def number(lowest: int, highest: int) -> Callable[[str], int | None]:
    """A parser that takes a whole number between two bounds."""
    return lambda text: int(text) if text.isdecimal() and lowest <= int(text) <= highest else None


def _write(key: str, text: str | None) -> None:
    before = st.query_params.get(key)
    if before == text:
        return
    if before is not None:
        st.session_state.setdefault(_REPLACED, {}).setdefault(key, set()).add(before)
    if text is None:
        del st.query_params[key]
    else:
        st.query_params[key] = text


def _mend() -> None:
    """Write again what the browser had not heard of when it asked for this run: of two quick choices, both hold."""
    replaced: Mapping[str, set[str]] = st.session_state.get(_REPLACED, {})
    now = {key: st.session_state.get(_WRITTEN + key) for key in replaced}
    late = [key for key, texts in replaced.items() if st.query_params.get(key) in texts - {now[key]}]
    if late and is_by_hand():
        for key in late:
            _write(key, now[key])
