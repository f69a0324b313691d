"""What the store says of its runs, and which datasets can be asked; every figure worked out by hand."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from dashboard.app_pages.runs.finished_runs import pretty, with_progress
from engine.browse.queries import browse
from engine.database.database import Database
from tests.support.run_progress import made_up
from tests.support.tables import fact_rows, make_store, result_rows, run_rows

LANGUAGES = ["de", "en", "he"]
START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 3, 1, 9, 32, tzinfo=UTC)  # 120 s


@pytest.fixture
def store(tmp_path: Path) -> Database:
    """`new` speaks instead of `old` in German and English; `whole` has the settings; `imported` was asked elsewhere."""
    asked = {"n_expected": 6, "n_done": 6, "template": "plain@1"}
    sole = {"n_expected": 4, "n_done": 4, "template": "plain@1"}
    return make_store(
        tmp_path,
        facts=[*fact_rows("d", "AB", LANGUAGES), *fact_rows("open", "--A", ["en", "he"])],
        results=[
            *result_rows("m", "d", "AB", {"de": "AB", "en": "A!", "he": "!!"}, "old"),
            *result_rows("m", "d", "AB", {"de": "AA", "en": "A!"}, "new"),
            *result_rows("w", "d", "AB", {"de": "!B", "en": "AB"}, "whole"),
            *result_rows("i", "d", "AB", {"de": "AB"}, "imported"),
        ],
        runs=[
            *run_rows("m", "old", started=START, finished=START, **asked),
            *run_rows("m", "new", started=START, finished=LATER, **sole),
            *run_rows("w", "whole", started=START, settings=json.dumps({"dataset": "of the plan"}), **sole),
            *run_rows("lost", "lost", settings="{broken", n_done=0),
            *({**row, "source": "import"} for row in run_rows("i", "imported")),
        ],
    )


def test_runs_in_the_order_of_their_end(store: Database) -> None:
    runs = browse(store, "runs")
    assert list(runs["run_id"]) == ["new", "old", "lost", "whole"]  # without an end last, by their ids
    assert set(runs["n_imported"]) == {1}


def test_what_is_known_of_a_run(store: Database) -> None:
    runs = browse(store, "runs").set_index("run_id").astype(object)
    runs = runs.where(runs.notna(), None)
    new = runs.loc["new"]
    assert (new["started"], new["finished"]) == ("2026-03-01 09:30", "2026-03-01 09:32")
    assert (new["seconds"], new["answers_per_second"]) == (120, pytest.approx(4 / 120))
    assert runs.loc["old", "answers_per_second"] is None  # it ended in the moment that it began
    assert runs.loc["whole", "seconds"] is None


def test_failed_answers_are_counted_where_all_of_a_run_speaks(store: Database) -> None:
    runs = browse(store, "runs").set_index("run_id")
    assert runs.loc["new", "n_failed"] == 1
    assert runs.loc["whole", "n_failed"] == 1
    assert pd.isna(runs["n_failed"]["old"])  # its Hebrew speaks, two of six answers
    assert {run: list(labels) for run, labels in runs["labels"].items()} == {
        "new": ["m"],
        "old": ["m"],
        "whole": ["w"],
        "lost": [],
    }


def test_the_dataset_is_that_of_the_plan_else_that_of_the_answers(store: Database) -> None:
    datasets = browse(store, "runs").set_index("run_id")["dataset"]
    assert datasets["whole"] == "of the plan"
    assert datasets["new"] == "d"
    assert pd.isna(datasets["lost"])


def test_what_a_run_says_itself_completes_it(store: Database) -> None:
    told = [made_up(run_id="old", state="finished", failed=3, rate=7.5), made_up(run_id="new", failed=9, rate=9.0)]
    runs = with_progress(browse(store, "runs"), told).set_index("run_id")
    assert (runs.loc["old", "n_failed"], runs.loc["old", "answers_per_second"]) == (3, 7.5)
    assert runs.loc["new", "n_failed"] == 1  # a run that goes on is not finished
    assert runs.loc["new", "answers_per_second"] == pytest.approx(4 / 120)
    assert pd.isna(runs["n_failed"]["lost"])


@pytest.mark.slow
def test_datasets_that_can_be_asked(store: Database) -> None:
    askable = browse(store, "askable").set_index("dataset")
    assert list(askable.loc["d", ["n_facts", "n_closed"]]) == [2, 2]
    assert list(askable.loc["open", ["n_facts", "n_closed"]]) == [3, 1]  # "--A": two open questions
    assert {dataset: list(tags) for dataset, tags in askable["languages"].items()} == {
        "d": LANGUAGES,
        "open": ["en", "he"],
    }


def test_an_empty_store_has_no_runs_and_nothing_to_ask(tmp_path: Path) -> None:
    empty = make_store(tmp_path)
    assert browse(empty, "runs").empty and browse(empty, "askable").empty


def test_settings_are_shown_as_they_are() -> None:
    assert pretty('{"b":"<é>","a":1}') == '{\n  "b": "<é>",\n  "a": 1\n}'
    assert pretty("{broken") == "{broken"
    assert pretty(None) == pretty(float("nan")) == "not recorded"
