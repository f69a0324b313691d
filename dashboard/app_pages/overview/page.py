"""Overview: where do models know the same facts in every language?"""

from typing import Literal

import pandas as pd
import streamlit as st

from dashboard import page_registry, queries
from dashboard.app_pages.overview import sentences
from dashboard.app_pages.overview.findings_panel import what_to_look_at
from dashboard.app_pages.overview.key_figures import overview_figures
from dashboard.app_pages.overview.model_order import ORDERS
from dashboard.charts.model_heatmap import MEAN, LanguageMeasure, model_heatmap
from dashboard.charts.strategy_chart import strategy_chart
from dashboard.choices.controls import dropdown, segmented
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from dashboard.elements.chart import draw, theme
from dashboard.elements.downloads import downloads
from dashboard.elements.sentences import none_measured
from engine.languages import language

LEVELS: dict[LanguageMeasure, str] = {"accuracy": "Accuracy", "ra": "RA"}
Ways = Literal["last", "all"]
WAYS: dict[Ways, str] = {"last": "As asked last", "all": "In every way"}

HELP = "A model that was asked in several ways stands there once, as it was asked last, or once for each of them."

selection: Selection = st.session_state["selection"]


def pick(cell: dict[str, str]) -> None:
    """Choose the model that was clicked; its pairs are a link away."""
    st.session_state["model"] = cell["model"]


def with_means(cells: pd.DataFrame, summary: pd.DataFrame, groups: dict[str, str] | None) -> pd.DataFrame:
    """The cells of the heatmap: a row per model and language, and one for each model's mean."""
    bounds = ("low", "high")
    values = cells.assign(
        value=cells[level],
        reason="none of its answers has a result",
        **{f"ci_{b}": cells[f"{level}_{b}"] for b in bounds},
    )
    means = summary.assign(
        language=MEAN,
        value=summary[f"mean_{level}"],
        reason="nothing was measured in these languages",
        **{f"ci_{b}": summary[f"mean_{level}_{b}"] for b in bounds},
    )
    columns = ["model", "language", "value", "ci_low", "ci_high", "n", "reason"]
    whole = pd.concat([values[columns], means[columns]])
    return whole if groups is None else whole.assign(group=whole["model"].map(groups))


st.title("Where do models know the same facts in every language?")
with st.container(horizontal=True, vertical_alignment="bottom"):
    level = segmented(
        "level",
        "Measure",
        LEVELS,
        default="accuracy",
        help="RA: accuracy between guessing (0) and ChatGPT's accuracy in English (1).",
    )
    titles = {name: order.title for name, order in ORDERS.items()}
    order = ORDERS[dropdown("models_by", "Sort models by", titles, default="mean", width=260)]
    catalogue = queries.view(selection.version, "catalogue")
    asked = catalogue[catalogue["dataset"] == selection.dataset]
    has_ways = not asked["is_latest"].all()
    ways = segmented("ways", "Models", WAYS, default="last", help=HELP) if has_ways else "last"
    menu = st.container(width="content")

labels = tuple(asked["model"] if ways == "all" else asked["model"][asked["is_latest"]])
chosen = {"dataset": selection.dataset, "languages": selection.languages, "models": labels}
figures = queries.view(selection.version, "overview_figures", **chosen).iloc[0]
summary = queries.view(selection.version, "model_summary", **chosen)
cells = queries.view(selection.version, "model_cells", **chosen)
own_names = {} if ways == "all" else dict(zip(asked["model"], asked["own_name"], strict=True))
summary, cells = (frame.replace({"model": own_names}) for frame in (summary, cells))
selected = own_names.get(selection.model, selection.model)

if summary["mean_accuracy"].isna().all():
    tags = asked["measured"].dropna().explode().drop_duplicates()
    measured = sorted(language(str(tag)).name for tag in tags)
    prose.say(none_measured(selection.what, measured))
    st.stop()
overview_figures(figures, summary)
prose.sentence(f"{sentences.overview(figures, title=selection.what)} {sentences.gap(summary)}")
what_to_look_at(selection, models=labels)
spec = model_heatmap(
    with_means(cells, summary, order.groups(summary)),
    models=order.models(summary),
    order=selection.languages,
    names=selection.names,
    measure=level,
    chance=selection.chance if level == "accuracy" else 0,
    theme=theme(),
    selected_model=selected,
)
draw(spec, key="model-heatmap", on_click=pick)
with menu:
    downloads(f"overview-{selection.dataset}", table=lambda: cells, chart=spec)
with st.container(horizontal=True):
    st.caption(
        f"Click a row to choose its model. n = {int(figures['n_facts'])} facts per cell; intervals on hover, those of "
        "the means on the safe side: as wide as if the languages erred alike."
    )
    page_registry.link("pairs", "Language pairs of the chosen model →", selection.shared_query)

st.subheader("Do models that know more also know the same facts in every language?")
points = summary.assign(
    x=summary[f"mean_{level}"], y=summary["mean_above_chance"], strategy=summary["training_strategy"]
)
scatter = strategy_chart(
    points,
    x_title=f"Mean {LEVELS[level]} over languages",
    y_title="Mean overlap above chance",
    theme=theme(),
    selected_model=selected,
)
if not points[["x", "y"]].dropna().empty:
    draw(scatter, key="strategy-chart", on_click=pick, selection="point")
prose.sentence(sentences.undrawn(points))
downloads(f"models-{selection.dataset}", table=lambda: summary, chart=scatter)
