"""What charts with a column for each language share: figures that give way where it is narrow, and empty columns."""

from collections.abc import Mapping
from typing import Any

import altair as alt

from dashboard.charts.kit.theme import Palette

ROOM_OF_FIGURE = 33.0  # pixels: a column narrower than "100 %" says its figures on hover alone
_IS_NARROW = "width < room"  # the param `room` comes per call


def figure(**look: Any) -> alt.Chart:
    """A figure as text, unseen where the columns are too narrow for it."""
    chart: alt.Chart = alt.Chart().mark_text(aria=False, fontSize=12, opacity=alt.expr(f"{_IS_NARROW} ? 0 : 1"), **look)
    return chart


def axis_with_rows(title: str, rows: Mapping[str, float], *, values: Any, label: str) -> alt.Axis:
    """The axis of the scale; `rows` name the figures that stand below it, without a scale, at values below 0."""
    names = " : ".join(f"datum.value == {place} ? '{name}'" for name, place in rows.items()) + " : ''"
    return alt.Axis(
        title=title,
        values=values,
        grid=True,
        gridOpacity=alt.expr("datum.value < 0 ? 0 : 1"),
        labelExpr=f"datum.value < 0 ? ({_IS_NARROW} ? '' : {names}) : {label}",
    )


def empty_columns(palette: Palette) -> alt.Chart:
    """The place of a missing figure: empty, with a dashed edge."""
    chart: alt.Chart = alt.Chart().mark_rect(
        cornerRadius=3, fill=palette.background, fillOpacity=0, stroke=palette.line, strokeDash=[3, 3]
    )
    return chart.transform_filter("isValid(datum.why)")
