"""Models as points: how much they know against how unevenly, by how they were trained."""

from functools import lru_cache
from typing import Literal

import altair as alt
import pandas as pd

from dashboard.charts.kit.marks import count, params, percent, points, with_tooltip
from dashboard.charts.kit.rows import strict_rows
from dashboard.charts.kit.spec import Spec, filled, template
from dashboard.charts.kit.theme import PALETTES, Theme

Unit = Literal["share", "points"]

SHAPES = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down")

_HEIGHT, _WIDTH = 420.0, 900.0


def strategy_chart(
    models: pd.DataFrame,
    *,
    x_title: str,
    y_title: str,
    theme: Theme,
    x_unit: Unit = "share",
    y_unit: Unit = "points",
    selected_model: str | None = None,
) -> Spec:
    """Vega-Lite chart with a point per model; a click selects (model) in the selection `point`.

    `models`: one row per model with model, x and y (shares or differences of shares, -1 to 1), family,
    billion_parameters, strategy and n; a model without x or y is left out, and the page says so.
    """
    placed = models.dropna(subset=["x", "y"])
    placed = placed.assign(strategy=placed["strategy"].fillna("unknown"))
    return filled(
        _template(x_title, y_title, x_unit, y_unit, theme),
        strict_rows(placed, ("model", "x", "y", "strategy"), optional=("family", "billion_parameters", "n")),
        values={"selected": selected_model},
        domains={"x": _extent(placed["x"]), "y": _extent(placed["y"])},
        height=_HEIGHT,
        width=_WIDTH,
    )


def _extent(numbers: "pd.Series[float]") -> list[float]:
    """The range of an axis: all numbers, with a margin, so that no point lies on the edge."""
    if numbers.empty:
        return [0.0, 1.0]
    low, high = float(numbers.min()), float(numbers.max())
    margin = max((high - low) * 0.06, 0.01)
    return [low - margin, high + margin]


@lru_cache(maxsize=64)
def _template(x_title: str, y_title: str, x_unit: Unit, y_unit: Unit, theme: Theme) -> Spec:
    palette = PALETTES[theme]
    lines = {
        "Model": "datum.model",
        "Family": "isValid(datum.family) ? datum.family : '–'",
        "Size": "isValid(datum.billion_parameters) ? datum.billion_parameters + ' billion' : '–'",
        "Training": "datum.strategy",
        x_title: _shown("x", x_unit),
        y_title: _shown("y", y_unit),
        "Facts": count("n"),
    }
    legend = alt.Legend(title="Training", orient="bottom", columns=2, symbolSize=110, columnPadding=24)
    marks = with_tooltip(
        alt.Chart().mark_point(
            filled=True, size=130, opacity=1, cursor="pointer", stroke=palette.background, strokeWidth=1
        ),
        lines,
    ).encode(
        color=alt.Color("strategy:N", sort=None, legend=legend).scale(range=list(palette.categories)),
        shape=alt.Shape("strategy:N", sort=None, legend=legend).scale(range=list(SHAPES)),
    )
    ring = alt.Chart().mark_point(aria=False, filled=False, size=420, color=palette.accent, strokeWidth=3, opacity=1)
    click = alt.selection_point(name="point", fields=["model"], on="click", clear="dblclick")
    chart = (
        alt.layer(marks.properties(name="models").add_params(click), ring.transform_filter("datum.model == selected"))
        .encode(
            x=alt.X("x:Q", axis=_axis(x_title, x_unit)).scale(zero=False, nice=True),
            y=alt.Y("y:Q", axis=_axis(y_title, y_unit)).scale(zero=False, nice=True),
        )
        .add_params(*params("selected"))
        .properties(description=f"{y_title} against {x_title.lower()}, a point for each model")
    )
    return template(chart, theme=theme)


def _axis(title: str, unit: Unit) -> alt.Axis:
    label, title = (percent("value"), title) if unit == "share" else (points("value"), f"{title}, points")
    return alt.Axis(title=title, labelExpr=label, grid=True, titlePadding=10, tickCount=6)


def _shown(field: str, unit: Unit) -> str:
    return percent(field) if unit == "share" else f"{points(field)} + ' points'"
