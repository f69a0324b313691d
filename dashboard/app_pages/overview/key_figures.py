"""The key figures of all models on a dataset, in a row of cards."""

import pandas as pd
import streamlit as st

from dashboard.elements import figures
from dashboard.elements.key_figure import card, interval_note
from engine.browse.queries import Row


def overview_figures(all_models: Row, summary: pd.DataFrame) -> None:
    """Number of models, the best one, English, and the gap to the other languages."""
    best = summary.dropna(subset=["mean_accuracy"]).iloc[0]
    columns = st.columns([1, 1.6, 1.2, 1.2])
    with columns[0]:
        card("Models", f"{int(all_models['n_models'])}", f"n = {figures.counted(all_models['n_facts'], 'fact')}")
    with columns[1]:
        card("Best model", str(best["model"]), f"{figures.percent(best['mean_accuracy'])} mean accuracy")
    with columns[2]:
        card(
            "English accuracy",
            figures.percent(all_models["english"]),
            interval_note(all_models, "english", "english"),
            explained="Mean over models, with a normal 95 % interval of that mean.",
        )
    with columns[3]:
        card(
            "Gap to other languages",
            figures.points(all_models["gap"]).lstrip("+"),
            interval_note(all_models, "gap", "gap", unit="pts"),
            explained="English accuracy minus the mean of the other languages, averaged over models.",
        )
