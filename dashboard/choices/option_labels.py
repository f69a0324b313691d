"""The words of the options in the sidebar: datasets with their size, models with theirs, group by group."""

from collections.abc import Mapping
from typing import get_args

import pandas as pd

from dashboard.elements import figures
from engine.browse.queries import ModelGroup, Row

GROUPS: Mapping[ModelGroup, str] = {"asked": "real", "published": "published", "lab": "lab", "own": "yours"}
_ORDER: tuple[ModelGroup, ...] = get_args(ModelGroup)


def dataset_label(row: Row) -> str:
    """A dataset's title, with how many facts in how many languages it has. `row`: of engine/browse/catalogue.sql."""
    size = f"{figures.counted(row['n_facts'], 'fact')} · {figures.counted(row['n_languages'], 'language')}"
    return f"{row['title']} · {size}"


def dataset_labels(catalogue: pd.DataFrame) -> dict[str, str]:
    """The label of each dataset, in the order of the titles."""
    first = catalogue.drop_duplicates("dataset")
    labels = {str(row["dataset"]): dataset_label(row) for _, row in first.iterrows()}
    return dict(sorted(labels.items(), key=lambda item: item[1].casefold()))


def model_labels(rows: pd.DataFrame) -> dict[str, str]:
    """The label of each model, group by group, in a group by family and size. `rows`: one of each model.

    The group is named where there are several; a name or a description that is not known is left out.
    """
    has_groups = rows["model_group"].nunique() > 1
    return {str(row["own_name"]): _model_label(row, has_groups) for _, row in rows.iloc[_by_group(rows)].iterrows()}


def _by_group(rows: pd.DataFrame) -> list[int]:
    keys = [
        (
            _ORDER.index(row["model_group"]),
            pd.isna(row["family"]),
            str(row["family"]).casefold(),
            pd.isna(row["billion_parameters"]),
            0.0 if pd.isna(row["billion_parameters"]) else row["billion_parameters"],
            str(row["own_name"]).casefold(),
        )
        for _, row in rows.iterrows()
    ]
    return sorted(range(len(keys)), key=keys.__getitem__)


def _model_label(row: Row, has_groups: bool) -> str:
    known = [
        None if pd.isna(row["billion_parameters"]) else figures.parameters(row["billion_parameters"]),
        None if pd.isna(row["family"]) or row["family"] == GROUPS["lab"] else str(row["family"]),
        GROUPS[row["model_group"]] if has_groups or row["model_group"] == "lab" else None,
    ]
    return " · ".join([str(row["own_name"]), *filter(None, known)])
