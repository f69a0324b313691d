"""Calibration: what the measures say of models beside what is true of them."""

from dataclasses import replace

import streamlit as st

from dashboard import calibration_panels as panels
from dashboard import calibration_words as words
from dashboard import notices, queries
from dashboard.calibration_choice import choose
from dashboard.selection import Selection

selection: Selection = st.session_state["selection"]

st.title("How much of this really crossed a language?")
chosen = choose(selection)
if chosen is None:
    st.stop()
models = queries.view(
    selection.version,
    "calibration_models",
    dataset=selection.dataset,
    models=chosen.models,
    languages=selection.languages,
    strings=chosen.strings,
)
notices.sentence(words.first_places(models))
if models["crossed"].isna().all():
    st.stop()
if chosen.model not in set(models["model"]):
    chosen = replace(chosen, model=str(models["model"].iloc[0]))
model = models[models["model"] == chosen.model].iloc[0]
panels.key_figures(models, model)
left, right = st.columns([1, 1], gap="medium")
with left:
    panels.ladder(selection, chosen, models)
with right:
    panels.right_answers(selection, chosen, model)
panels.measures(selection, chosen)
