"""What two wordings of one language share, beside what two languages share."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import pandas as pd

from dashboard.charts.kit.language_columns import ROOM_OF_FIGURE, axis_with_rows, empty_columns, figure
from dashboard.charts.kit.marks import column_axis, column_params, count, params, percent, points, with_tooltip
from dashboard.charts.kit.rows import complete
from dashboard.charts.kit.spec import Spec, filled, room_needed, template
from dashboard.charts.kit.theme import PALETTES, Theme

_HEIGHT = 320.0
_WIDTH = 560.0  # of an image; on a page the width is that of the place
_ROWS = {"facts": -0.2}  # the numbers of facts stand in a row below the overlaps
_TICKS = (*_ROWS.values(), 0, 0.2, 0.4, 0.6, 0.8, 1)
_BETWEEN = {"wordings": "Two wordings of the language", "languages": "The language and another one"}

_NOTE = "overlap: of the facts right in either, the share right in both"


def wording_chart(figures: pd.DataFrame, *, order: Sequence[str], names: Mapping[str, str], theme: Theme) -> Spec:
    """Vega-Lite chart with two dots for each language, the overlaps of the metric wording_overlap, and a line between.

    `figures`: one row per language with language, between_wordings, between_languages, gap, ci_low, ci_high,
    n_wordings, n, and why an overlap is missing: reason_wordings, reason_languages. A missing overlap is drawn as
    missing. Raises ValueError if a language stands twice.
    """
    shown = {tag: names.get(tag, tag) for tag in order}
    dots = pd.concat(
        figures.assign(
            between=kind,
            overlap=figures[f"between_{kind}"],
            other=figures[f"between_{'languages' if kind == 'wordings' else 'wordings'}"],
            reason=figures[f"reason_{kind}"],
        )
        for kind in _BETWEEN
    )
    also = ("other", "gap", "ci_low", "ci_high", "n_wordings", "n")
    return filled(
        _template(theme),
        complete(dots, {"language": order, "between": list(_BETWEEN)}, value="overlap", also=also),
        values={
            "names": shown,
            "room_needed": room_needed(list(shown.values())),
            "room": ROOM_OF_FIGURE * len(order),
            "between": _BETWEEN,
        },
        domains={"x": order},
        height=_HEIGHT,
        width=_WIDTH,
    )


@cache
def _template(theme: Theme) -> Spec:
    palette = PALETTES[theme]
    place = {"Language": "names[datum.language]", "Between": "between[datum.between]"}
    lines = place | {
        "Overlap": percent("overlap"),
        "Wordings less languages": f"{points('gap')} + (isValid(datum.gap) ? ' points' : '')",
        "95 % interval": f"isValid(datum.ci_low) ? {points('ci_low')} + ' to ' + {points('ci_high')} + ' points' : '–'",
        "Wordings": count("n_wordings"),
        "Facts": count("n"),
        "Note": f"'{_NOTE}'",
    }
    is_known, is_upper = "isValid(datum.overlap)", "datum.between == 'wordings'"
    # each overlap that is missing takes its half of the column
    empty = with_tooltip(empty_columns(palette), place | {"Overlap": "datum.why"}).transform_calculate(
        top=f"{is_upper} ? 1 : 0.5", bottom=f"{is_upper} ? 0.5 : 0"
    )
    lines_between = alt.Chart().mark_rule(aria=False, strokeWidth=3, color=palette.line)
    dots = alt.Chart().mark_point(filled=True, size=130, opacity=1)
    # the figures stand outside the two dots, so that they never cover each other
    is_higher = f"!isValid(datum.other) || datum.overlap > datum.other || (datum.overlap == datum.other && {is_upper})"
    figures = figure(color=palette.text, dy=alt.expr(f"{is_higher} ? -15 : 15"))
    kinds = alt.Legend(title=None, orient="bottom", direction="vertical", labelExpr="between[datum.value]")
    axis = axis_with_rows("Overlap", _ROWS, values=_TICKS, label=percent("value"))
    colours, shapes = list(palette.categories[:2]), ["circle", "diamond"]
    chart = (
        alt.layer(
            empty.encode(y="top:Q", y2="bottom:Q"),
            lines_between.encode(y2="other:Q").transform_filter(f"{is_known} && isValid(datum.other) && {is_upper}"),
            with_tooltip(dots, lines)
            .encode(
                color=alt.Color("between:N", sort=None, legend=kinds).scale(domain=list(_BETWEEN), range=colours),
                shape=alt.Shape("between:N", sort=None, legend=kinds).scale(domain=list(_BETWEEN), range=shapes),
            )
            .transform_filter(is_known)
            .properties(name="overlaps"),
            figures.encode(text="in_words:N").transform_filter(is_known),
            figure(color=palette.muted)
            .encode(text="n_in_words:N", y=alt.datum(_ROWS["facts"]))
            .transform_filter(is_upper),
        )
        .transform_calculate(in_words=percent("overlap"), n_in_words=count("n"))
        .encode(
            x=column_axis("language"),
            y=alt.Y("overlap:Q", axis=axis, scale=alt.Scale(domain=[-0.26, 1.1], nice=False)),
        )
        .add_params(*column_params(), *params("room", "between"))
        .properties(description="Overlap between wordings and between languages, in each language")
    )
    return template(chart, theme=theme)
