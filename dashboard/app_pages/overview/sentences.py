"""What the Overview page says, in sentences made from its figures."""

import pandas as pd

from dashboard.elements.figures import counted, percent
from engine.browse.queries import Row


def overview(figures: Row, *, title: str) -> str:
    """Where the models stand on a dataset, over all of them."""
    models, n_facts, others = counted(figures["n_models"], "model"), int(figures["n_facts"]), int(figures["n_others"])
    if pd.isna(figures["gap"]):
        languages = counted(others + int(pd.notna(figures["english"])), "language")
        return f"{models} on {title}, {counted(n_facts, 'fact')} in {languages}."
    return (
        f"On average over {models}, {title} are right {percent(figures['english'])} of the time in "
        f"English and {percent(figures['others'])} in the {counted(others, 'other language')} (n = {n_facts} facts in "
        "each language)."
    )


def gap(summary: pd.DataFrame) -> str:
    """Which models lose most and least between English and the other languages; empty without English."""
    known = summary.dropna(subset=["gap"]).sort_values(["gap", "model"])
    if len(known) < 2:
        return ""
    least, most = known.iloc[0], known.iloc[-1]
    return (
        f"{most['model']} loses most outside English ({percent(most['english'])} to {percent(most['others'])}), "
        f"{least['model']} least ({percent(least['english'])} to {percent(least['others'])})."
    )


def undrawn(points: pd.DataFrame) -> str:
    """How many models a chart of x and y leaves out, and why."""
    missing = int(points[["x", "y"]].isna().any(axis=1).sum())
    if missing == len(points):
        return "No model has both figures, so there is nothing to draw."
    shown = (
        f"{counted(len(points) - missing, 'model')}, by how they were trained; higher means more in common than chance "
        "explains."
    )
    return f"{shown} {missing} without such figures are left out." if missing else shown
