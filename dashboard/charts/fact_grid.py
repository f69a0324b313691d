"""One fact: which models get it right in which language."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import pandas as pd

from dashboard.charts.kit.colour import ink
from dashboard.charts.kit.marks import column_axis, column_params, row_axis, with_tooltip
from dashboard.charts.kit.rows import complete
from dashboard.charts.kit.spec import Spec, filled, room_needed, template
from dashboard.charts.kit.theme import PALETTES, Theme

ROW_HEIGHT = 19

_KEYS = ("model", "language")
_SIGNS: Mapping[str, str] = {"right": "✓", "wrong": "✗", "not measured": "–"}
_WIDTH = 760.0  # of an image; on a page the width is that of the place


def fact_grid(
    cells: pd.DataFrame, *, models: Sequence[str], order: Sequence[str], names: Mapping[str, str], theme: Theme
) -> Spec:
    """Vega-Lite chart of models and languages for one fact; a click selects (model, language) in `cell`.

    `cells`: one row per model and language with correct (True, False or missing), said (what the model answered, or
    None) and reason. Raises ValueError if a model and language stand twice.
    """
    rows = complete(cells, {"model": models, "language": order}, value="correct", also=("said",))
    for row in rows:
        correct = row.pop("correct")
        row["state"] = "not measured" if correct is None else "right" if correct else "wrong"
    shown = {key: names.get(key, key) for key in (*models, *order)}
    return filled(
        _template(theme),
        rows,
        values={
            "names": shown,
            "room_needed": room_needed([shown[tag] for tag in order]),
        },
        domains={"x": order, "y": models},
        height=ROW_HEIGHT * len(models),
        width=_WIDTH,
    )


@cache
def _template(theme: Theme) -> Spec:
    palette, states = PALETTES[theme], list(_SIGNS)
    fills = [palette.right, palette.wrong, palette.background]
    signs = dict(zip(states, [ink(palette.right), ink(palette.wrong), palette.muted], strict=True))
    answer = "datum.state + (isValid(datum.said) ? ' (said ' + datum.said + ')' : '')"
    lines = {
        "Model": "names[datum.model]",
        "Language": "names[datum.language]",
        "Answer": f"isValid(datum.why) ? datum.why : {answer}",
    }
    click = alt.selection_point(name="cell", fields=list(_KEYS), on="click", clear="dblclick")
    edge = alt.expr(f"datum.state == 'not measured' ? '{palette.line}' : null")
    rectangles = alt.Chart().mark_rect(cornerRadius=2, cursor="pointer", stroke=edge, strokeDash=[3, 3])
    legend = alt.Legend(
        title=None,
        labelExpr=f"{dict(_SIGNS)}[datum.value] + ' ' + datum.label",
        orient="bottom",
        direction="horizontal",
        symbolType="square",
        symbolSize=140,
        symbolStrokeColor=palette.line,
    )
    fill = alt.Fill("state:N", legend=legend).scale(domain=states, range=fills)
    symbols = alt.Chart().mark_text(aria=False, fontSize=11, fontWeight="bold", color=alt.expr(f"{signs}[datum.state]"))
    chart = (
        alt.layer(
            with_tooltip(rectangles, lines).encode(fill=fill).properties(name="answers").add_params(click),
            symbols.encode(text="sign:N"),
        )
        .transform_calculate(sign=f"{dict(_SIGNS)}[datum.state]")
        .encode(y=row_axis("model", labelFontSize=11), x=column_axis("language"))
        .add_params(*column_params())
        .properties(description="Models (rows) that get this fact right or wrong in each language (columns)")
    )
    return template(chart, theme=theme)
