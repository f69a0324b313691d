"""What the way of asking does: a liking for a letter, and other words beside another language."""

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.charts.interval_chart import interval_chart
from dashboard.charts.letter_chart import letter_chart
from dashboard.charts.wording_chart import wording_chart
from dashboard.choices.controls import dropdown
from dashboard.choices.selection import Selection
from dashboard.elements import figures, prose
from dashboard.elements.chart import draw, theme
from dashboard.elements.downloads import downloads
from engine.browse.queries import Row
from engine.metrics.definition import metrics

_MEASURED = (
    "language", "n_wordings", "n", "between_wordings", "between_languages", "gap", "ci_low", "ci_high",
)  # fmt: skip


def asking_panel(selection: Selection) -> None:
    """The charts of which the store holds figures, side by side; without any, nothing at all."""
    dataset, model, languages = selection.dataset, selection.model, selection.languages
    letters = queries.metric(
        selection.version, "letter_bias", dataset=dataset, model=model, languages=languages, pivot="en"
    )
    wordings = queries.view(selection.version, "asking_wordings", dataset=dataset, model=model, languages=languages)
    parts = [(part, rows) for part, rows in ((_letters, letters), (_wordings, wordings)) if not rows.empty]
    if not parts:
        return
    st.header("How much of this is the asking?")
    for place, (part, rows) in zip(st.columns(len(parts), gap="medium"), parts, strict=True):
        with place:
            part(selection, rows)


def _letters(selection: Selection, by_language: pd.DataFrame) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Does the model like a letter?", width="content")
        counts = [str(k) for k in sorted(by_language["k"].unique())]
        most = str(by_language.sort_values(["n", "k"])["k"].iloc[-1])
        k = most
        if len(counts) > 1:
            k = dropdown("n_options", "Options", {c: f"of {c} options" for c in counts}, default=most, width=170)
        menu = st.container(width="content")
    shown = by_language[by_language["k"] == int(k)].assign(
        reason=f"no fact of {k} options has a choice under every order"
    )
    prose.sentence(letters_in_words(shown, model=selection.model_title, names=selection.names))
    spec = letter_chart(
        shown, order=selection.languages, names=selection.names, chance=float(shown["expected"].iloc[0]), theme=theme()
    )
    draw(spec, key="letter-chart")
    prose.caption(
        "Each fact was asked under each rotation of its options, so that every option stood once at every letter. "
        "A dot is the favourite letter, at its share of all choices; the dashed line is what a model gives that looks "
        "at the options alone. Bias: the share of choices that would have to move for all letters to be chosen alike."
    )
    prose.heading("Is it the same option under every order?")
    alike = interval_chart(
        shown.assign(key=shown["language"], value=shown["same_choice"]),
        order=selection.languages,
        names=selection.names,
        title="Same option",
        note="of the facts with a choice under every order of their options; 0 % for one letter always",
        theme=theme(),
    )
    draw(alike, key="same-choice-chart")
    with menu:
        downloads(f"letters-{selection.dataset}-{selection.model}", table=lambda: by_language, chart=spec)


def _wordings(selection: Selection, by_language: pd.DataFrame) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Do other words change as much?", width="content")
        menu = st.container(width="content")
    prose.sentence(wordings_in_words(by_language, names=selection.names))
    shown = by_language.assign(
        reason_wordings=[
            _why_not(row, "nothing is right in either of two wordings") for _, row in by_language.iterrows()
        ],
        reason_languages=[
            _why_not(row, "nothing is right, or no other language was asked in these words")
            for _, row in by_language.iterrows()
        ],
    )
    spec = wording_chart(shown, order=selection.languages, names=selection.names, theme=theme())
    draw(spec, key="wording-chart")
    prose.caption(
        f"{metrics()['wording_overlap'].title}: of the facts right in either of two wordings of a language, the share "
        "right in both, mean over pairs of wordings; beside it the same for the language and another one in one "
        "wording, mean over all languages asked. Where the two are alike, what differs between languages may be no "
        "more than the asking. Only wordings of the same probe, treatment and weights are compared; the interval of "
        "their difference is rather too wide than too narrow."
    )
    with menu:
        downloads(
            f"wordings-{selection.dataset}-{selection.model}",
            table=lambda: by_language[list(_MEASURED)],
            chart=spec,
        )


def _why_not(row: Row, otherwise: str) -> str:
    """Why a language has no overlap."""
    if pd.isna(row["n_wordings"]):
        return "not asked in two wordings"
    return "no fact was measured in every wording" if row["n"] == 0 else otherwise


def letters_in_words(by_language: pd.DataFrame, *, model: str, names: dict[str, str]) -> str:
    """In which languages a model likes one letter most and least. `by_language`: of one number of options."""
    by_share = by_language.dropna(subset=["share"]).sort_values(["share", "language"])
    if by_share.empty:
        return (
            f"No fact has a choice under every order of its options, so it is not known whether {model} likes a letter."
        )
    least, most = by_share.iloc[0], by_share.iloc[-1]
    said = (
        f"Asked under every order of the {int(most['k'])} options, {model} says {most['favourite']} in "
        f"{figures.percent(most['share'])} of its choices in {names[most['language']]}; chance is "
        f"{figures.percent(most['expected'])}."
    )
    if len(by_share) == 1:
        return said
    return f"{said} Least in {names[least['language']]}, where it says {least['favourite']} in " + (
        f"{figures.percent(least['share'])}."
    )


def wordings_in_words(by_language: pd.DataFrame, *, names: dict[str, str]) -> str:
    """What the widest gap is, what the mean, and in how many languages it is more than chance."""
    widest = by_language[by_language["is_widest"]]
    if widest.empty:
        return "Too little is right to compare wordings with languages."
    row = widest.iloc[0]
    n, n_more, n_less = (int(row[column]) for column in ("n_compared", "n_more", "n_less"))
    return (
        f"In {names[row['language']]} two wordings share {figures.percent(row['between_wordings'])} of the facts "
        f"right in either, two languages {figures.percent(row['between_languages'])}: {_verdict(row)}. "
        f"Mean of {n} language{'s' if n > 1 else ''}: {figures.percent(row['mean_wordings'])} and "
        f"{figures.percent(row['mean_languages'])}. The difference is clear (its 95 % interval excludes 0) in "
        f"{n_more + n_less or 'none'} of them" + (f", in {n_less} because other words change more." if n_less else ".")
    )


def _verdict(row: Row) -> str:
    if row["ci_low"] > 0:
        return "another language changes more than other words do"
    if row["ci_high"] < 0:
        return "other words change more than another language does"
    return f"with {int(row['n'])} facts that is too close to tell which of the two changes more"
