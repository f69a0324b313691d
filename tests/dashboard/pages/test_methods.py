"""Methods: every measure stands there, also one of another package; and what the pages show is among them."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest

from engine.browse.queries import View, browse
from engine.database.database import open_database
from engine.metrics.definition import metrics
from tests.support.calibration_small import ALL_CROSSED, LANGUAGES, RIGHT, lab_store
from tests.support.page import open_page
from tests.support.planted_metrics import WRONG_IN_BOTH, installed

pytestmark = pytest.mark.slow

# Every figure of a view of the pages, and the measure's column that it is; several are told as `_low` and `_high`.
FIGURES: dict[View, dict[str, str]] = {
    "catalogue": {name: f"chance.{name}" for name in ("chance", "ceiling", "chance_overlap")},
    "model_cells": {
        "n": "accuracy.n", "correct": "accuracy.correct", "accuracy": "accuracy.accuracy", "ra": "ra.ra",
        "accuracy_low": "accuracy.ci_low", "accuracy_high": "accuracy.ci_high",
        "ra_low": "ra.ci_low", "ra_high": "ra.ci_high",
    },
    "model_summary": {
        **{f"mean_{name}{end}": f"mean_of_languages.{column}" for name in ("accuracy", "ra")
           for end, column in {"": "mean", "_low": "ci_low", "_high": "ci_high"}.items()},
        **{name: f"mean_of_languages.{name}" for name in ("n_languages", "english", "others", "gap")},
        "n": "mean_of_languages.n_least", "n_pairs": "mean_of_pairs.n_pairs",
        "mean_overlap": "mean_of_pairs.mean", "mean_above_chance": "mean_of_pairs.mean",
    },
    "overview_figures": {
        **{name: f"english_gap.{name}" for name in (
            "n_models", "n_others", "english", "english_low", "english_high", "others", "gap")},
        "n_facts": "english_gap.n", "gap_low": "english_gap.ci_low", "gap_high": "english_gap.ci_high",
    },
    "built_on_changes": {
        **{name: f"change_from_base.{name}" for name in ("n", "change", "ci_low", "ci_high")},
    },
    "pair_cells": {
        "n": "overlap.n", "n_both": "overlap.n_both", "expected": "overlap.expected", "accuracy": "accuracy.accuracy",
        **{name: f"{name}.{name}" for name in ("overlap", "above_chance", "transfer")},
        **{f"{name}_{end}": f"{name}.ci_{end}" for name in ("overlap", "transfer") for end in ("low", "high")},
    },
    "pair_summary": {
        "mean_accuracy": "mean_of_languages.mean", "accuracy_low": "mean_of_languages.ci_low",
        "accuracy_high": "mean_of_languages.ci_high", "lowest": "mean_of_languages.lowest",
        "highest": "mean_of_languages.highest", "n_facts": "mean_of_languages.n_most",
        "n_languages": "mean_of_languages.n_languages", "mean_value": "mean_of_pairs.mean",
        "mean_low": "mean_of_pairs.ci_low", "mean_high": "mean_of_pairs.ci_high", "n_pairs": "mean_of_pairs.n_pairs",
        "mean_above_chance": "mean_of_pairs.mean", "strongest": "mean_of_pairs.strongest",
        "weakest": "mean_of_pairs.weakest",
    },
    "asking_wordings": {
        **{name: f"wording_overlap.{name}" for name in (
            "n_wordings", "n", "between_wordings", "between_languages", "gap", "ci_low", "ci_high")},
        "n_compared": "mean_wording_overlap.n_languages", "mean_wordings": "mean_wording_overlap.between_wordings",
        "mean_languages": "mean_wording_overlap.between_languages",
        **{name: f"mean_wording_overlap.{name}" for name in ("n_more", "n_less")},
    },
    "calibration_models": {
        **{name: f"mean_crossed.{name}" for name in (
            "crossed", "n_languages", "n_nowhere", "n_elsewhere", "accuracy_nowhere", "accuracy_elsewhere", "stored",
            "crossed_share", "guessed", "share_low", "share_high", "n_parts", "ra", "overlap", "place", "ra_place")},
        "crossed_low": "mean_crossed.ci_low", "crossed_high": "mean_crossed.ci_high",
    },
    "calibration_languages": {
        **{name: f"right_answers_made_of.{name}" for name in (
            "n", "n_right", "n_here", "n_elsewhere", "n_nowhere", "stored", "guessed")},
        "crossed_share": "right_answers_made_of.crossed", "share_low": "right_answers_made_of.ci_low",
        "share_high": "right_answers_made_of.ci_high",
        **{name: f"crossed.{name}" for name in (
            "accuracy_elsewhere", "accuracy_nowhere", "crossed", "n_known", "accuracy_known", "crossed_known")},
        "crossed_low": "crossed.ci_low", "crossed_high": "crossed.ci_high",
        "ra": "measured_and_crossed.value", "overlap": "measured_and_crossed.value",
    },
    "search": {name: f"fact_spread.{name}" for name in ("n", "n_right", "disagreement")},
    "fact": {"n_models_right": "models_right.n_right", "n_models": "models_right.n"},
}  # fmt: skip
# Numbers that are no figure of what a model knows: how many facts a list or a group of it has, and what a model is.
COUNTED: dict[View, set[str]] = {
    "pair_cells": {"n_only_a", "n_only_b", "n_wrong_alike", "n_wrong_differently"},
    "pair_summary": {"n_least", "n_most", "widest"},
    "search": {"n_facts", "n_measured", "n_complete", "n_everywhere", "n_nowhere"},
    "model_summary": {"billion_parameters"},
    "catalogue": {"billion_parameters", "n_facts", "n_languages"},
    "fact": {"predicted"},
}
CHOSEN: dict[str, object] = {
    "dataset": "d", "model": "some", "models": ["some", "all"], "languages": LANGUAGES, "strings": "all", "fact": "0",
    "measure": "overlap", "text": "", "shown": "en", "relation": None, "right_in": [], "wrong_in": [],
    "known_from": None, "known_to": None, "sort": "order", "limit": 9, "offset": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    lab_store(folder, {"some": RIGHT, "all": ALL_CROSSED}).close()
    return folder


def sql_of(view: str) -> str:
    return re.sub("--.*", "", (files("engine.browse") / f"{view}.sql").read_text(encoding="utf-8"))


@pytest.mark.parametrize("view", FIGURES)
def test_every_figure_of_a_page_is_a_column_of_a_measure(view: View, folder: Path) -> None:
    store = open_database([folder])
    parameters = {name: CHOSEN[name] for name in set(re.findall(r"\$(\w+)", sql_of(view)))}
    frame = browse(store, view, **parameters)
    store.close()
    numbers = {
        name
        for name, column in frame.items()
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    }
    assert numbers == set(FIGURES[view]) | COUNTED.get(view, set()), numbers ^ (
        set(FIGURES[view]) | COUNTED.get(view, set())
    )
    for told in FIGURES[view].values():
        name, _, column = told.partition(".")
        metric = metrics()[name]
        assert column in metric.columns or (column in ("ci_low", "ci_high") and metric.has_interval), told


@pytest.mark.parametrize("view", get_args(View))
def test_no_view_computes_a_figure_itself(view: View) -> None:
    """A view of the pages selects: means, intervals and quotients stand in engine/metrics."""
    computed = re.findall(r"\b(?:avg|sqrt|stddev\w*|corr|median|wilson\w*|ratio\w*)\(|\w+ */ *\w+", sql_of(view))
    assert computed == (["n_done / t"] if view == "runs" else []), computed


def test_the_page_shows_every_measure_and_what_it_needs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page("methods", monkeypatch, folder)
    assert set(page.headings) >= {metric.title for metric in metrics().values()}
    assert "lab models, of which it is known what they were taught" in page.words
    assert "Every figure on these pages of what models know comes from one of the statements below" in page.words


def test_a_planted_measure_of_pairs_is_explained_offered_and_drawn(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installed(tmp_path, monkeypatch, wrong_in_both=WRONG_IN_BOTH):
        lab_store(tmp_path / "store", {"some": RIGHT, "all": ALL_CROSSED}).close()
        methods = open_page("methods", monkeypatch, tmp_path / "store")
        assert "Wrong in both" in methods.headings and "planted (measure of more of acme)" in methods.words
        chosen: dict[str, Any] = {"dataset": "d", "model": "some", "measure": "wrong_in_both"}
        pairs = open_page("pairs", monkeypatch, tmp_path / "store", **chosen)
        cells = {(row["language_a"], row["language_b"]): row for row in pairs.charts["pair-heatmap"]["data"]["values"]}
        assert cells["en", "de"]["value"] == 0.3 and cells["en", "de"]["ci_low"] < 0.3
        # wrong in both of 10: de-en 7 8 9; de-he 5 8 9; en-he 8 9; mean 8 / 30
        assert "Mean wrong in both" in pairs.words and "27 %" in pairs.words
        assert "Wrong in both: of the facts measured in both languages, the share wrong in both." in pairs.words
        part = open_page("pairs", monkeypatch, tmp_path / "store", **chosen, taught="nowhere")
        (cell,) = [
            row for row in part.charts["pair-heatmap"]["data"]["values"]
            if (row["language_a"], row["language_b"]) == ("en", "de")
        ]  # fmt: skip
        assert cell["value"] == 0.75
        calibration = open_page("calibration", monkeypatch, tmp_path / "store", dataset="d", model="some")
        names = {param["name"]: param["value"] for param in calibration.charts["truth-chart"]["params"]}["names"]
        assert names["wrong_in_both"] == "Wrong in both"
    after = open_page("pairs", monkeypatch, folder, dataset="d", model="some")
    assert "Wrong in both" not in after.words
