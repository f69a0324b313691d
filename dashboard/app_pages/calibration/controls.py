"""What the Calibration page is about: lab models asked in one way, one of them chosen, and which names count."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard import page_registry, queries
from dashboard.choices.controls import dropdown, segmented
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from engine.browse.queries import Strings

STRINGS: Mapping[Strings, str] = {
    "all": "All names",
    "different": "Spelled otherwise than in English",
    "same": "Spelled as in English",
}
TRAIN_COMMAND = "make lab"


@dataclass(frozen=True)
class Calibrated:
    """Lab models by the labels of one way of asking them."""

    models: tuple[str, ...]
    own_names: Mapping[str, str]  # by label
    model: str  # the label of the chosen one
    strings: Strings


def choose(selection: Selection) -> Calibrated | None:
    """Draw the controls; None, with the reason said, where there is no lab model on the dataset."""
    ways = queries.view(selection.version, "calibration_ways")
    here = ways[ways["dataset"] == selection.dataset].set_index("way")
    if here.empty:
        _say_what_is_missing(selection, ways)
        return None
    models_of = {str(way): tuple(str(label) for label in labels) for way, labels in here["models"].items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        way = _choose_way(models_of, selection)
        strings = _choose_strings(selection)
    labels = models_of[way]
    own_names = _own_names(selection)
    own = own_names.get(selection.model, selection.model)
    return Calibrated(
        models=labels,
        own_names={label: own_names[label] for label in labels},
        model=next((label for label in labels if own_names[label] == own), ""),
        strings=strings,
    )


def _choose_way(models_of: Mapping[str, tuple[str, ...]], selection: Selection) -> str:
    """The way of asking; a control only where there are several."""
    default = next((way for way, labels in models_of.items() if selection.model in labels), next(iter(models_of)))
    if len(models_of) == 1:
        return default
    titles = {way: f"{way} ({len(labels)} models)" for way, labels in models_of.items()}
    return dropdown("calibration_asked_by", "Asked by", titles, default=default, width=300)


def _choose_strings(selection: Selection) -> Strings:
    """Which names count; a control only where it is known how they are spelled."""
    known = queries.view(selection.version, "known_parts", model=selection.model, dataset=selection.dataset)
    if "strings" not in set(known["part"]):
        return "all"
    return segmented("strings", "Subject and answer", STRINGS, default="all", help=_HELP)


_HELP = (
    "A name that is spelled alike carries a fact across without any knowledge of the other language; what crosses "
    "among the others crossed in truth. Spelled as in English: the subject or the answer is."
)


def _own_names(selection: Selection) -> dict[str, str]:
    catalogue = queries.view(selection.version, "catalogue")
    return dict(zip(catalogue["model"], catalogue["own_name"], strict=True))


def _say_what_is_missing(selection: Selection, ways: pd.DataFrame) -> None:
    if not ways.empty:
        first = ways.iloc[0]
        prose.say(
            f"Of no model is it known what it was taught of {selection.what}. Of lab models it is: they were asked "
            f"{first['title']}."
        )
        page_registry.link(
            "calibration", "Show them", {"dataset": str(first["dataset"]), "model": str(first["models"][0])}
        )
        return
    prose.say(
        "There is no model in your store of which it is known what it was taught. Lab models are small models trained "
        "from scratch, so that it is known which fact each was taught in which language. Train them, ask them the "
        "facts, then reload this page:"
    )
    st.code(TRAIN_COMMAND, language=None)
