"""A model's favourite letter in each language, beside what chance would give."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import pandas as pd

from dashboard.charts.kit.colour import ink
from dashboard.charts.kit.language_columns import ROOM_OF_FIGURE, axis_with_rows, empty_columns, figure
from dashboard.charts.kit.marks import column_axis, column_params, count, interval, params, percent, with_tooltip
from dashboard.charts.kit.rows import complete
from dashboard.charts.kit.spec import Spec, filled, room_needed, template
from dashboard.charts.kit.theme import PALETTES, Theme

_HEIGHT = 270.0
_WIDTH = 560.0  # of an image; on a page the width is that of the place
_NEAR = 0.08  # a tick nearer to chance than this would cover its label
_ROWS = {"bias": -0.17, "facts": -0.31}  # figures without a scale stand in rows below the shares
_NOTE = "bias: the share of choices that would have to move for all letters to be chosen alike"

_ALSO = ("favourite", "expected", "bias", "same_choice", "ci_low", "ci_high", "n")


def letter_chart(
    figures: pd.DataFrame, *, order: Sequence[str], names: Mapping[str, str], chance: float, theme: Theme
) -> Spec:
    """Vega-Lite chart with a dot for each language: the favourite letter at its share of all choices.

    `figures`: one row per language, as the metric letter_bias gives them for one number of options, and reason. Shares
    and chance are 0 to 1; a language without a share is drawn as missing. Raises ValueError if a language stands twice.
    """
    shown = {tag: names.get(tag, tag) for tag in order}
    ticks = [tick for tick in (0.0, 0.5, 1.0) if abs(tick - chance) > _NEAR]
    return filled(
        _template(theme),
        complete(figures, {"language": order}, value="share", also=_ALSO),
        values={
            "names": shown,
            "room_needed": room_needed(list(shown.values())),
            "room": ROOM_OF_FIGURE * len(order),
            "chance": chance,
            "ticks": sorted([*_ROWS.values(), *ticks, chance]),
            "first": order[0] if order else None,
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
        "Favourite letter": "datum.favourite",
        "Share of its choices": percent("share"),
        "Chance": percent("expected"),
        "Bias": percent("bias"),
        "Same option under every order": percent("same_choice"),
        "95 % interval": interval(),
        "Facts": count("n"),
        "Note": f"'{_NOTE}'",
    }
    line = alt.Chart().mark_rule(aria=False, color=palette.muted, strokeDash=[5, 4], strokeWidth=1.5)
    stems = alt.Chart().mark_rule(aria=False, strokeWidth=2, color=palette.right)
    dots = alt.Chart().mark_point(filled=True, size=430, opacity=1, color=palette.right)
    letters = alt.Chart().mark_text(aria=False, fontSize=13, fontWeight="bold", color=ink(palette.right))
    below = figure(color=palette.muted)
    chance_or_share = f"(datum.value == chance ? 'chance ' : '') + {percent('value')}"
    axis = axis_with_rows("Share of choices", _ROWS, values=alt.expr("ticks"), label=chance_or_share)
    missing = {"Language": "names[datum.language]", "Letters": "datum.why"}
    is_known = "isValid(datum.share)"
    chart = (
        alt.layer(
            with_tooltip(empty_columns(palette), missing).encode(y=alt.value(0), y2=alt.value("height")),
            line.encode(y=alt.datum(alt.expr("chance")), x=alt.value(0), x2=alt.value("width")).transform_filter(
                "datum.language == first"
            ),
            stems.encode(y2=alt.datum(alt.expr("chance"))).transform_filter(is_known),
            with_tooltip(dots, lines).transform_filter(is_known).properties(name="letters"),
            letters.encode(text="favourite:N").transform_filter(is_known),
            figure(dy=-20, color=palette.text).encode(text="in_words:N").transform_filter(is_known),
            below.encode(text="bias_in_words:N", y=alt.datum(_ROWS["bias"])).transform_filter(is_known),
            below.encode(text="n_in_words:N", y=alt.datum(_ROWS["facts"])).transform_filter(is_known),
        )
        .transform_calculate(in_words=percent("share"), bias_in_words=percent("bias"), n_in_words=count("n"))
        .encode(
            x=column_axis("language"),
            y=alt.Y("share:Q", axis=axis, scale=alt.Scale(domain=[-0.37, 1.22], nice=False)),
        )
        .add_params(*column_params(), *params("room", "chance", "ticks", "first"))
        .properties(description="Favourite letter in each language: its share of all choices, the bias, and chance")
    )
    return template(chart, theme=theme)
