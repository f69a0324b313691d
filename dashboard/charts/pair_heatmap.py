"""Pairs of languages as a square of cells: what a model knows in both, by any measure of pairs."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import pandas as pd

from dashboard.charts.kit.colour import WHITE, Ramp, ink, start_of_scale
from dashboard.charts.kit.marks import (
    cells_where,
    colour_scale,
    column_axis,
    column_params,
    count,
    ink_of_cells,
    interval,
    missing_cells,
    outline,
    params,
    percent,
    points,
    row_axis,
    share_label,
    with_tooltip,
)
from dashboard.charts.kit.rows import complete
from dashboard.charts.kit.spec import Spec, filled, room_needed, template
from dashboard.charts.kit.theme import PALETTES, Palette, Theme
from engine.metrics.metric import Metric

DIFFERENCE_SPAN = 0.4  # the diverging scale of a difference runs from minus to plus this for every model
ANNOTATED_LANGUAGES = 14  # beyond this many the cells are too small for figures
_ROOM = 34  # pixels that a column needs for a figure with its unit

_KEYS = ("language_a", "language_b")
_DIAGONAL = "datum.language_a == datum.language_b"
_COUNTS = ("n", "n_both", "n_only_a", "n_only_b", "expected", "ci_low", "ci_high")
_COUNT_LINES = {
    "Expected by chance": percent("expected"),
    "Right in both": count("n_both"),
    "Right in the first only": count("n_only_a"),
    "Right in the second only": count("n_only_b"),
    "Facts": count("n"),
}
_WIDTH = 640.0  # of an image; on a page the width is that of the place


def pair_heatmap(
    cells: pd.DataFrame,
    *,
    order: Sequence[str],
    names: Mapping[str, str],
    measure: Metric,
    chance: float,
    theme: Theme,
    selected: tuple[str, str] | None,
) -> Spec:
    """Vega-Lite chart of language pairs; a click selects (language_a, language_b) in the selection `cell`.

    `cells`: one row per ordered pair with language_a (row), language_b (column), value, reason and the counts; on the
    diagonal the value is the accuracy, 0 to 1. `measure` is one of pairs; `chance` is what guessing gives in it: there
    the scale of a share starts. A pair of `order` without a value is drawn as missing. Raises ValueError if a pair
    stands twice.
    """
    palette = PALETTES[theme]
    ramp, low, high = scale(palette, measure, chance)
    rows = complete(cells, {key: order for key in _KEYS}, value="value", also=_COUNTS)
    for row in rows:
        a, b, value = row["language_a"], row["language_b"], row["value"]
        row["white"] = None if a == b or value is None else ink(ramp.colour(value, low, high)) == WHITE
        row["selected"] = (a, b) == selected
    shown = {tag: names.get(tag, tag) for tag in order}
    values = {
        "names": shown,
        "room_needed": room_needed(list(shown.values())),
        "annotated": len(order) <= ANNOTATED_LANGUAGES,
        "columns": len(order),
        "stops": ramp.domain(low, high),
        "ticks": [low, (low + high) / 2, high],
    }
    return filled(
        _template(measure, theme),
        rows,
        values=values,
        domains={"x": order, "y": order},
        height=min(max(380 / max(len(order), 1), 16), 64) * len(order),
        width=_WIDTH,
    )


def scale(palette: Palette, measure: Metric, chance: float) -> tuple[Ramp, float, float]:
    """The ramp of a measure and the values at its two ends."""
    if measure.scale == "difference":
        return palette.diverging, -DIFFERENCE_SPAN, DIFFERENCE_SPAN
    return palette.sequential, start_of_scale(chance), 1.0


def _legend(measure: Metric) -> str:
    direction = "" if measure.is_symmetric else " from row to column"
    return f"{measure.title}{direction}{', points' if measure.scale == 'difference' else ''}"


@cache
def _template(measure: Metric, theme: Theme) -> Spec:
    palette, title = PALETTES[theme], measure.title
    is_points = measure.scale == "difference"
    figure = points("value") if is_points else percent("value")
    languages = {"Right in": "datum.row", "Compared with": "datum.column"}
    pair = with_tooltip(
        cells_where(f"isValid(datum.value) && !({_DIAGONAL})"),
        languages
        | {title: figure + (" + ' points'" if is_points else "")}
        | ({"95 % interval": interval()} if measure.has_interval else {})
        | _COUNT_LINES,
    )
    colour = colour_scale(
        "value",
        palette.diverging if is_points else palette.sequential,
        title=_legend(measure),
        label=figure if is_points else share_label(),
    )
    click = alt.selection_point(name="cell", fields=list(_KEYS), on="click", clear="dblclick")
    diagonal = with_tooltip(
        cells_where(f"isValid(datum.value) && {_DIAGONAL}", fill=palette.diagonal),
        {"Language": "datum.row", "Accuracy": percent("value"), "95 % interval": interval(), "Facts": count("n")},
    )
    italic = alt.expr(f"{_DIAGONAL} ? 'italic' : 'normal'")
    figures = alt.Chart().mark_text(aria=False, fontSize=12, color=ink_of_cells(palette), fontStyle=italic)
    chart = (
        alt.layer(
            with_tooltip(missing_cells(palette), languages | {title: "datum.why"}),
            diagonal,
            pair.encode(fill=colour).properties(name="pairs").add_params(click),
            figures.encode(text="figure:N").transform_filter("annotated"),
            outline(palette).transform_filter("datum.selected"),
        )
        .transform_calculate(
            row="names[datum.language_a]",
            column="names[datum.language_b]",
            figure=f"replace({_DIAGONAL} ? {percent('value')} : {figure}, width < {_ROOM} * columns ? ' %' : '', '')",
        )
        .encode(y=row_axis("language_a"), x=column_axis("language_b"))
        .add_params(*column_params(), *params("annotated", "columns", "stops", "ticks"))
        .properties(description=f"{title} between languages: a row and a column for each language")
    )
    return template(chart, theme=theme)
