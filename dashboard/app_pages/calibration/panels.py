"""The parts of the Calibration page: the ladder of models, one model's right answers, and the measures."""

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.app_pages.calibration import sentences as words
from dashboard.app_pages.calibration.controls import Calibrated
from dashboard.charts.crossing_ladder import crossing_ladder
from dashboard.charts.right_answers_chart import right_answers_chart
from dashboard.charts.truth_chart import truth_chart
from dashboard.choices.controls import segmented
from dashboard.choices.selection import Selection
from dashboard.elements import figures, prose
from dashboard.elements.chart import draw, theme
from dashboard.elements.downloads import downloads
from dashboard.elements.key_figure import card
from dashboard.elements.sentences import bounds
from engine.browse.queries import Row

_OF_ALL_NAMES = "RA and the overlap are of all names, however they are spelled."
UNITS = {"cell": "Models in languages", "model": "Models"}


def key_figures(models: pd.DataFrame, model: Row) -> None:
    """The two models that come first, by RA and in truth; the control and the right answers of the chosen one."""
    by_ra = models.sort_values(["ra_place", "own_name"]).iloc[0]
    by_truth = models.sort_values(["place", "own_name"]).iloc[0]
    columns = st.columns([1.2, 1.2, 1, 1.4])
    with columns[0]:
        if pd.isna(by_ra["ra"]):
            card("RA puts first", "–", "not measured")
        else:
            card("RA puts first", str(by_ra["own_name"]), f"RA {figures.percent(by_ra['ra'])}")
    with columns[1]:
        card(
            "Most crossed, in truth",
            str(by_truth["own_name"]),
            f"{figures.percent(by_truth['crossed'])}, 95 %: {bounds(by_truth, 'crossed')}",
            explained="Of the facts taught in other languages only, the share known, less guessing; a mean over "
            "languages.",
        )
    with columns[2]:
        card(
            "Control",
            figures.percent(model["accuracy_nowhere"]),
            f"right of n = {int(model['n_nowhere'])} taught nowhere" if pd.notna(model["n_nowhere"]) else "no control",
            explained="What guessing gives: the share right of the facts that the model was taught in no language; a "
            "mean over languages, and the smallest number of facts.",
        )
    with columns[3]:
        card(
            f"Right answers of {model['own_name']}",
            " · ".join(figures.percent(model[part]) for part in ("stored", "crossed_share", "guessed")),
            "stored · crossed · guessed",
            explained="Means over the languages into which something could have crossed.",
        )


def ladder(selection: Selection, chosen: Calibrated, models: pd.DataFrame) -> None:
    """Every lab model by what crossed; a click chooses one."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Where did most cross, in truth?", width="content")
        menu = st.container(width="content")
    spec = crossing_ladder(
        models, order=list(models["model"]), names=chosen.own_names, theme=theme(), selected=chosen.model
    )
    draw(spec, key="crossing-ladder", on_click=lambda cell: st.session_state.update(model=cell["model"]))
    prose.caption(
        "What crossed: of the facts taught in other languages only, the share known in this one, less what guessing "
        "gives; guessing is what is right of the facts taught nowhere, the control. Means over languages; the "
        f"intervals are as wide as if the languages erred alike. {_OF_ALL_NAMES} Click a row to choose its model."
    )
    with menu:
        downloads(f"crossed-{selection.dataset}", table=lambda: models, chart=spec)


def right_answers(selection: Selection, chosen: Calibrated, model: Row) -> None:
    """The chosen model's right answers in each language."""
    figures = queries.view(
        selection.version,
        "calibration_languages",
        dataset=selection.dataset,
        model=chosen.model,
        languages=selection.languages,
        strings=chosen.strings,
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        prose.heading(f"What are the right answers of {chosen.own_names[chosen.model]} made of?")
        menu = st.container(width="content")
    prose.sentence(words.made_of(model))
    spec = right_answers_chart(figures, order=selection.languages, names=selection.names, theme=theme())
    draw(spec, key="right-answers-chart")
    prose.caption(
        f"Diamond: RA. {_OF_ALL_NAMES} Line: the 95 % interval of the share that crossed. Below the bars: the number "
        "of right answers, and the control, that is the share right of the facts taught nowhere. Where all was taught "
        "in the language, nothing can have crossed into it."
    )
    with menu:
        downloads(f"right-answers-{selection.dataset}-{chosen.model}", table=lambda: figures, chart=spec)


def measures(selection: Selection, chosen: Calibrated) -> None:
    """Which measures follow what crossed, and which follow what was stored."""
    figures = queries.metric_over_models(
        selection.version,
        "measures_against_truth",
        dataset=selection.dataset,
        models=chosen.models,
        languages=selection.languages,
    )
    st.header("Which measures are fooled?")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit = segmented("unit", "Ranked", UNITS, default="cell")
        menu = st.container(width="content")
    shown = figures[figures["unit"] == unit].sort_values(["spearman", "measure"], ascending=[False, True])
    names = words.measure_names()
    left, right = st.columns([11, 9], gap="medium")
    with left:
        spec = truth_chart(shown, order=list(shown["measure"]), names=names, theme=theme())
        draw(spec, key="truth-chart")
        prose.caption(words.ranking(shown, what=UNITS[unit].lower()))
    with right:
        prose.definitions(
            {
                names.get(row["measure"], row["measure"]): words.measure(
                    row, names=selection.names, own_names=chosen.own_names
                )
                for _, row in shown.iterrows()
            }
        )
    with menu:
        downloads(f"measures-{selection.dataset}", table=lambda: figures, chart=spec)
