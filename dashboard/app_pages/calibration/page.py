"""Calibration: what the measures say of models beside what is true of them."""

from dataclasses import replace

import streamlit as st

from dashboard import queries
from dashboard.app_pages.calibration import panels
from dashboard.app_pages.calibration.controls import choose
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from dashboard.elements.sentences import first_places

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
prose.sentence(first_places(models))
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
