"""The key figures of a model on language pairs, in a row of cards."""

import pandas as pd
import streamlit as st

from dashboard.choices.fact_subset import FactsPart
from dashboard.choices.selection import Selection
from dashboard.elements import figures
from dashboard.elements.key_figure import card, interval_note
from engine.browse.queries import Row
from engine.metrics.metric import Metric

_NO_FIGURE = "not measured"
_NO_PAIR = "Nothing is right in either of two languages, or no fact was measured in both."


def pair_figures(summary: Row, *, measure: Metric, selection: Selection, part: FactsPart) -> None:
    """Accuracy, mean of the pairs, the strongest and the weakest pair, and the number of facts."""
    shown = figures.points if measure.scale == "difference" else figures.percent
    columns = st.columns([1, 1, 1.3, 1.3, 1])
    with columns[0]:
        card(
            "Mean accuracy",
            figures.percent(summary["mean_accuracy"]),
            interval_note(summary, "mean_accuracy", "accuracy"),
            explained=f"Over {figures.counted(summary['n_languages'], 'language')}, from "
            f"{figures.percent(summary['lowest'])} to {figures.percent(summary['highest'])}; guessing "
            f"gives {figures.percent(selection.chance)}. The interval is on the safe side: as wide as if the "
            "languages erred alike.",
        )
    with columns[1]:
        card(
            f"Mean {measure.title.lower()}",
            shown(summary["mean_value"]),
            interval_note(summary, "mean_value", "mean")
            if measure.has_interval or not summary["n_pairs"]
            else figures.counted(summary["n_pairs"], "pair"),
            explained=f"Mean of {figures.counted(summary['n_pairs'], 'pair')} of languages; mean overlap is "
            f"{figures.points(summary['mean_above_chance'])} above chance."
            if summary["n_pairs"]
            else _NO_PAIR,
        )
    for column, label, which in ((columns[2], "Strongest pair", "strongest"), (columns[3], "Weakest pair", "weakest")):
        with column:
            pair = summary[f"{which}_pair"]
            names = "–" if pd.api.types.is_scalar(pair) else " · ".join(selection.names[tag] for tag in pair)
            is_none = pd.isna(summary[which])
            card(label, names, _NO_FIGURE if is_none else shown(summary[which]), explained=_NO_PAIR if is_none else "")
    with columns[4]:
        if part.is_all:
            card(
                "Facts",
                figures.number(summary["n_facts"]),
                f"× {figures.counted(summary['n_languages'], 'language')}",
            )
        elif summary["n_most"] > 0:
            card(
                "Facts of a pair",
                f"{figures.number(summary['n_least'])} to {figures.number(summary['n_most'])}",
                "a part of all",
                explained=part.words,
            )
        else:
            card("Facts of a pair", "–", "no such fact", explained=part.words)
