"""The options of the sidebar in words: datasets with their size, models with theirs, group by group."""

import pandas as pd
import pytest

from dashboard.choices.option_labels import dataset_labels, model_labels
from dashboard.choices.selection import preferred_dataset, preferred_model


def model(name: str, group: str, family: str | None = None, size: float | None = None) -> dict[str, object]:
    return {
        "own_name": name,
        "model": f"{name}:letter",
        "model_group": group,
        "family": family,
        "billion_parameters": size,
        "is_latest": True,
    }


def test_datasets_stand_by_title_with_their_size() -> None:
    catalogue = pd.DataFrame(
        [
            {"dataset": "world", "title": "World facts", "n_facts": 1080, "n_languages": 10},
            {"dataset": "world", "title": "World facts", "n_facts": 1080, "n_languages": 10},
            {"dataset": "one", "title": "a fact", "n_facts": 1, "n_languages": 2},
        ]
    )
    assert list(dataset_labels(catalogue).items()) == [
        ("one", "a fact · 1 fact · 2 languages"),
        ("world", "World facts · 1,080 facts · 10 languages"),
    ]


def test_models_stand_group_by_group_then_by_family_and_size() -> None:
    rows = pd.DataFrame(
        [
            model("mine", "own"),
            model("lab-en", "lab", "lab", 0.0012),
            model("llama2_70b", "published", "Llama 2", 70.0),
            model("chatgpt", "published", "GPT-3.5-turbo"),
            model("llama2_7b", "published", "Llama 2", 7.1),
            model("gemma-3-270m", "asked", "Gemma 3", 0.268),
        ]
    )
    assert list(model_labels(rows).values()) == [
        "gemma-3-270m · 268 M · Gemma 3 · real",
        "chatgpt · GPT-3.5-turbo · published",
        "llama2_7b · 7.1 B · Llama 2 · published",
        "llama2_70b · 70 B · Llama 2 · published",
        "lab-en · 1.2 M · lab",
        "mine · yours",
    ]
    # of one group alone nobody needs its name
    assert list(model_labels(rows[rows["model_group"] == "published"]).values())[1] == "llama2_7b · 7.1 B · Llama 2"


@pytest.mark.parametrize(
    ("figures", "dataset"),
    [
        ([("x_geo", "llama2_13b_chat"), ("world", "gemma-3-270m")], "world"),
        ([("x_geo", "llama2_13b_chat"), ("world", "mine")], "x_geo"),  # the model that is preferred there has none
        ([("z", "mine"), ("a", "mine")], "z"),
    ],
)
def test_the_dataset_to_begin_with_is_one_of_which_its_model_has_figures(
    figures: list[tuple[str, str]], dataset: str
) -> None:
    assert preferred_dataset(pd.DataFrame(figures, columns=["dataset", "own_name"])) == dataset


def test_the_model_to_begin_with_is_a_preferred_one_as_it_was_asked_last() -> None:
    rows = pd.DataFrame([model("a", "own"), model("gemma-3-270m", "asked"), model("gemma-3-270m", "asked")])
    rows["model"] = ["a", "gemma-3-270m:letter", "gemma-3-270m:cloze"]
    rows["is_latest"] = [True, False, True]
    assert preferred_model(rows) == "gemma-3-270m:cloze"
    assert preferred_model(rows.head(1)) == "a"
