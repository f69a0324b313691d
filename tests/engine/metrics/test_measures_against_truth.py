"""Measures held against what really crossed: their values, and Spearman's ranks, by hand and by scipy."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from engine.database.compute import compute
from engine.database.database import Database
from tests.support.calibration_small import ALL_CROSSED, GOLD, LANGUAGES, RIGHT, TAUGHT, lab_store, said
from tests.support.tables import exposure_rows, fact_rows, make_store, result_rows, run_rows


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = lab_store(tmp_path_factory.mktemp("store"), {"m": RIGHT, "n": ALL_CROSSED})
    assert opened.problems == ()
    yield opened
    opened.close()


@pytest.mark.slow
def test_what_the_measures_say_of_a_language(store: Database) -> None:
    rows = compute(store, "measured_and_crossed", models=["m"]).set_index(["language", "measure"])
    # right together of right in either: de-en 6/7, de-he 3/7, en-he 3/8; accuracy of German .6, guessing .25
    wanted = {
        "ra": (0.6 - 0.25) / 0.75,
        "overlap": (6 / 7 + 3 / 7) / 2,
        "overlap_english": 6 / 7,
        "transfer": (6 / 7 + 3 / 4) / 2,  # into German: from English, from Hebrew
        "transfer_english": 6 / 7,
        "agreement": (9 / 10 + 6 / 10) / 2,
        "same_option": (9 / 10 + 6 / 10) / 2,  # what is wrong here is wrong alike
    }
    assert {name: rows.loc[("de", name), "value"] for name in wanted} == pytest.approx(wanted)
    assert rows.loc[("de", "ra"), ["crossed", "crossed_different", "taught"]].tolist() == pytest.approx(
        [2 / 3, 2 / 3, 2 / 10]
    )
    assert set(rows.loc["en"]["crossed"].isna()) == {True} and rows.loc[("en", "ra"), "taught"] == 0.6
    assert np.isnan(rows["value"]["en", "overlap_english"])
    german = compute(store, "measured_and_crossed", models=["m"], languages=["de", "he"])
    alone = german.set_index(["language", "measure"])["value"]
    assert alone["de", "overlap"] == pytest.approx(3 / 7) and np.isnan(alone["de", "overlap_english"])


def test_a_model_is_taken_as_asked_last_unless_chosen(tmp_path: Path) -> None:
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    ways = {"plain@1": RIGHT, "exam@1": ALL_CROSSED}
    runs = [
        row
        for number, way in enumerate(ways)
        for row in run_rows("m", way, template=way, finished=day + datetime.timedelta(days=number))
    ]
    results = [
        row for way, right in ways.items() for row in result_rows("m", "d", GOLD, said(right), way, template=way)
    ]
    opened = make_store(
        tmp_path, facts=fact_rows("d", GOLD, LANGUAGES), results=results, runs=runs,
        exposure=exposure_rows("m", "d", TAUGHT),
    )  # fmt: skip
    assert set(compute(opened, "measured_and_crossed")["model"]) == {"m:letter:exam@1"}
    assert set(compute(opened, "measured_and_crossed", models=["m:letter:plain@1"])["crossed"].dropna().round(9)) == {
        round(2 / 3, 9), round(1 / 3, 9)
    }  # fmt: skip
    # exposure is by the model's own name, answers stand under the ways of asking
    assert set(compute(opened, "crossed")["model"]) == {"m:letter:exam@1", "m:letter:plain@1"}
    opened.close()


def ranked(cells: pd.DataFrame, measure: str, truth: str) -> tuple[pd.DataFrame, float]:
    """The cells where both are known, and Spearman's correlation by scipy."""
    known = cells[cells["measure"] == measure].dropna(subset=["value", truth, "crossed"])
    value, against = known["value"].round(12), known[truth].round(12)
    if len(known) < 3 or value.nunique() < 2 or against.nunique() < 2:
        return known, float("nan")
    return known, float(stats.spearmanr(value, against).statistic)


@pytest.mark.slow
def test_ranks_against_the_truth_are_spearmans(tmp_path: Path) -> None:
    chance = np.random.default_rng(7)
    n, languages = 40, ["ar", "de", "en", "he"]
    taught = {"en": "t" * 30 + "." * 10} | {
        tag: "t" * (5 * i) + "." * (n - 5 * i) for i, tag in enumerate(["ar", "de", "he"])
    }
    models = {
        f"m{skill}": {tag: "".join(np.where(chance.random(n) < 0.2 + 0.15 * skill, "+", "x")) for tag in languages}
        for skill in range(4)
    }  # fmt: skip
    opened = lab_store(tmp_path, models, taught)
    cells, rows = compute(opened, "measured_and_crossed"), compute(opened, "measures_against_truth")
    chosen = compute(opened, "measures_against_truth", models=["m0", "m1", "m2"], languages=["ar", "de", "he"])
    opened.close()
    assert len(rows) == 8 * 2
    for _, row in rows[rows["unit"] == "cell"].iterrows():
        known, wanted = ranked(cells, row["measure"], "crossed")
        assert row["n"] == len(known) == 12
        assert row["spearman"] == pytest.approx(wanted)
        assert row["spearman_taught"] == pytest.approx(ranked(cells, row["measure"], "taught")[1])
        place = (known["value"].round(12).rank() - known["crossed"].round(12).rank()) / 11
        assert row["excess"] == pytest.approx(place.max())
        assert known.loc[place.idxmax(), ["model", "language"]].tolist() == [row["overrated"], row["in_language"]] or (
            (place == place.max()).sum() > 1
        )
    means = (
        cells.dropna(subset=["value", "crossed"]).groupby(["model", "measure"], as_index=False).mean(numeric_only=True)
    )
    for _, row in rows[rows["unit"] == "model"].iterrows():
        assert row["n"] == 4 and pd.isna(row["in_language"])
        assert row["spearman"] == pytest.approx(ranked(means, row["measure"], "crossed")[1])
    assert set(chosen["measure"]) == set(rows["measure"]) - {"overlap_english", "transfer_english"}
    assert set(chosen.loc[chosen["unit"] == "cell", "n"]) == {9}


@pytest.mark.slow
def test_a_measure_in_the_true_order_overrates_nothing(tmp_path: Path) -> None:
    """RA follows what crossed where all were taught alike and guess alike."""
    taught = {"en": "tttttt....", "de": "..........", "he": ".........."}
    models = {
        f"m{n}": {"en": "++++++xxxx", "de": "+" * n + "x" * (10 - n), "he": "+" * n + "x" * (10 - n)} for n in (1, 3, 5)
    }
    opened = lab_store(tmp_path, models, taught)
    rows = compute(opened, "measures_against_truth").set_index(["measure", "unit"])
    opened.close()
    for unit, n in (("cell", 6), ("model", 3)):
        row = rows.loc["agreement", unit]
        assert row[["n", "spearman", "excess"]].tolist() == pytest.approx([n, 1, 0])
        assert pd.isna(row["overrated"]) and np.isnan(row["spearman_taught"])  # the same share everywhere has no order
