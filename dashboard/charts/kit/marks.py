"""The parts that the charts share: cells, axes, the scale of colours, what is said on hover."""

import json
from collections.abc import Mapping
from typing import Any

import altair as alt

from dashboard.charts.kit.colour import BLACK, WHITE, Ramp
from dashboard.charts.kit.theme import Palette


def percent(field: str) -> str:
    """A Vega expression: a share, 0 to 1, as a whole per cent; a dash where it is missing."""
    return f"(isValid(datum.{field}) ? format(100 * datum.{field}, '.0f') + ' %' : '–')"


def points(field: str) -> str:
    """A Vega expression: a difference of shares in points, with its sign; a dash where it is missing."""
    return f"(!isValid(datum.{field}) ? '–' : abs(datum.{field}) < 0.005 ? '0' : format(100 * datum.{field}, '+.0f'))"


def count(field: str) -> str:
    """A Vega expression: a whole number; a dash where it is missing."""
    return f"(isValid(datum.{field}) ? format(datum.{field}, ',') : '–')"


def interval() -> str:
    """A Vega expression: the 95 % interval of a share in the fields ci_low and ci_high; a dash where it is missing."""
    return f"isValid(datum.ci_low) ? {percent('ci_low')} + ' – ' + {percent('ci_high')} : '–'"


def with_tooltip(chart: alt.Chart, lines: Mapping[str, str]) -> alt.Chart:
    """A chart whose marks say `lines` (title: Vega expression) on hover; their accessible name is the same text."""
    fields = {f"line_{number}": expression for number, expression in enumerate(lines.values())}
    said = " + '; ' + ".join(
        f"{json.dumps(title + ': ')} + datum.{field}" for field, title in zip(fields, lines, strict=True)
    )
    tips = [alt.Tooltip(f"{field}:N", title=title) for field, title in zip(fields, lines, strict=True)]
    return chart.transform_calculate(**fields, said=said).encode(tooltip=tips, description="said:N")


def cells_where(test: str, **look: Any) -> alt.Chart:
    """The cells for which a Vega expression holds, as rectangles that can be clicked."""
    chart: alt.Chart = alt.Chart().mark_rect(cornerRadius=3, cursor="pointer", **look)
    return chart.transform_filter(test)


def missing_cells(palette: Palette) -> alt.Chart:
    """The cells without a value: empty, with a dashed edge."""
    look: dict[str, Any] = {"fill": palette.background, "fillOpacity": 0, "stroke": palette.line, "strokeDash": [3, 3]}
    return cells_where("isValid(datum.why)", **look)


def ink_of_cells(palette: Palette) -> alt.ExprRef:
    """The ink of figures in cells, by the field `white`; outside the scale's colours the theme's text."""
    return alt.expr(f"isValid(datum.white) ? (datum.white ? '{WHITE}' : '{BLACK}') : '{palette.text}'")


def outline(palette: Palette) -> alt.Chart:
    """The edge of what is selected; as the last layer it lies on top of the neighbours."""
    look: dict[str, Any] = {"fillOpacity": 0, "stroke": palette.accent, "strokeWidth": 3, "cornerRadius": 3}
    chart: alt.Chart = alt.Chart().mark_rect(aria=False, **look)
    return chart


def column_axis(field: str, **look: Any) -> alt.X:
    """The names along the top, upright where they fit: the params `names` and `room_needed` come per call."""
    look |= {"labelAngle": alt.expr("slant"), "labelAlign": alt.expr("slant ? 'left' : 'center'")}
    look |= {"labelBaseline": alt.expr("slant ? 'middle' : 'bottom'"), "labelLimit": 130}
    axis = alt.Axis(labelExpr="names[datum.value]", orient="top", title=None, **look)
    return alt.X(f"{field}:N", axis=axis, scale=alt.Scale(paddingInner=0.05, paddingOuter=0))


def row_axis(field: str, **look: Any) -> alt.Y:
    """The names at the left; the param `names` comes per call."""
    axis = alt.Axis(labelExpr="names[datum.value]", orient="left", title=None, **look)
    return alt.Y(f"{field}:N", axis=axis, scale=alt.Scale(paddingInner=0.06, paddingOuter=0))


def colour_scale(field: str, ramp: Ramp, *, title: str, label: str) -> alt.Fill:
    """The fill of a value: a ramp over the values in the param `stops`, with a legend at the values in `ticks`."""
    domain = [alt.expr(f"stops[{i}]") for i in range(len(ramp.stops))]
    scale = alt.Scale(domain=domain, range=list(ramp.stops), interpolate="rgb", clamp=True, type="linear")
    bar = alt.Legend(
        title=title,
        values=alt.expr("ticks"),
        labelExpr=label,
        orient="bottom",
        direction="horizontal",
        gradientLength=220,
    )
    return alt.Fill(f"{field}:Q", scale=scale, legend=bar)


def share_label() -> str:
    """A Vega expression for the legend of a share: per cent, and at the start of the scale that it is chance."""
    return f"(datum.value <= stops[0] ? 'chance ' : '') + {percent('value')}"


def params(*names: str) -> list[alt.Parameter]:
    """Named params, to be filled with values at each call."""
    return [alt.param(name=name, value=None) for name in names]


def column_params() -> list[alt.Parameter]:
    """The params of `column_axis`; the angle follows the width of the place, also when the window changes."""
    return [*params("names", "room_needed"), alt.param(name="slant", expr="width < room_needed ? -40 : 0")]
