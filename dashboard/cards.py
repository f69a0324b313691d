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

_NO_FIGURE = "not measured"
_NO_PAIR = "Nothing is right in either of two languages, or no fact was measured in both."


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
            _interval(summary, "mean_accuracy", "accuracy"),
            explained=f"Over {sentences.counted(summary['n_languages'], 'language')}, from "
            f"{sentences.percent(summary['lowest'])} to {sentences.percent(summary['highest'])}; guessing "
            f"gives {sentences.percent(selection.chance)}. The interval is on the safe side: as wide as if the "
            "languages erred alike.",
        )
    with columns[1]:
        card(
            f"Mean {TITLES[measure].lower()}",
            shown(summary["mean_value"]),
            _interval(summary, "mean_value", "mean")
            if measure != "above_chance" or not summary["n_pairs"]
            else sentences.counted(summary["n_pairs"], "pair"),
            explained=f"Mean of {sentences.counted(summary['n_pairs'], 'pair')} of languages; mean overlap is "
            f"{sentences.points(summary['mean_above_chance'])} above chance."
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
                sentences.number(summary["n_facts"]),
                f"× {sentences.counted(summary['n_languages'], 'language')}",
            )
        elif summary["n_most"] > 0:
            card(
                "Facts of a pair",
                f"{sentences.number(summary['n_least'])} to {sentences.number(summary['n_most'])}",
                "a part of all",
                explained=part.words,
            )
        else:
            card("Facts of a pair", "–", "no such fact", explained=part.words)


def overview_figures(figures: Row, summary: pd.DataFrame) -> None:
    """Number of models, the best one, English, and the gap to the other languages."""
    best = summary.dropna(subset=["mean_accuracy"]).iloc[0]
    columns = st.columns([1, 1.6, 1.2, 1.2])
    with columns[0]:
        card("Models", f"{int(figures['n_models'])}", f"n = {sentences.counted(figures['n_facts'], 'fact')}")
    with columns[1]:
        card("Best model", str(best["model"]), f"{sentences.percent(best['mean_accuracy'])} mean accuracy")
    with columns[2]:
        card(
            "English accuracy",
            sentences.percent(figures["english"]),
            _interval(figures, "english", "english"),
            explained="Mean over models, with a normal 95 % interval of that mean.",
        )
    with columns[3]:
        card(
            "Gap to other languages",
            sentences.points(figures["gap"]).lstrip("+"),
            _interval(figures, "gap", "gap", unit="pts"),
            explained="English accuracy minus the mean of the other languages, averaged over models.",
        )


def _interval(row: Row, value: str, bounds: str, *, unit: str = "%") -> str:
    """What stands below a figure: its 95 % interval, or that there is none."""
    if pd.isna(row[value]):
        return _NO_FIGURE
    shown = sentences.interval(row[f"{bounds}_low"], row[f"{bounds}_high"])
    return f"95 %: {shown.replace('%', unit)}" if shown else "no interval"
