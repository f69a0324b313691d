"""What a fact that was asked says: sentences, bars, which languages agree, and how sure the model is."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.app_pages.live.answers import sentences as live_words
from dashboard.app_pages.live.answers.answer_sheet import AnswerSheet, ModelAnswers
from dashboard.app_pages.live.answers.robustness_table import robustness_table
from dashboard.app_pages.live.answers.token_details import details
from dashboard.charts.agreement_heatmap import agreement_heatmap
from dashboard.elements import prose
from dashboard.elements.chart import draw, theme
from dashboard.elements.downloads import downloads
from dashboard.elements.figures import letters
from dashboard.elements.language_names import autonym


def sentences(place: DeltaGenerator, sheet: AnswerSheet) -> None:
    """What came out, in a few sentences."""
    parts = (live_words.known, live_words.wrong_alike, live_words.surest)
    known = [" ".join(filter(None, (part(sheet, model) for part in parts))) for model in sheet.models]
    with place:
        for sentence in filter(None, [*known, live_words.compared(sheet)]):
            prose.sentence(sentence)


def report(sheet: AnswerSheet) -> None:
    """Draw all below the bars: which languages agree, how sure the models are, and token by token."""
    chosen = [model for model in sheet.models if _answers(sheet, model)["predicted"].notna().any()]
    agreeing = chosen if len(sheet.texts) > 1 else []
    places = iter(st.columns(max(len(agreeing) + (len(agreeing) < 2), 1), gap="medium"))
    for model in agreeing:
        with next(places):
            _agreement(sheet, model)
    behind = next(places, None) or st.container()
    for model in sheet.models:
        if len(model.every) > 1:
            st.subheader("How sure it is", anchor=False)
            prose.sentence(live_words.steadiness(sheet, model))
            st.html(robustness_table(sheet, model))
    with behind:
        details(sheet)


def _agreement(sheet: AnswerSheet, model: ModelAnswers) -> None:
    order = list(sheet.texts)
    names = {tag: autonym(tag) for tag in order}
    answers = _answers(sheet, model)
    spec = agreement_heatmap(answers, order=order, names=names, theme=theme())
    st.subheader("Which languages agree")
    if len(sheet.models) > 1:
        prose.heading(model.name)
    draw(spec, key=f"live-agreement-{model.name}")
    with st.container(horizontal=True, vertical_alignment="center"):
        prose.caption("The letter is the option that the model chooses in that language.")
        downloads(f"agreement-{model.name}", table=lambda: answers, chart=spec)


def _answers(sheet: AnswerSheet, model: ModelAnswers) -> pd.DataFrame:
    rows = []
    for tag, texts in sheet.texts.items():
        answer = model.main.languages.get(tag)
        predicted = answer.predicted if answer is not None else None
        rows.append(
            {
                "language": tag,
                "predicted": predicted,
                "option": None if predicted is None else f"{letters([predicted])}. {texts.options[predicted]}",
                "correct": answer.correct if answer is not None else None,
                "reason": answer.error if answer is not None else None,
            }
        )
    return pd.DataFrame(rows).astype({"predicted": object, "correct": object})
