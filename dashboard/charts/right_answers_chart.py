"""What a lab model's right answers in each language are made of, and what RA says beside it."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import pandas as pd

from dashboard.charts.kit.language_columns import ROOM_OF_FIGURE, axis_with_rows, empty_columns, figure
from dashboard.charts.kit.marks import column_axis, column_params, count, interval, params, percent, with_tooltip
from dashboard.charts.kit.rows import complete
from dashboard.charts.kit.spec import Spec, filled, room_needed, template
from dashboard.charts.kit.theme import PALETTES, Theme

PARTS = {"crossed": "Crossed", "stored": "Stored: taught in this language", "guessed": "Guessed"}
_HEIGHT = 280.0
_WIDTH = 640.0  # of an image; on a page the width is that of the place
_ROWS = {"right": -0.1, "control": -0.2}  # figures without a scale stand in rows below the bars
_TICKS = (*sorted(_ROWS.values()), 0, 0.25, 0.5, 0.75, 1)
_ALSO = (
    "ci_low", "ci_high", "crossed_share", "stored", "n_right", "n_here", "n_elsewhere", "n_nowhere",
    "accuracy_elsewhere", "accuracy_nowhere", "ra", "overlap",
)  # fmt: skip


def right_answers_chart(figures: pd.DataFrame, *, order: Sequence[str], names: Mapping[str, str], theme: Theme) -> Spec:
    """Vega-Lite chart with a bar for each language, its right answers in three parts, and a diamond for RA.

    `figures`: one row per language as engine/browse/calibration_languages.sql gives them; shares are 0 to 1 and the
    parts of a language add up to 1. Raises ValueError if a language stands twice.
    """
    shown = {tag: names.get(tag, tag) for tag in order}
    parts = pd.concat(
        figures.assign(
            part=part,
            share=figures["crossed_share" if part == "crossed" else part],
            ci_low=figures["share_low"] if part == "crossed" else None,
            ci_high=figures["share_high"] if part == "crossed" else None,
            reason="nothing is right, or there is no control",
        )
        for part in PARTS
    )
    return filled(
        _template(theme),
        complete(parts, {"language": order, "part": list(PARTS)}, value="share", also=_ALSO),
        values={
            "names": shown,
            "room_needed": room_needed(list(shown.values())),
            "room": ROOM_OF_FIGURE * len(order),
            "parts": PARTS,
        },
        domains={"x": order},
        height=_HEIGHT,
        width=_WIDTH,
    )


@cache
def _template(theme: Theme) -> Spec:
    palette = PALETTES[theme]
    lines = {
        "Language": "names[datum.language]",
        "Part of the right answers": "parts[datum.part]",
        "Share": percent("share"),
        "95 % interval": interval(),
        "Right answers": count("n_right"),
        "Facts taught here": count("n_here"),
        "Taught elsewhere only": f"{count('n_elsewhere')} + ', right ' + {percent('accuracy_elsewhere')}",
        "Taught nowhere (control)": f"{count('n_nowhere')} + ', right ' + {percent('accuracy_nowhere')}",
    }
    said = {
        "Language": "names[datum.language]",
        "RA": percent("ra"),
        "Overlap with other languages": percent("overlap"),
    }
    is_known, is_first = "isValid(datum.share)", "datum.part == 'crossed'"
    bars = alt.Chart().mark_bar(stroke=palette.background, strokeWidth=1)
    whiskers = alt.Chart().mark_rule(aria=False, strokeWidth=2, color=palette.text)
    dots = alt.Chart().mark_point(
        filled=True, shape="diamond", size=150, opacity=1, color=palette.accent, stroke=palette.background
    )
    below = figure(color=palette.muted)
    legend = alt.Legend(title=None, orient="bottom", direction="horizontal", labelExpr="parts[datum.value]", columns=3)
    colours = [palette.right, palette.line, palette.wrong]
    axis = axis_with_rows("Share of the right answers", _ROWS, values=_TICKS, label=percent("value"))
    missing = {"Language": "names[datum.language]", "Parts": "datum.why"}
    chart = (
        alt.layer(
            with_tooltip(empty_columns(palette), missing)
            .transform_calculate(top="1", bottom="0")
            .encode(y="top:Q", y2="bottom:Q")
            .transform_filter(is_first),
            with_tooltip(bars, lines)
            .encode(
                y="start:Q",
                y2="end:Q",
                color=alt.Color("part:N", sort=None, legend=legend).scale(domain=list(PARTS), range=colours),
            )
            .transform_filter(is_known)
            .properties(name="parts"),
            whiskers.encode(y="ci_low:Q", y2="ci_high:Q").transform_filter("isValid(datum.ci_low)"),
            with_tooltip(dots, said)
            .encode(y="ra:Q")
            .transform_filter(f"isValid(datum.ra) && {is_first}")
            .properties(name="ra"),
            # fields, not values: a language without parts has these figures, too
            below.encode(text="right_in_words:N", y="right_row:Q").transform_filter(is_first),
            below.encode(text="control_in_words:N", y="control_row:Q").transform_filter(is_first),
        )
        .transform_calculate(
            start=f"{is_first} ? 0 : datum.part == 'stored' ? datum.crossed_share : datum.crossed_share + datum.stored",
            right_in_words=count("n_right"),
            control_in_words=percent("accuracy_nowhere"),
            right_row=str(_ROWS["right"]),
            control_row=str(_ROWS["control"]),
        )
        .transform_calculate(end="datum.start + datum.share")
        .encode(
            x=column_axis("language"),
            y=alt.Y("share:Q", axis=axis, scale=alt.Scale(domain=[-0.25, 1], nice=False)),
        )
        .add_params(*column_params(), *params("room", "parts"))
        .properties(description="What the right answers in each language are made of, and RA beside it")
    )
    return template(chart, theme=theme)
