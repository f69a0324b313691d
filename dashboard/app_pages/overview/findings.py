"""What to look at: what stands out in the figures of a dataset, a sentence each, and the page that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dashboard.elements import figures
from dashboard.elements.sentences import and_list, first_places

_NAMED = 3  # languages named in a sentence; the rest are counted


@dataclass(frozen=True)
class Finding:
    """A sentence, and where to see more of it."""

    sentence: str
    page: str  # its name
    label: str
    query: Mapping[str, str]


def changes(figures: pd.DataFrame, *, dataset: str, names: Mapping[str, str], most: int = 3) -> list[Finding]:
    """Models that differ clearly from the one that they are built on: the greatest exchange, rise and fall.

    `figures`: engine/browse/built_on_changes.sql. Clear is a change whose interval leaves out 0; a model is told once.
    """
    clear = figures[(figures["ci_low"] > 0) | (figures["ci_high"] < 0)]
    if clear.empty:
        return []
    extent = clear.groupby("model")["change"].agg(rise="max", fall="min")
    rise, fall = extent["rise"].clip(lower=0), -extent["fall"].clip(upper=0)
    told: list[str] = []
    for greatest in (pd.concat([rise, fall], axis=1).min(axis=1), rise, fall):
        left = greatest[(greatest > 0) & ~greatest.index.isin(told)].sort_index()
        told += [str(left.idxmax())] if not left.empty else []
    return [_change(clear[clear["model"] == model], dataset=dataset, names=names) for model in told[:most]]


def calibration(models: pd.DataFrame, *, dataset: str) -> list[Finding]:
    """What RA says of lab models and what is true. `models`: engine/browse/calibration_models.sql."""
    if models["crossed"].isna().all():
        return []
    return [Finding(first_places(models), "calibration", "What really crossed", {"dataset": dataset})]


def _change(clear: pd.DataFrame, *, dataset: str, names: Mapping[str, str]) -> Finding:
    """The sentence of one model, from its clear changes."""
    first = clear.iloc[0]
    raised = clear[clear["change"] > 0].sort_values(["change", "language"], ascending=[False, True])
    lowered = clear[clear["change"] < 0].sort_values(["change", "language"])
    parts = [
        f"{verb} {_languages(rows, names)}"
        for verb, rows in (("raised", raised), ("lowered", lowered))
        if not rows.empty
    ]
    strategy = first["training_strategy"] if isinstance(first["training_strategy"], str) else "further training"
    changed = f"{strategy[:1].upper()}{strategy[1:]} {' and '.join(parts)}"
    text = f"{changed}: {first['own_name']}, from {first['base_name']}."
    return Finding(text, "pairs", "Its language pairs", {"dataset": dataset, "model": str(first["model"])})


def _languages(rows: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Languages with their changes, the first few by name."""
    told = [
        f"{names.get(row['language'], row['language'])} ({figures.points(row['change'])})"
        for _, row in rows.head(_NAMED).iterrows()
    ]
    more = len(rows) - _NAMED
    return and_list([*told, f"{more} more"] if more > 0 else told)
