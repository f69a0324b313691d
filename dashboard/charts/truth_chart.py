"""Measures by how well they put lab models in the order of what crossed, beside the order of what was stored."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import pandas as pd

from dashboard.charts.kit.marks import count, params, percent, row_axis, with_tooltip
from dashboard.charts.kit.rows import complete
from dashboard.charts.kit.spec import Spec, filled, template
from dashboard.charts.kit.theme import PALETTES, Theme

AGAINST = {"spearman": "With what crossed", "spearman_taught": "With what was stored"}
_ROW = 46.0  # pixels
_WIDTH = 640.0  # of an image; on a page the width is that of the place


def truth_chart(measures: pd.DataFrame, *, order: Sequence[str], names: Mapping[str, str], theme: Theme) -> Spec:
    """Vega-Lite chart with a row per measure: its rank correlation, -1 to 1, with what crossed and what was stored.

    `measures`: one row per measure of the metric measures_against_truth for one unit. A missing correlation is not
    drawn, and the row says so. Raises ValueError if a measure stands twice.
    """
    points = pd.concat(
        measures.assign(
            against=against, rho=measures[against], other=measures["spearman_taught"], reason="too few to rank"
        )
        for against in AGAINST
    )
    lowest = -1.0 if (measures[list(AGAINST)] < 0).any(axis=None) else 0.0
    return filled(
        _template(theme),
        complete(
            points,
            {"measure": order, "against": list(AGAINST)},
            value="rho",
            also=("other", "n", "spearman_different", "excess"),
        ),
        values={"names": {measure: names.get(measure, measure) for measure in order}, "against": AGAINST},
        domains={"x": [lowest, 1.0], "y": list(order)},
        height=_ROW * max(len(order), 1),
        width=_WIDTH,
    )


def _correlation(field: str) -> str:
    """A Vega expression: a rank correlation with its sign; a dash where it is missing."""
    return f"(isValid(datum.{field}) ? format(datum.{field}, '+.2f') : '–')"


@cache
def _template(theme: Theme) -> Spec:
    palette = PALETTES[theme]
    place = {"Measure": "names[datum.measure]", "Rank correlation": "against[datum.against]"}
    lines = place | {
        "Spearman's ρ": _correlation("rho"),
        "With what crossed among other spellings": _correlation("spearman_different"),
        "Ranked": count("n"),
        "Most overrated, share of all places": percent("excess"),
    }
    is_known, is_truth = "isValid(datum.rho)", "datum.against == 'spearman'"
    dots = alt.Chart().mark_point(filled=True, size=150, opacity=1)
    between = alt.Chart().mark_rule(aria=False, strokeWidth=3, color=palette.line)
    zero = alt.Chart().mark_rule(aria=False, color=palette.muted, strokeDash=[5, 4])
    dy = alt.expr(f"{is_truth} ? -14 : 16")
    figures = alt.Chart().mark_text(aria=False, dy=dy, fontSize=12, color=palette.text)
    missing = alt.Chart().mark_text(fontStyle="italic", color=palette.muted)
    legend = alt.Legend(title=None, orient="bottom", direction="horizontal", labelExpr="against[datum.value]")
    chart = (
        alt.layer(
            zero.encode(x="zero:Q").transform_filter(is_truth),
            between.encode(x2="other:Q").transform_filter(f"{is_known} && isValid(datum.other) && {is_truth}"),
            with_tooltip(dots, lines)
            .encode(
                color=alt.Color("against:N", sort=None, legend=legend).scale(
                    domain=list(AGAINST), range=[palette.right, palette.accent]
                ),
                shape=alt.Shape("against:N", sort=None, legend=legend).scale(
                    domain=list(AGAINST), range=["circle", "diamond"]
                ),
            )
            .transform_filter(is_known)
            .properties(name="correlations"),
            figures.encode(text="in_words:N").transform_filter(is_known),
            with_tooltip(missing, place | {"Spearman's ρ": "datum.why"})
            .encode(x="zero:Q", text="why:N")
            .transform_filter(f"!{is_known} && {is_truth}"),
        )
        .transform_calculate(in_words=_correlation("rho"), zero="0")  # a field: a row without a figure has one, too
        .encode(
            y=row_axis("measure"),
            x=alt.X(
                "rho:Q",
                axis=alt.Axis(title="Rank correlation (Spearman's ρ)", grid=True, tickCount=5, format="+.1f"),
                scale=alt.Scale(domain=[-1, 1], nice=False),
            ),
        )
        .add_params(*params("names", "against"))
        .properties(description="Rank correlation of each measure with what crossed and with what was stored")
    )
    return template(chart, theme=theme)
