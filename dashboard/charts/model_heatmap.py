"""Models as rows, languages as columns: how much each model knows in each language."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal

import altair as alt
import pandas as pd

from dashboard.charts.kit.colour import WHITE, ink, start_of_scale
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
    row_axis,
    share_label,
    with_tooltip,
)
from dashboard.charts.kit.rows import complete
from dashboard.charts.kit.spec import Spec, filled, room_needed, template
from dashboard.charts.kit.theme import PALETTES, Palette, Theme

LanguageMeasure = Literal["accuracy", "ra"]

TITLES: Mapping[LanguageMeasure, str] = {"accuracy": "Accuracy", "ra": "Rescaled accuracy"}
MEAN = "mean"  # the "language" of the rows that hold a model's mean; no BCP 47 tag is so spelt
ANNOTATED_COLUMNS = 21  # beyond this many the cells are too narrow for figures
ROW_HEIGHT = 22

_KEYS = ("model", "language")
_WIDTH = 1000.0  # of an image; on a page the width is that of the place
_HEADING = "group:"  # begins the id of a group's heading; a model's name cannot hold a colon


def model_heatmap(
    cells: pd.DataFrame,
    *,
    models: Sequence[str],
    order: Sequence[str],
    names: Mapping[str, str],
    measure: LanguageMeasure,
    chance: float,
    theme: Theme,
    selected_model: str | None,
) -> Spec:
    """Vega-Lite chart of models and languages; a click selects (model, language) in the selection `cell`.

    `cells`: one row per model and language with value (0 to 1), ci_low, ci_high, n, reason; rows with the language
    `MEAN` make a first column of means. With a column `group` the models stand under their group's heading, groups and
    models in the order of `models`. Raises ValueError if a model and language stand twice.
    """
    palette = PALETTES[theme]
    low, high = start_of_scale(chance), 1.0
    columns = [MEAN, *order] if cells["language"].eq(MEAN).any() else list(order)
    figures = ("ci_low", "ci_high", "n")
    rows = complete(cells, {"model": models, "language": columns}, value="value", also=(*figures, "group"))
    group_of: dict[str, str] = {}
    for row in rows:
        value, group = row["value"], row.pop("group")
        row["white"] = None if value is None else ink(palette.sequential.colour(value, low, high)) == WHITE
        if group is not None:
            group_of[row["model"]] = str(group)
    groups = _groups(group_of, models)
    shown = {MEAN: "Mean"} | {key: names.get(key, key) for key in (*models, *order)}
    values = {
        "names": shown | {_HEADING + group: "" for group in groups},
        "room_needed": room_needed([shown[column] for column in columns]),
        "annotated": len(columns) <= ANNOTATED_COLUMNS,
        "stops": palette.sequential.domain(low, high),
        "ticks": [low, (low + high) / 2, high],
        "selected": selected_model,
        "headings": {_HEADING + group: _heading(group, members) for group, members in groups.items()},
    }
    rows += [{"model": _HEADING + group} for group in groups]
    lines = [line for group, members in groups.items() for line in (_HEADING + group, *members)] or list(models)
    return filled(
        _template(measure, theme),
        rows,
        values=values,
        domains={"x": columns, "y": lines},
        height=ROW_HEIGHT * len(lines),
        width=_WIDTH,
    )


def _groups(group_of: Mapping[str, str], models: Sequence[str]) -> dict[str, list[str]]:
    """The models of each group in the order of `models`; empty if no model has a group."""
    groups: dict[str, list[str]] = {}
    for model in models if group_of else ():
        groups.setdefault(group_of.get(model, "unknown"), []).append(model)
    return groups


def _heading(group: str, members: Sequence[str]) -> str:
    return f"{group[:1].upper()}{group[1:]} ({len(members)})"


@cache
def _template(measure: LanguageMeasure, theme: Theme) -> Spec:
    palette, title = PALETTES[theme], TITLES[measure]
    cell = {"Model": "names[datum.model]", "Language": "names[datum.language]"}
    click = alt.selection_point(name="cell", fields=list(_KEYS), on="click", clear="dblclick")
    measured = with_tooltip(
        cells_where("isValid(datum.value)"),
        cell | {title: percent("value"), "95 % interval": interval(), "Facts": count("n")},
    ).encode(fill=colour_scale("value", palette.sequential, title=title, label=share_label()))
    bold = alt.expr(f"datum.language == '{MEAN}' ? 'bold' : 'normal'")
    figures = alt.Chart().mark_text(aria=False, fontSize=11, color=ink_of_cells(palette), fontWeight=bold)
    headings = alt.Chart().mark_text(align="left", fontSize=12, fontWeight="bold", dy=3, color=palette.text)
    chart = (
        alt.layer(
            with_tooltip(missing_cells(palette), cell | {title: "datum.why"}),
            measured.properties(name="values").add_params(click),
            figures.encode(text="figure:N").transform_filter("annotated && isValid(datum.language)"),
            headings.encode(text="heading:N", x=alt.value(2)).transform_filter("isValid(datum.heading)"),
            outline(palette)
            .encode(x=alt.value(0), x2=alt.value("width"))
            .transform_filter("datum.model == selected")
            .transform_aggregate(groupby=["model"]),
        )
        .transform_calculate(figure=percent("value"), heading="headings[datum.model]")
        .encode(y=row_axis("model", **_emphasis("datum.value == selected", palette)), x=_columns(palette))
        .add_params(*column_params(), *params("annotated", "stops", "ticks", "selected", "headings"))
        .properties(description=f"{title} of models (rows) in languages (columns)")
    )
    return template(chart, theme=theme)


def _columns(palette: Palette) -> alt.X:
    return column_axis("language", **_emphasis(f"datum.value == '{MEAN}'", palette))


def _emphasis(test: str, palette: Palette) -> dict[str, Any]:
    """The look of an axis whose labels stand out where the test holds."""
    return {
        "labelColor": {"condition": {"test": test, "value": palette.text}, "value": palette.muted},
        "labelFontWeight": {"condition": {"test": test, "value": "bold"}, "value": "normal"},
    }
