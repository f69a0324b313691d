"""What there is to look at: the datasets by the models that were asked, each with a link that chooses it."""

from typing import get_args

import pandas as pd
import streamlit as st

from dashboard import page_registry, queries
from dashboard.app_pages.start import sentences
from dashboard.choices.option_labels import dataset_label
from dashboard.choices.selection import preferred_model
from dashboard.elements import prose
from engine.browse.queries import ModelGroup

# The page that shows best what is particular of a group.
_SHOWN_ON: dict[ModelGroup, str] = {"asked": "pairs", "published": "overview", "lab": "calibration", "own": "overview"}


def dataset_groups(version: str) -> None:
    """Draw a column for each group of models that the store has figures of."""
    catalogue = queries.view(version, "catalogue")
    groups: list[ModelGroup] = [group for group in get_args(ModelGroup) if (catalogue["model_group"] == group).any()]
    for place, group in zip(st.columns(len(groups), gap="medium"), groups, strict=True):
        with place:
            _group(group, catalogue[catalogue["model_group"] == group])


def _group(group: ModelGroup, rows: pd.DataFrame) -> None:
    n_models = rows["own_name"].nunique()
    answered = rows["own_name"][rows["source"] == "results"].nunique()
    st.subheader(sentences.group_title(group, n_models), anchor=False)
    prose.sentence(sentences.group_words(group, n_models=n_models, n_answered=answered))
    for dataset, of_dataset in rows.groupby("dataset", sort=False):
        query = {"dataset": str(dataset), "model": preferred_model(of_dataset)}
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
            prose.caption(dataset_label(of_dataset.iloc[0]))
            page_registry.link(_SHOWN_ON[group], "Look →", query)
