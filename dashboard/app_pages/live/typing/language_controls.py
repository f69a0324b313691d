"""The languages to ask a typed fact in: one choice for all ways of typing it, in the URL."""

from collections.abc import Sequence

import streamlit as st

from dashboard.choices import url_state
from dashboard.elements import prose
from engine.entity_names import keys_called
from engine.errors import IsoglossError
from engine.languages import by_family, language, parse_language

USUAL = ("en", "de", "fr", "it", "pl", "ru", "ar", "he", "zh", "ja")  # those of CLiKA
_CHOSEN, _WIDGET, _UNKNOWN = "in", "live_languages", "live_languages_unknown"


def label(tag: str) -> str:
    """The language in itself and in English, so that typing either finds it."""
    known = language(tag)
    return known.name if known.autonym == known.name else f"{known.autonym} · {known.name}"


def choose_languages(offered: Sequence[str], *, any_other: bool = False) -> tuple[str, ...]:
    """Draw the control. What is chosen but not offered is remembered; with `any_other` a further one can be typed."""
    remembered: list[str] = url_state.seed(_CHOSEN, _parse, list(USUAL), what="languages")
    if any_other:
        offered = by_family({*offered, *remembered})
    here = [tag for tag in offered if tag in remembered]
    if remembered and not here:  # none of those chosen elsewhere is offered here
        here = [tag for tag in offered if tag in USUAL] or list(offered)
    st.session_state[_WIDGET] = here
    tags = st.multiselect(
        "Languages to ask in",
        offered,
        key=_WIDGET,
        format_func=_shown,
        filter_mode="contains",
        accept_new_options=any_other,
        on_change=_take_new,
        args=(offered,),
        placeholder="At least one",
        help="Type a name to search, in the language itself or in English."
        + (" Any other language can be added by its English name or its tag, e.g. Basque or eu." if any_other else ""),
    )
    for text in st.session_state.pop(_UNKNOWN, []):
        prose.say(f"“{text}” is no language that is known here. Write its English name or its tag, such as eu.")
    chosen = [tag for tag in offered if tag in tags]
    remembered = [*(tag for tag in remembered if tag not in offered), *chosen]
    st.session_state[_CHOSEN] = remembered
    url_state.publish(_CHOSEN, remembered, "" if set(remembered) == set(USUAL) else ",".join(remembered))
    return tuple(chosen)


def add_languages(tags: Sequence[str]) -> None:
    """Choose further languages; called before the page is drawn anew."""
    remembered: list[str] = url_state.chosen(_CHOSEN, [])
    st.session_state[_CHOSEN] = list(dict.fromkeys([*remembered, *tags]))


def reading_language(offered: Sequence[str]) -> str:
    """Draw the control for the language in which names are shown; at first the browser's."""
    default = _browser_language()
    default = default if default in offered else "en" if "en" in offered else offered[0]
    if url_state.seed("read", url_state.one_of(offered), default, what="language to read in") not in offered:
        st.session_state["read"] = default
    tag = st.selectbox("Names in", offered, key="read", format_func=label, filter_mode="contains")
    url_state.publish("read", tag, "" if tag == default else tag)
    return tag


def find_language(text: str) -> str | None:
    """The tag of a language written as a tag or by its English name; None for what is neither."""
    called = [key for key in keys_called(text, "en") if key.startswith("language:")]
    try:
        return parse_language(called[0].removeprefix("language:") if called else text)
    except IsoglossError:
        return None


def _take_new(offered: Sequence[str]) -> None:
    """A language that was typed takes the place of its name; what is none is told."""
    found = {text: text if text in offered else find_language(text) for text in st.session_state[_WIDGET]}
    remembered = [tag for tag in st.session_state[_CHOSEN] if tag not in offered]
    st.session_state[_CHOSEN] = list(dict.fromkeys([*remembered, *(tag for tag in found.values() if tag is not None)]))
    st.session_state[_UNKNOWN] = [text for text, tag in found.items() if tag is None]


def _shown(text: str) -> str:
    """A language's label; a text that was typed and is none yet stays as it is."""
    try:
        return label(text)
    except IsoglossError:
        return text


def _browser_language() -> str:
    try:
        return parse_language(st.context.locale or "en")
    except IsoglossError:
        return "en"


def _parse(text: str) -> list[str] | None:
    """Languages separated by commas, however they are written; None where one is none."""
    try:
        return list(dict.fromkeys(parse_language(part) for part in text.split(",") if part)) or None
    except IsoglossError:
        return None
