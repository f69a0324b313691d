"""One fact: which languages give the same answer to it, and whether that is the right one."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import pandas as pd

from dashboard.charts.kit.colour import ink
from dashboard.charts.kit.marks import column_axis, column_params, params, row_axis, with_tooltip
from dashboard.charts.kit.rows import complete
from dashboard.charts.kit.spec import Spec, filled, room_needed, template
from dashboard.charts.kit.theme import PALETTES, Theme

ROW_HEIGHT = 30

_KEYS = ("language_a", "language_b")
# "same" alone: nobody knows which option is right
_STATES = ("same, right", "same, wrong", "same", "different", "not measured")
_WIDTH = 460.0  # of an image; on a page the width is that of the place


def agreement_heatmap(answers: pd.DataFrame, *, order: Sequence[str], names: Mapping[str, str], theme: Theme) -> Spec:
    """Vega-Lite chart of a square of languages for one fact.

    `answers`: one row per language with language, predicted (an option's index or missing), option (its letter and
    text), correct (True, False or missing) and reason (why nothing was measured). Raises ValueError if a language
    stands twice.
    """
    said = complete(answers, {"language": order}, value="predicted", also=("option", "correct"))
    rows = [
        {
            "language_a": a["language"],
            "language_b": b["language"],
            "state": _state(a["predicted"], b["predicted"], a["correct"]),
            "answer_a": a["option"] or a["why"],
            "answer_b": b["option"] or b["why"],
            "letter": (a["option"] or "–")[:1] if a is b else "",
        }
        for a in said
        for b in said
    ]
    shown = {tag: names.get(tag, tag) for tag in order}
    values = {
        "names": shown,
        "room_needed": room_needed(list(shown.values())),
        "states": [state for state in _STATES if any(row["state"] == state for row in rows)],
    }
    height = ROW_HEIGHT * len(order)
    return filled(_template(theme), rows, values=values, domains={"x": order, "y": order}, height=height, width=_WIDTH)


def _state(a: int | None, b: int | None, correct: bool | None) -> str:
    if a is None or b is None:
        return "not measured"
    if a != b:
        return "different"
    return "same" if correct is None else "same, right" if correct else "same, wrong"


@cache
def _template(theme: Theme) -> Spec:
    palette = PALETTES[theme]
    fills = dict(
        zip(
            _STATES,
            (palette.right, palette.accent, palette.categories[2], palette.diagonal, palette.background),
            strict=True,
        )
    )
    inks = {state: ink(fill) for state, fill in fills.items()} | {"not measured": palette.muted}
    lines = {
        "Languages": "names[datum.language_a] + (datum.language_a == datum.language_b ? '' : ' and ' + "
        "names[datum.language_b])",
        "Answers": "datum.language_a == datum.language_b ? datum.answer_a : datum.answer_a + ' | ' + datum.answer_b",
        "Agreement": "datum.state",
    }
    edge = alt.expr(f"datum.state == 'not measured' ? '{palette.line}' : null")
    rectangles = alt.Chart().mark_rect(cornerRadius=3, stroke=edge, strokeDash=[3, 3])
    legend = alt.Legend(
        title=None,
        orient="bottom",
        direction="horizontal",
        columns=3,
        symbolType="square",
        symbolSize=140,
        symbolStrokeColor=palette.line,
        values=alt.expr("states"),
    )
    fill = alt.Fill("state:N", legend=legend).scale(domain=list(_STATES), range=list(fills.values()))
    letters = alt.Chart().mark_text(aria=False, fontSize=12, fontWeight="bold", color=alt.expr(f"{inks}[datum.state]"))
    chart = (
        alt.layer(
            with_tooltip(rectangles, lines).encode(fill=fill).properties(name="agreement"),
            letters.encode(text="letter:N"),
        )
        .encode(y=row_axis("language_a"), x=column_axis("language_b"))
        .add_params(*column_params(), *params("states"))
        .properties(description="Languages (rows and columns) that give the same answer to this fact")
    )
    return template(chart, theme=theme)
