"""Key figures in a row of cards, each with its n or its interval."""

import html

import pandas as pd
import streamlit as st

from dashboard import sentences
from dashboard.charts.pair_heatmap import TITLES, Measure
from dashboard.facts_part import FactsPart
from dashboard.selection import Selection
from dashboard.visible_text import visible
from engine.browse.queries import Row


def card(label: str, value: str, note: str, *, explained: str = "") -> None:
    """One figure, a note below it, and an explanation on hover.

    Not st.metric, which reads its value as Markdown: a value may quote data, such as a model's name.
    """
    hint = f' <span class="iso-hint" title="{html.escape(explained)}" tabindex="0">ⓘ</span>' if explained else ""
    st.html(
        f'<div class="iso-figure"><div>{visible(label)}{hint}</div><div class="iso-value">{visible(value)}</div>'
        f'<div class="iso-note">{visible(note)}</div></div>'
    )


def pair_figures(summary: Row, *, measure: Measure, selection: Selection, part: FactsPart) -> None:
    """Accuracy, mean of the pairs, the strongest and the weakest pair, and the number of facts."""
    shown = sentences.points if measure == "above_chance" else sentences.percent
    columns = st.columns([1, 1, 1.3, 1.3, 1])
    with columns[0]:
        card(
            "Mean accuracy",
            sentences.percent(summary["mean_accuracy"]),
            f"95 %: {sentences.interval(summary['accuracy_low'], summary['accuracy_high']) or '–'}",
            explained=f"Over {summary['n_languages']} languages, from {sentences.percent(summary['lowest'])} to "
            f"{sentences.percent(summary['highest'])}; guessing gives {sentences.percent(selection.chance)}. "
            "The interval is on the safe side: as wide as if the languages erred alike.",
        )
    with columns[1]:
        card(
            f"Mean {TITLES[measure].lower()}",
            shown(summary["mean_value"]),
            f"95 %: {sentences.interval(summary['mean_low'], summary['mean_high']) or '–'}"
            if measure != "above_chance"
            else f"{summary['n_pairs']} pairs",
            explained=f"Mean of {summary['n_pairs']} pairs of languages; mean overlap is "
            f"{sentences.points(summary['mean_above_chance'])} above chance.",
        )
    for column, label, which in ((columns[2], "Strongest pair", "strongest"), (columns[3], "Weakest pair", "weakest")):
        with column:
            pair = summary[f"{which}_pair"]
            names = "–" if pd.api.types.is_scalar(pair) else " · ".join(selection.names[tag] for tag in pair)
            card(label, names, shown(summary[which]))
    with columns[4]:
        if part.is_all:
            card("Facts", sentences.number(summary["n_facts"]), f"× {summary['n_languages']} languages")
        else:
            card(
                "Facts of a pair",
                f"{sentences.number(summary['n_least'])} to {sentences.number(summary['n_most'])}",
                "a part of all",
                explained=part.words,
            )


def overview_figures(figures: Row, summary: pd.DataFrame) -> None:
    """Number of models, the best one, English, and the gap to the other languages."""
    best = summary.dropna(subset=["mean_accuracy"]).iloc[0]
    columns = st.columns([1, 1.6, 1.2, 1.2])
    with columns[0]:
        card("Models", f"{int(figures['n_models'])}", f"n = {int(figures['n_facts'])} facts")
    with columns[1]:
        card("Best model", str(best["model"]), f"{sentences.percent(best['mean_accuracy'])} mean accuracy")
    with columns[2]:
        card(
            "English accuracy",
            sentences.percent(figures["english"]),
            f"95 %: {sentences.interval(figures['english_low'], figures['english_high']) or '–'}",
            explained="Mean over models, with a normal 95 % interval of that mean.",
        )
    with columns[3]:
        card(
            "Gap to other languages",
            sentences.points(figures["gap"]).lstrip("+"),
            f"95 %: {sentences.interval(figures['gap_low'], figures['gap_high']).replace(' %', ' pts') or '–'}",
            explained="English accuracy minus the mean of the other languages, averaged over models.",
        )
