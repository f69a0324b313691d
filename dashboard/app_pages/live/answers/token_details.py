"""Behind an answer: its log-probability token by token, and the exact prompt; drawn when it is opened."""

import math
from collections.abc import Sequence

import streamlit as st

from dashboard.app_pages.live.answers.answer_sheet import AnswerSheet, ModelAnswers, direction
from dashboard.elements import prose
from dashboard.elements.language_names import autonym
from dashboard.elements.sentences import merged_note
from dashboard.elements.visible_text import visible
from dashboard.probe_client import client
from engine.errors import IsoglossError
from engine.live.protocol.messages import LanguageAnswer, OptionPieces


def details(sheet: AnswerSheet) -> None:
    """Draw a part to open for each language."""
    st.subheader("Token by token, and the exact prompt")
    tags = [tag for tag in sheet.texts if any(tag in model.main.languages for model in sheet.models)]
    places = st.columns(len(sheet.models), gap="medium")
    for number, tag in enumerate(tags):
        with places[number * len(places) // len(tags)]:
            opened = st.expander(autonym(tag), key=f"live-detail-{tag}", on_change="rerun")
        if opened.open:
            with opened:
                for model in sheet.models:
                    _of_model(model, tag, named=len(sheet.models) > 1)


def _of_model(model: ModelAnswers, tag: str, *, named: bool) -> None:
    answer = model.main.languages.get(tag)
    if answer is None:
        return
    if named:
        prose.heading(model.name)
    _tokens(model, tag)
    if any(option.merged for option in answer.options):
        prose.caption(merged_note())
    prompts = list(dict.fromkeys(answer.prompts))
    if not prompts:
        prose.sentence("The exact prompt is not known any more: probe the fact again to see it.")
    elif len(prompts) > 1:
        prose.caption(f"The prompts, {len(prompts)} of them, exactly as the model gets them:")
    else:
        prose.caption("The prompt, exactly as the model gets it:")
    for prompt in prompts:
        st.code(prompt, language=None, wrap_lines=True)
    _generated(model, tag)


def _tokens(model: ModelAnswers, tag: str) -> None:
    if model.main.id is None:
        prose.sentence("Log-probabilities of single tokens are not kept: probe the fact again to see them.")
        return
    try:
        orders = client().tokens(model.main.id, tag).orders
    except IsoglossError as error:
        prose.say(f"{error}")
        return
    if orders:
        st.html(token_table(orders[0], direction=direction(tag)))
    elif note := without_tokens(model.main.languages.get(tag)):
        prose.sentence(note)


def _generated(model: ModelAnswers, tag: str) -> None:
    answer = None if model.free is None else model.free.languages.get(tag)
    if answer is not None and answer.prompts:
        prose.caption("The prompt for its free answer:")
        st.code(answer.prompts[0], language=None, wrap_lines=True)


def without_tokens(answer: LanguageAnswer | None) -> str | None:
    """Say why an answer without token details has none; None where no option was scored at all."""
    scored = answer is not None and any(option.logprob is not None for option in answer.options)
    return "This model does not tell the log-probabilities of single tokens." if scored else None


def token_table(options: Sequence[OptionPieces], *, direction: str) -> str:
    """Each option in its pieces, each piece with its log-probability below it, nats; the sum last."""
    rows = "".join(_option(option, direction) for option in options)
    return (
        '<div class="iso-live-tokens"><table><thead><tr><th scope="col">Option, in pieces with their log-probability'
        f'</th><th scope="col">Sum, nats</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _option(option: OptionPieces, direction: str) -> str:
    pieces = "".join(
        f'<span class="iso-live-token" style="--share:{math.exp(piece.logprob):.2f}">'
        f'<bdi>{_spaced(piece.text)}</bdi><small dir="ltr">{_nats(piece.logprob)}</small></span>'
        for piece in option.pieces
    )
    total = _nats(sum(piece.logprob for piece in option.pieces)) if option.pieces else "–"
    return f'<tr><td dir="{direction}">{pieces}</td><td>{total}</td></tr>'


def _spaced(text: str) -> str:
    """White space is a part of a piece, so it is shown."""
    return visible(text.replace(" ", "␣").replace("\n", "↵"))


def _nats(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")
