"""What several pages say of figures, in plain sentences."""

from collections.abc import Sequence
from typing import get_args

import pandas as pd

from dashboard.elements import figures
from engine.browse.queries import FactsGroup, Row

GROUPS: tuple[FactsGroup, ...] = get_args(FactsGroup)


def and_list(parts: Sequence[str]) -> str:
    """Parts of a sentence with commas between them, and "and" before the last."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def unmeasured(model: str, title: str, languages: Sequence[str]) -> str:
    """That a model was not measured in the languages chosen, and in which it was."""
    if not languages:
        return (
            f"{model} was measured on none of {title}: each of its answers failed. Runs says why; ask it again there."
        )
    where = ", ".join(languages)
    return f"{model} was measured on {title} in too few of the chosen languages. Choose among {where}."


def none_measured(title: str, languages: Sequence[str]) -> str:
    """That no model was measured in the languages chosen, and in which some were."""
    if not languages:
        return f"Of {title} nothing was measured: every answer failed. Runs says why; ask again there."
    return f"Of {title} nothing was measured in the chosen languages. Choose among {', '.join(languages)}."


def group_title(group: FactsGroup, a: str, b: str) -> str:
    """What the facts of a group have in common."""
    return {
        "both": f"Right in {a} and in {b}",
        "only_a": f"Right in {a}, wrong in {b}",
        "only_b": f"Right in {b}, wrong in {a}",
        "wrong_alike": f"Wrong in {a} and {b}, with the same option",
        "wrong_differently": f"Wrong in {a} and {b}, in different ways",
    }[group]


def merged_note(template: str = "") -> str:
    """What it means that an option is merged; `template`: the wording by which it was asked."""
    is_cut = "harness" in template.split("+")
    scored = "as lm-evaluation-harness cuts it" if is_cut else "with it: log p(both) − log p(question)"
    return f"⋈ merged: for the model, this option shares a token with the end of the question. It is scored {scored}."


def first_places(models: pd.DataFrame) -> str:
    """Which model RA puts first, and which one crossed most. `models`: engine/browse/calibration_models.sql."""
    known = models.dropna(subset=["crossed", "ra"])
    if known.empty:
        return "There is no control, or nothing that could have crossed, so what crossed is not known."
    by_truth = known.sort_values(["place", "own_name"]).iloc[0]
    by_ra = known.sort_values(["ra_place", "own_name"]).iloc[0]
    crossed = f"{figures.percent(by_truth['crossed'])} (95 %: {bounds(by_truth, 'crossed')})"
    if by_ra["own_name"] == by_truth["own_name"]:
        return (
            f"RA puts {by_ra['own_name']} first ({figures.percent(by_ra['ra'])}), and there most did cross: of what "
            f"it was taught in other languages only, it knows {crossed}."
        )
    return (
        f"RA puts {by_ra['own_name']} first ({figures.percent(by_ra['ra'])}); in truth most crossed in "
        f"{by_truth['own_name']}: of what it was taught in other languages only, it knows {crossed}, "
        f"{by_ra['own_name']} {figures.percent(by_ra['crossed'])}."
    )


def bounds(row: Row, name: str) -> str:
    """The interval of a figure, with the minus sign that its lower end may have; a dash where it is missing."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if pd.isna(low) or pd.isna(high):
        return "–"
    return f"{figures.percent(low)} to {figures.percent(high)}".replace("-", "−")
