"""Lab models by how much really crossed a language, beside what RA and the overlap say of them."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import pandas as pd

from dashboard.charts.kit.marks import count, interval, outline, params, percent, row_axis, with_tooltip
from dashboard.charts.kit.rows import complete
from dashboard.charts.kit.spec import Spec, filled, template
from dashboard.charts.kit.theme import PALETTES, Theme

# RA is drawn last: it is smaller than the overlap, with which it often coincides
KINDS = {"crossed": "What crossed, in truth", "overlap": "What the overlap says", "ra": "What RA says"}
_ROW = 50.0  # pixels
_WIDTH = 640.0  # of an image; on a page the width is that of the place
_APART = 0.07  # nearer than this, the figure of RA would be written over that of what crossed
_LOWEST = -0.4  # an interval that reaches further is cut there: it says no more than "nothing crossed"
_ALSO = (
    "ci_low", "ci_high", "n_languages", "n_elsewhere", "n_nowhere", "accuracy_elsewhere", "accuracy_nowhere",
)  # fmt: skip


def crossing_ladder(
    models: pd.DataFrame, *, order: Sequence[str], names: Mapping[str, str], theme: Theme, selected: str | None
) -> Spec:
    """Vega-Lite chart with a row per model; a click selects (model) in the selection `cell`.

    `models`: one row per model as engine/browse/calibration_models.sql gives them; crossed may be below 0. A missing
    figure is not drawn, and a model without `crossed` says why. Raises ValueError if a model stands twice.
    """
    points = pd.concat(
        models.assign(
            kind=kind,
            value=models[kind],
            # only what crossed has an interval here
            ci_low=models["crossed_low"] if kind == "crossed" else None,
            ci_high=models["crossed_high"] if kind == "crossed" else None,
            reason="no control, or nothing was taught elsewhere" if kind == "crossed" else "no such figure",
        )
        for kind in KINDS
    )
    rows = complete(points, {"model": order, "kind": list(KINDS)}, value="value", also=_ALSO)
    near = set(models["model"][(models["ra"] - models["crossed"]).abs() < _APART])
    for row in rows:
        row["selected"] = row["model"] == selected and row["kind"] == "crossed"
        row["in_words"] = row["kind"] != "ra" or row["model"] not in near
    lows = [low for row in rows if (low := row["ci_low"]) is not None]
    values = [value for row in rows if (value := row["value"]) is not None]
    lowest = min([0.0, *values, max(min(lows, default=0.0), _LOWEST)])
    return filled(
        _template(theme),
        rows,
        values={"names": {model: names.get(model, model) for model in order}, "kinds": KINDS, "lowest": lowest},
        domains={"x": [lowest, 1.0], "y": list(order)},
        height=_ROW * max(len(order), 1),
        width=_WIDTH,
    )


@cache
def _template(theme: Theme) -> Spec:
    palette = PALETTES[theme]
    place = {"Model": "names[datum.model]", "Figure": "kinds[datum.kind]"}
    lines = place | {
        "Mean over languages": percent("value"),
        "95 % interval": interval(),
        "Right of the facts taught elsewhere": percent("accuracy_elsewhere"),
        "Right of the facts taught nowhere (control)": percent("accuracy_nowhere"),
        "Smallest control, facts": count("n_nowhere"),
        "Languages": count("n_languages"),
    }
    is_known = "isValid(datum.value)"
    click = alt.selection_point(name="cell", fields=["model"], on="click", clear="dblclick")
    band = alt.Chart().mark_rect(cursor="pointer", fillOpacity=0.001, fill=palette.background, aria=False)
    intervals = alt.Chart().mark_rule(aria=False, strokeWidth=2.5, color=palette.right)
    size = alt.expr("datum.kind == 'overlap' ? 230 : datum.kind == 'ra' ? 110 : 150")
    dots = alt.Chart().mark_point(filled=True, size=size, opacity=1, cursor="pointer", stroke=palette.background)
    zero = alt.Chart().mark_rule(aria=False, color=palette.muted, strokeDash=[5, 4])
    missing = alt.Chart().mark_text(align="left", fontStyle="italic", color=palette.muted)
    below = alt.expr("datum.kind == 'overlap' ? 16 : -14")
    figures = alt.Chart().mark_text(aria=False, dy=below, fontSize=12, color=palette.text)
    legend = alt.Legend(title=None, orient="bottom", direction="horizontal", labelExpr="kinds[datum.value]", columns=3)
    colours = [palette.right, palette.muted, palette.accent]
    # fields, not values: beside those a shape would still be left out where the model has no figure
    whole = {"x": "lowest_shown:Q", "x2": "highest:Q"}
    is_truth = "datum.kind == 'crossed'"
    chart = (
        alt.layer(
            band.encode(**whole).transform_filter(is_truth).properties(name="models").add_params(click),
            zero.encode(x="zero:Q").transform_filter(f"{is_truth} && lowest < 0"),
            intervals.encode(x="low:Q", x2="ci_high:Q").transform_filter("isValid(datum.ci_low)"),
            with_tooltip(dots, lines)
            .encode(
                color=alt.Color("kind:N", sort=None, legend=legend).scale(domain=list(KINDS), range=colours),
                shape=alt.Shape("kind:N", sort=None, legend=legend).scale(
                    domain=list(KINDS), range=["circle", "square", "diamond"]
                ),
            )
            .transform_filter(is_known)
            .properties(name="figures"),
            figures.encode(text="figure:N").transform_filter(f"{is_known} && datum.in_words"),
            with_tooltip(missing, place | {"Mean over languages": "datum.why"})
            .encode(x="zero:Q", text="why:N")
            .transform_filter(f"!{is_known} && {is_truth}"),
            outline(palette).encode(**whole).transform_filter("datum.selected"),
        )
        .transform_calculate(
            low="max(datum.ci_low, lowest)", figure=percent("value"), zero="0", lowest_shown="lowest", highest="1"
        )
        .encode(
            y=row_axis("model"),
            x=alt.X(
                "value:Q",
                axis=alt.Axis(
                    title=None, labelExpr=percent("value"), grid=True, tickCount=6, orient="top", labelOverlap="greedy"
                ),
                scale=alt.Scale(domain=[0, 1], nice=False),
            ),
        )
        .add_params(*params("names", "kinds", "lowest"))
        .properties(description="What crossed, in truth, beside RA and overlap, for each lab model")
    )
    return template(chart, theme=theme)
