"""What a fact that was asked says: sentences, bars, which languages agree, and how sure the model is."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.app_pages.live.answers import sentences as live_words
from dashboard.app_pages.live.answers.answer_sheet import Column, Shown, autonym
from dashboard.app_pages.live.answers.robustness_table import robustness_table
from dashboard.app_pages.live.answers.token_details import details
from dashboard.charts.agreement_heatmap import agreement_heatmap
from dashboard.elements import prose
from dashboard.elements.chart import draw, theme
from dashboard.elements.downloads import downloads
from dashboard.elements.figures import letters


def sentences(place: DeltaGenerator, shown: Shown) -> None:
    """What came out, in a few sentences."""
    parts = (live_words.known, live_words.wrong_alike, live_words.surest)
    said = [" ".join(filter(None, (part(shown, column) for part in parts))) for column in shown.columns]
    with place:
        for sentence in filter(None, [*said, live_words.compared(shown)]):
            prose.sentence(sentence)


def report(shown: Shown) -> None:
    """All below the bars."""
    chosen = [column for column in shown.columns if _answers(shown, column)["predicted"].notna().any()]
    agreeing = chosen if len(shown.texts) > 1 else []
    places = iter(st.columns(max(len(agreeing) + (len(agreeing) < 2), 1), gap="medium"))
    for column in agreeing:
        with next(places):
            _agreement(shown, column)
    behind = next(places, None) or st.container()
    for column in shown.columns:
        if len(column.every) > 1:
            st.subheader("How sure it is", anchor=False)
            prose.sentence(live_words.steadiness(shown, column))
            st.html(robustness_table(shown, column))
    with behind:
        details(shown)


def _agreement(shown: Shown, column: Column) -> None:
    order = list(shown.texts)
    names = {tag: autonym(tag) for tag in order}
    answers = _answers(shown, column)
    spec = agreement_heatmap(answers, order=order, names=names, theme=theme())
    st.subheader("Which languages agree")
    if len(shown.columns) > 1:
        prose.heading(column.model)
    draw(spec, key=f"live-agreement-{column.model}")
    with st.container(horizontal=True, vertical_alignment="center"):
        prose.caption("The letter is the option that the model chooses in that language.")
        downloads(f"agreement-{column.model}", table=lambda: answers, chart=spec)


def _answers(shown: Shown, column: Column) -> pd.DataFrame:
    rows = []
    for tag, texts in shown.texts.items():
        answer = column.main.languages.get(tag, {})
        predicted = answer.get("predicted")
        rows.append(
            {
                "language": tag,
                "predicted": predicted,
                "option": None if predicted is None else f"{letters([predicted])}. {texts['options'][predicted]}",
                "correct": answer.get("correct"),
                "reason": answer.get("error"),
            }
        )
    return pd.DataFrame(rows).astype({"predicted": object, "correct": object})
