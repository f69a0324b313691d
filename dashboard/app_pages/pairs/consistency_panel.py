"""Consistency beyond single pairs: with one pivot language (en-CO), and in k languages at once."""

import streamlit as st

from dashboard import queries
from dashboard.charts.interval_chart import interval_chart
from dashboard.choices.controls import dropdown
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from dashboard.elements.chart import draw, theme
from dashboard.elements.downloads import downloads
from engine.metrics.definition import metrics

READINGS = {"jaccard": "Right in both of right in either", "share_of_english": "Right in both of right in the pivot"}


def consistency_panel(selection: Selection) -> None:
    """Two charts, one below the other."""
    _with_pivot(selection)
    _in_k_languages(selection)


def _with_pivot(selection: Selection) -> None:
    default = "en" if "en" in selection.languages else selection.languages[0]
    names = {tag: selection.names[tag] for tag in selection.languages}
    st.subheader("Consistency with one language (en-CO)")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pivot = dropdown("pivot", "Pivot language", names, default=default, width=170)
        reading = dropdown("reading", "Reading", READINGS, default="jaccard", width=270)
        menu = st.container(width="content")
    figures = queries.metric(
        selection.version,
        "en_co",
        dataset=selection.dataset,
        model=selection.model,
        languages=selection.languages,
        pivot=pivot,
    )
    shown = figures.assign(key=figures["language"], value=figures[reading], reason=_why_none(reading))
    shown["reason"] = shown["reason"].where(figures["n"] > 0, "no fact was measured in both")
    metric = metrics()["en_co"]
    spec = interval_chart(
        shown if reading == "jaccard" else shown.drop(columns=["ci_low", "ci_high"]),
        order=[tag for tag in selection.languages if tag != pivot],
        names=names,
        title="Consistency with the pivot",
        note=f"formula not confirmed against the paper: {metric.confirmation}",
        theme=theme(),
    )
    others = figures[figures["language"].isin(selection.languages) & (figures["language"] != pivot)]
    if others["n"].sum():
        draw(spec, key="pivot-chart")
    else:
        prose.say(
            f"No fact was measured both in {names[pivot]} and in another of these languages, so nothing can be held "
            "against it. Choose another pivot language."
        )
    prose.sentence(f"Not confirmed. {metric.confirmation}")
    with menu:
        downloads(f"en-co-{selection.dataset}-{selection.model}", table=lambda: figures, chart=spec)


def _why_none(reading: str) -> str:
    return "nothing is right in either" if reading == "jaccard" else "nothing is right in the pivot"


def _in_k_languages(selection: Selection) -> None:
    st.subheader("The same answer in k languages at once")
    figures = queries.metric(
        selection.version,
        "consistency",
        dataset=selection.dataset,
        model=selection.model,
        languages=selection.languages,
        pivot="en",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        measures = {"consistency": "Cons_k: the same option in all k", "ac3": "AC3_k: with the accuracy"}
        measure = dropdown("k_measure", "Measure", measures, default="consistency", width=290)
        menu = st.container(width="content")
    if figures.empty:
        prose.say(
            "No fact was measured in all of the languages with answers, so it cannot be said how often they agree. "
            "Choose languages in which the same facts were measured."
        )
        return
    ks = [str(k) for k in range(2, len(selection.languages) + 1)]
    shown = figures.assign(key=figures["k"].astype(str), value=figures[measure])
    if selection.has_answers and len(figures) < len(ks):
        prose.sentence(f"So many of these languages were measured: {figures['k'].max()}. Larger k have no figure.")
    spec = interval_chart(
        shown if measure == "consistency" else shown.drop(columns=["ci_low", "ci_high"]),
        order=ks,
        names={k: f"k = {k}" for k in ks},
        title=measures[measure].split(":")[0],
        note="right or wrong; an answer in which no option can be read never agrees",
        theme=theme(),
    )
    draw(spec, key="k-chart")
    if not selection.has_answers:
        prose.sentence(
            "Published counts tell k = 2 only, without an interval; import the single answers to see the other k."
        )
    with menu:
        downloads(f"consistency-{selection.dataset}-{selection.model}", table=lambda: figures, chart=spec)
