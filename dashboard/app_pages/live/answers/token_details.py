"""Behind an answer: its log-probability token by token, and the exact prompt; drawn when it is opened."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.app_pages.live.answers.answer_sheet import Column, Shown, autonym, direction
from dashboard.elements import prose
from dashboard.elements.sentences import merged_note
from dashboard.elements.visible_text import visible
from dashboard.probe_client import client
from engine.errors import IsoglossError


def details(shown: Shown) -> None:
    """A part to open for each language."""
    st.subheader("Token by token, and the exact prompt")
    tags = [tag for tag in shown.texts if any(tag in column.main.languages for column in shown.columns)]
    places = st.columns(len(shown.columns), gap="medium")
    for number, tag in enumerate(tags):
        with places[number * len(places) // len(tags)]:
            opened = st.expander(autonym(tag), key=f"live-detail-{tag}", on_change="rerun")
        if opened.open:
            with opened:
                for column in shown.columns:
                    _of_model(column, tag, named=len(shown.columns) > 1)


def _of_model(column: Column, tag: str, *, named: bool) -> None:
    answer = column.main.languages.get(tag)
    if answer is None:
        return
    if named:
        prose.heading(column.model)
    _tokens(column, tag)
    if any(option.get("merged") for option in answer.get("options") or ()):
        prose.caption(merged_note())
    prompts = list(dict.fromkeys(answer.get("prompts") or ()))
    if not prompts:
        prose.sentence("The exact prompt is not known any more: probe the fact again to see it.")
    elif len(prompts) > 1:
        prose.caption(f"The prompts, {len(prompts)} of them, exactly as the model gets them:")
    else:
        prose.caption("The prompt, exactly as the model gets it:")
    for prompt in prompts:
        st.code(prompt, language=None, wrap_lines=True)
    _generated(column, tag)


def _tokens(column: Column, tag: str) -> None:
    if column.main.id is None:
        prose.sentence("Log-probabilities of single tokens are not kept: probe the fact again to see them.")
        return
    try:
        options = client().tokens(column.main.id, tag)["options"]
    except IsoglossError as error:
        prose.say(f"{error}")
        return
    if options:
        st.html(token_table(options, direction=direction(tag)))
    elif note := without_tokens(column.main.languages.get(tag) or {}):
        prose.sentence(note)


def _generated(column: Column, tag: str) -> None:
    prompts = [] if column.free is None else column.free.languages.get(tag, {}).get("prompts") or []
    if prompts:
        prose.caption("The prompt for its free answer:")
        st.code(prompts[0], language=None, wrap_lines=True)


def without_tokens(answer: Mapping[str, Any]) -> str | None:
    """Say why an answer without token details has none; None where no option was scored at all."""
    scored = any(option.get("logprob") is not None for option in answer.get("options") or ())
    return "This model does not tell the log-probabilities of single tokens." if scored else None


def token_table(options: Sequence[Mapping[str, Any]], *, direction: str) -> str:
    """Each option in its pieces, each piece with its log-probability below it, nats; the sum last."""
    rows = "".join(_option(option, direction) for option in options)
    return (
        '<div class="iso-live-tokens"><table><thead><tr><th scope="col">Option, in pieces with their log-probability'
        f'</th><th scope="col">Sum, nats</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _option(option: Mapping[str, Any], direction: str) -> str:
    pieces = "".join(
        f'<span class="iso-live-token" style="--share:{_share(token["logprob"])}">'
        f'<bdi>{_spaced(token["text"])}</bdi><small dir="ltr">{_nats(token["logprob"])}</small></span>'
        for token in option["tokens"]
    )
    known = [token["logprob"] for token in option["tokens"] if token["logprob"] is not None]
    total = _nats(sum(known)) if known and len(known) == len(option["tokens"]) else "–"
    return f'<tr><td dir="{direction}">{pieces}</td><td>{total}</td></tr>'


def _spaced(text: str) -> str:
    """White space is a part of a piece, so it is shown."""
    return visible(text.replace(" ", "␣").replace("\n", "↵"))


def _nats(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".replace("-", "−")


def _share(logprob: float | None) -> str:
    """How deep a piece is coloured, 0 to 1: by its probability."""
    return "0" if logprob is None else f"{2.718281828459045**logprob:.2f}"
