"""What a view shows and what stands out in it, in plain sentences made from its figures."""

from collections.abc import Mapping, Sequence

import pandas as pd

from engine.browse.queries import FactsGroup, Row


def percent(value: float | None) -> str:
    """A share as a whole per cent; a missing one as a dash."""
    return "–" if value is None or pd.isna(value) else f"{100 * value:.0f} %"


def points(value: float | None) -> str:
    """A difference of shares in points, with its sign; a missing one as a dash."""
    return "–" if value is None or pd.isna(value) else f"{100 * value:+.0f} pts".replace("-", "−")


def interval(low: float | None, high: float | None) -> str:
    """A 95 % interval of a share; empty where it is missing."""
    return "" if low is None or pd.isna(low) or pd.isna(high) else f"{100 * low:.0f}–{100 * high:.0f} %"


def number(value: float | None) -> str:
    """A count with its thousands; a missing one as a dash."""
    return "–" if value is None or pd.isna(value) else f"{int(value):,}"


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


def counted(n: float, thing: str) -> str:
    """A number with what it counts, in the singular for one."""
    return f"{int(n):,} {thing}{'' if n == 1 else 's'}"


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


def pair(cell: Row, *, model: str, title: str, names: Mapping[str, str]) -> str:
    """What a model knows in the first language of a pair and not in the second."""
    a, b = names[str(cell["language_a"])], names[str(cell["language_b"])]
    if not cell["n"]:
        return f"No fact was measured of {model} both in {a} and in {b}, so there is nothing to compare."
    return (
        f"{model} knows {int(cell['n_only_a'])} of {int(cell['n'])} {title} in {a} that it does not know in "
        f"{b}, and {int(cell['n_only_b'])} the other way round."
    )


def group_title(group: FactsGroup, a: str, b: str) -> str:
    """What the facts of a group have in common."""
    return {
        "both": f"Right in {a} and in {b}",
        "only_a": f"Right in {a}, wrong in {b}",
        "only_b": f"Right in {b}, wrong in {a}",
        "wrong_alike": f"Wrong in {a} and {b}, with the same option",
        "wrong_differently": f"Wrong in {a} and {b}, in different ways",
    }[group]


def letters(indices: Sequence[int]) -> str:
    """Option indices as letters, A for 0; a dash for none."""
    return ", ".join(chr(ord("A") + index) if index < 26 else str(index + 1) for index in indices) or "–"


def fact(*, model: str, right: list[str], n_languages: int) -> str:
    """In which languages a model answers a fact right, of those in which it was measured."""
    if not n_languages:
        return f"{model} was measured on this fact in none of the chosen languages."
    if n_languages == 1:
        return (
            f"{model} answers this fact {'right' if right else 'wrong'} in the one language in which it was measured."
        )
    if not right:
        return f"{model} answers this fact right in none of {n_languages} languages."
    if len(right) == 1:
        return f"{model} answers this fact right in {right[0]} only, of {n_languages} languages."
    where = f": {', '.join(right)}" if len(right) < n_languages else ""
    return f"{model} answers this fact right in {len(right)} of {n_languages} languages{where}."


def merged(template: str = "") -> str:
    """What it means that an option is merged; `template`: the wording by which it was asked."""
    is_cut = "harness" in template.split("+")
    scored = "as lm-evaluation-harness cuts it" if is_cut else "with it: log p(both) − log p(question)"
    return f"⋈ merged: for the model, this option shares a token with the end of the question. It is scored {scored}."


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


def found(first: Row, *, model: str, words: str, has_answers: bool = True) -> str:
    """How many facts a search found, and how many of them a model knows everywhere and nowhere.

    `first`: any row; `has_answers`: whether single answers of the model are there at all. Only a fact that was measured
    in every chosen language can be known in all of them, or in none.
    """
    facts = f"{counted(first['n_facts'], 'fact')}{' ' + words if words else ''}"
    n_facts, n_complete = int(first["n_facts"]), int(first["n_complete"])
    if not has_answers:
        return f"{facts}."
    if not first["n_measured"]:
        return f"{facts}; {model} was measured on none of them in the chosen languages."
    if not n_complete:
        return (
            f"{facts}; {model} was measured on none of them in all of the chosen languages, so it cannot be said which "
            "it knows in every one. Choose languages in which the same facts were measured."
        )
    everywhere, nowhere = f"{int(first['n_everywhere']):,}", f"{int(first['n_nowhere']):,}"
    if n_complete == n_facts:
        return f"{facts}; {model} knows {everywhere} of them in every language and {nowhere} in none."
    return (
        f"{facts}; {model} was measured on {n_complete:,} of them in every chosen language: it knows {everywhere} in "
        f"all of these, and {nowhere} in none."
    )
