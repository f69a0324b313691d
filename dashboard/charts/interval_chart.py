"""Figures as points with their 95 % intervals, side by side."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import altair as alt
import pandas as pd

from dashboard.charts.kit.marks import column_axis, column_params, count, interval, percent, with_tooltip
from dashboard.charts.kit.rows import complete
from dashboard.charts.kit.spec import Spec, filled, room_needed, template
from dashboard.charts.kit.theme import PALETTES, Theme

_HEIGHT = 190.0
_WIDTH = 560.0  # of an image; on a page the width is that of the place


def interval_chart(
    figures: pd.DataFrame, *, order: Sequence[str], names: Mapping[str, str], title: str, note: str, theme: Theme
) -> Spec:
    """Vega-Lite chart with a point and its interval for each key of `order`, on a scale from 0 to 1.

    `figures`: one row per key with key, value, ci_low, ci_high, n and reason; a point without an interval stands
    alone, a missing figure is not drawn. `note` is said on hover, for what a reader must know of the measure. Raises
    ValueError if a key stands twice.
    """
    shown = {key: names.get(key, key) for key in order}
    return filled(
        _template(title, theme),
        complete(figures, {"key": order}, value="value", also=("ci_low", "ci_high", "n")),
        values={"names": shown, "room_needed": room_needed(list(shown.values())), "note": note},
        domains={"x": order},
        height=_HEIGHT,
        width=_WIDTH,
    )


@lru_cache(maxsize=16)
def _template(title: str, theme: Theme) -> Spec:
    palette = PALETTES[theme]
    lines = {
        "For": "names[datum.key]",
        title: percent("value"),
        "95 % interval": interval(),
        "Facts": count("n"),
        "Note": "note",
    }
    bars = alt.Chart().mark_rule(aria=False, strokeWidth=2, color=palette.right).encode(y="ci_low:Q", y2="ci_high:Q")
    marks = alt.Chart().mark_point(filled=True, size=110, opacity=1, color=palette.right)
    figures = alt.Chart().mark_text(aria=False, dx=22, fontSize=12, color=palette.text)
    chart = (
        alt.layer(
            bars.transform_filter("isValid(datum.ci_low)"),
            with_tooltip(marks, lines).transform_filter("isValid(datum.value)").properties(name="figures"),
            figures.encode(text="figure:N").transform_filter("isValid(datum.value)"),
        )
        .transform_calculate(figure=percent("value"))
        .encode(
            x=column_axis("key"),
            y=alt.Y(
                "value:Q",
                axis=alt.Axis(title=title, labelExpr=percent("value"), grid=True, tickCount=5),
                scale=alt.Scale(domain=[0, 1]),
            ),
        )
        .add_params(*column_params(), alt.param(name="note", value=None))
        .properties(description=f"{title}, with 95 % intervals")
    )
    return template(chart, theme=theme)
