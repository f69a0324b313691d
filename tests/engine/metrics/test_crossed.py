"""What really crossed, worked out by hand and from its definitions."""

import math
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from engine.database.compute import compute
from engine.database.database import Database
from engine.locations import PROJECT
from tests.support.calibration_small import ALL_CROSSED, GOLD, LANGUAGES, RIGHT, TAUGHT, lab_store, said
from tests.support.tables import fact_rows, make_store, result_rows, run_rows

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = lab_store(tmp_path_factory.mktemp("store"), {"m": RIGHT, "n": ALL_CROSSED})
    assert opened.problems == ()
    yield opened
    opened.close()


def rows_of(store: Database, metric: str, model: str = "m", strings: str = "all") -> pd.DataFrame:
    rows = compute(store, metric, models=[model], interval=True)
    return rows[rows["strings"] == strings].set_index("language")


def test_accuracy_by_exposure_and_spelling(store: Database) -> None:
    rows = compute(store, "exposure_accuracy", models=["m"], interval=True)
    assert len(rows) == 3 * 3 * 3
    keys = ["language", "exposure", "strings"]
    counts = {tuple(row[key] for key in keys): (row["n"], row["correct"]) for _, row in rows.iterrows()}
    assert counts["de", "here", "all"] == (2, 2)
    assert counts["de", "elsewhere", "all"] == (4, 3)  # 2 3 4 of 2 3 4 5
    assert counts["de", "nowhere", "all"] == (4, 1)  # 6 of 6-9
    # of the German names 0 and 6 have the subject as in English, 4 the answer
    assert (counts["de", "here", "same"], counts["de", "here", "different"]) == ((1, 1), (1, 1))
    assert (counts["de", "elsewhere", "same"], counts["de", "elsewhere", "different"]) == ((1, 1), (3, 2))
    assert (counts["de", "nowhere", "same"], counts["de", "nowhere", "different"]) == ((1, 1), (3, 0))
    assert counts["he", "elsewhere", "all"] == counts["he", "elsewhere", "different"] == (6, 3)
    assert counts["he", "here", "all"] == counts["he", "elsewhere", "same"] == (0, 0)
    assert counts["en", "here", "all"] == counts["en", "here", "same"] == (6, 6)
    assert counts["en", "elsewhere", "all"] == counts["en", "nowhere", "different"] == (0, 0)
    assert rows[rows["n"] == 0][["accuracy", "ci_low", "ci_high"]].isna().all(axis=None)
    row = rows.set_index(keys).loc["de", "elsewhere", "all"]
    wilson = stats.binomtest(3, 4).proportion_ci(method="wilson")
    assert row[["accuracy", "ci_low", "ci_high"]].tolist() == pytest.approx([3 / 4, wilson.low, wilson.high])


def test_crossed_takes_guessing_away(store: Database) -> None:
    rows = rows_of(store, "crossed")
    assert rows.loc["de", ["n_elsewhere", "accuracy_elsewhere", "n_nowhere", "accuracy_nowhere"]].tolist() == [
        4, 3 / 4, 4, 1 / 4
    ]  # fmt: skip
    assert rows["crossed"].to_dict() == pytest.approx(
        # (3/4 - 1/4) / (3/4); nothing was taught elsewhere; (1/2 - 1/4) / (3/4)
        {"de": 2 / 3, "en": float("nan"), "he": 1 / 3},
        nan_ok=True,
    )
    # all that was taught elsewhere is right in English, in German 3 of 4 of it, in Hebrew 3 of 6
    assert rows["n_known"].dropna().to_dict() == {"de": 4, "he": 6}
    assert rows["crossed_known"].dropna().to_dict() == pytest.approx({"de": 2 / 3, "he": 1 / 3})
    different, same = rows_of(store, "crossed", strings="different"), rows_of(store, "crossed", strings="same")
    assert different.loc["de", "crossed"] == pytest.approx(2 / 3)  # 2 of 3, nothing of 3 in the control
    assert np.isnan(same["crossed"]["de"])  # the control, one fact, is right: nothing can be told
    assert rows_of(store, "crossed", "n")["crossed"].dropna().to_dict() == {"de": 1, "he": 1}


def test_known_in_english_leaves_out_what_english_does_not_know(tmp_path: Path) -> None:
    opened = lab_store(tmp_path, {"m": RIGHT | {"en": "+++xxxxxxx"}})
    rows = rows_of(opened, "crossed")
    opened.close()
    # German 2 of 2 3 4 5 is known in English; Hebrew 0 1 2 of 0-5, and all of them are right there
    assert rows[["n_known", "accuracy_known", "crossed_known"]].dropna().to_dict("index") == {
        "de": {"n_known": 1, "accuracy_known": 1, "crossed_known": 1},
        "he": {"n_known": 3, "accuracy_known": 1, "crossed_known": 1},
    }


def test_what_right_answers_are_made_of(store: Database) -> None:
    rows = rows_of(store, "right_answers_made_of")
    assert rows.loc["de", ["n", "n_right", "n_here", "n_elsewhere", "n_nowhere"]].tolist() == [10, 6, 2, 4, 4]
    parts = rows[["stored", "crossed", "guessed"]]
    # 6 right, the control is 1/4 right: 2 here are known, 4 * 2/3 elsewhere, 6 - 2 - 8/3 remain
    assert parts.loc["de"].tolist() == pytest.approx([2 / 6, (8 / 3) / 6, (4 / 3) / 6])
    assert parts.loc["en"].tolist() == pytest.approx([6 / 7, 0, 1 / 7])
    assert parts.loc["he"].tolist() == pytest.approx([0, 6 * (1 / 3) / 4, 2 / 4])
    assert rows_of(store, "right_answers_made_of", "n").loc["de", ["stored", "crossed", "guessed"]].tolist() == (
        pytest.approx([2 / 6, 4 / 6, 0])
    )
    crossed = rows_of(store, "crossed").loc["de"]
    assert rows.loc["de", "ci_low"] == pytest.approx(max(0, crossed["ci_low"]) * 4 / 6)
    assert rows.loc["de", "ci_high"] == pytest.approx(min(crossed["ci_high"], 3 / 4) * 4 / 6)


def test_what_is_guessed_among_the_facts_taught_here_is_not_stored(tmp_path: Path) -> None:
    opened = lab_store(tmp_path, {"m": RIGHT | {"de": "+xxxxx++xx"}})
    german = rows_of(opened, "right_answers_made_of").loc["de"]
    opened.close()
    # 1 of 2 right here, 0 of 4 elsewhere, 2 of 4 nowhere: no better than guessing, so all 3 are guesses
    assert german[["n_right", "stored", "crossed", "guessed"]].tolist() == [3, 0, 0, 1]
    opened = lab_store(tmp_path / "b", {"m": RIGHT | {"de": "+xxxxx+xxx"}})
    german = rows_of(opened, "right_answers_made_of").loc["de"]
    opened.close()
    # 1 of 4 nowhere: of the 2 here (1/2 - 1/4) / (3/4) are known, 2/3; the rest of the 2 right ones is guessed
    assert german[["n_right", "stored", "crossed", "guessed"]].tolist() == pytest.approx([2, 1 / 3, 0, 2 / 3])


def test_missing_where_nothing_can_be_told(tmp_path: Path) -> None:
    no_control = {"en": "tttttttttt", "de": "tt........", "he": ".........."}
    opened = lab_store(tmp_path / "a", {"m": RIGHT}, no_control)
    rows = rows_of(opened, "crossed")
    assert rows["n_nowhere"].tolist() == [0, 0, 0] and rows["crossed"].isna().all()
    assert rows_of(opened, "right_answers_made_of")[["stored", "crossed", "guessed"]].isna().all(axis=None)
    assert compute(opened, "measures_against_truth").empty
    opened.close()
    opened = lab_store(tmp_path / "b", {"m": RIGHT | {"de": "xxxxxxxxxx", "he": "!!!!!!!!!!"}})
    made = rows_of(opened, "right_answers_made_of")
    assert made.loc["de", "n_right"] == 0 and made.loc["de", ["stored", "crossed", "guessed"]].isna().all()
    assert made.loc["he", "n"] == 0 and made.loc["he", ["stored", "crossed", "guessed"]].isna().all()
    assert rows_of(opened, "crossed").loc["de", "crossed"] == 0
    opened.close()


def test_facts_of_which_nothing_is_known_are_left_out(tmp_path: Path) -> None:
    opened = lab_store(tmp_path, {"m": RIGHT}, {tag: signs[:8] + "  " for tag, signs in TAUGHT.items()})
    assert rows_of(opened, "right_answers_made_of")["n"].to_dict() == {"de": 8, "en": 8, "he": 8}
    assert rows_of(opened, "crossed")["n_nowhere"].to_dict() == {"de": 2, "en": 2, "he": 2}
    opened.close()


def test_without_lab_models_there_are_no_rows(tmp_path: Path) -> None:
    facts, results = fact_rows("d", GOLD, LANGUAGES), result_rows("m", "d", GOLD, said(RIGHT))
    opened = make_store(tmp_path, facts=facts, results=results, runs=run_rows("m"))
    for metric in ("exposure_accuracy", "crossed", "right_answers_made_of", "measured_and_crossed"):
        assert compute(opened, metric).empty, metric
    opened.close()


def mover(k1: int, n1: int, k2: int, n2: int) -> tuple[float, float]:
    """The MOVER-R limits of k1/n1 : k2/n2 by their definition: where Newcombe's limits of p1 - r p2 are 0."""
    (l1, u1), (l2, u2) = (stats.binomtest(k, n).proportion_ci(method="wilson") for k, n in ((k1, n1), (k2, n2)))
    p1, p2 = k1 / n1, k2 / n2

    def low(r: float) -> float:
        return p1 - r * p2 - math.hypot(p1 - l1, r * (u2 - p2))

    def high(r: float) -> float:
        return p1 - r * p2 + math.hypot(u1 - p1, r * (p2 - l2))

    ratio = p1 / p2
    lower = 0.0 if k1 == 0 else optimize.brentq(low, 0, ratio)
    return float(lower), float(optimize.brentq(high, ratio, 1e6))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_interval_of_crossed_is_mover_r(data: st.DataObject) -> None:
    n1, n2 = data.draw(st.integers(1, 300)), data.draw(st.integers(1, 300))
    k1, k2 = data.draw(st.integers(0, n1)), data.draw(st.integers(1, n2))
    low, high = _macros().execute("select ratio_low($a, $b, $c, $d), ratio_high($a, $b, $c, $d)",
                                  {"a": k1, "b": n1, "c": k2, "d": n2}).fetchall()[0]  # fmt: skip
    assert (low, high) == pytest.approx(mover(k1, n1, k2, n2), rel=1e-6, abs=1e-9)
    assert low <= k1 / n1 / (k2 / n2) + 1e-12 and k1 / n1 / (k2 / n2) <= high + 1e-12
    # it leaves out 1 where Newcombe's interval of the difference leaves out 0
    (l1, u1), (l2, u2) = (stats.binomtest(k, n).proportion_ci(method="wilson") for k, n in ((k1, n1), (k2, n2)))
    p1, p2 = k1 / n1, k2 / n2
    below = p1 - p2 - np.hypot(p1 - l1, u2 - p2)
    above = p1 - p2 + np.hypot(u1 - p1, p2 - l2)
    assume(abs(below) > 1e-9 and abs(above) > 1e-9)
    assert (low > 1, high < 1) == (below > 0, above < 0)


@cache
def _macros() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    path = PROJECT / "engine" / "database" / "sql" / "macros.sql"
    connection.execute(path.read_text(encoding="utf-8"))
    return connection


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str]]:
    """What a model was taught and what it answers; some facts unmeasured or of unknown exposure."""
    n = draw(st.integers(3, 14))
    taught = {tag: draw(st.text("t.. ", min_size=n, max_size=n)) for tag in LANGUAGES}
    right = {tag: draw(st.text("+x?! ", min_size=n, max_size=n)) for tag in LANGUAGES}
    return taught, right


@settings(max_examples=20, deadline=None)
@given(tables())
def test_laws(table: tuple[dict[str, str], dict[str, str]]) -> None:
    taught, right = table
    assume(any(signs.strip(" !") for signs in right.values()))
    with tempfile.TemporaryDirectory() as folder:
        store = lab_store(Path(folder), {"m": right}, taught)
        accuracy = compute(store, "exposure_accuracy").query("strings == 'all'").set_index(["language", "exposure"])
        crossed = compute(store, "crossed", interval=True).query("strings == 'all'").set_index("language")
        made = compute(store, "right_answers_made_of", interval=True).query("strings == 'all'").set_index("language")
        store.close()
    parts = made[["stored", "crossed", "guessed"]].dropna()
    assert parts.sum(axis=1).tolist() == pytest.approx([1.0] * len(parts))
    assert ((parts >= -1e-12) & (parts <= 1 + 1e-12)).all(axis=None)
    bounded = made.dropna(subset=["ci_low", "crossed"])
    assert (bounded["ci_low"] <= bounded["crossed"] + 1e-12).all()
    assert (bounded["crossed"] <= bounded["ci_high"] + 1e-12).all() and (bounded["ci_high"] <= 1 + 1e-12).all()
    anywhere = {i for signs in taught.values() for i, sign in enumerate(signs) if sign == "t"}
    for language, row in crossed.iterrows():
        measured = {i for i, mark in enumerate(right[language]) if mark in "+x?"}
        known = {i for i, sign in enumerate(taught[language]) if sign != " "} & measured
        here = {i for i in known if taught[language][i] == "t"}
        sets = {"here": here, "elsewhere": (known & anywhere) - here, "nowhere": known - anywhere}
        share = {}
        for exposure, facts in sets.items():
            hits = sum(right[language][i] == "+" for i in facts)
            assert tuple(accuracy.loc[(language, exposure), ["n", "correct"]]) == (len(facts), hits)
            share[exposure] = hits / len(facts) if facts else None
        elsewhere, nowhere = share["elsewhere"], share["nowhere"]
        if elsewhere is None or nowhere is None or nowhere == 1:
            assert np.isnan(row["crossed"])
            continue
        assert row["crossed"] == pytest.approx((elsewhere - nowhere) / (1 - nowhere))
        assert row["ci_low"] <= row["crossed"] + 1e-12 and row["crossed"] <= row["ci_high"] + 1e-12
        if elsewhere == nowhere:
            assert row["crossed"] == pytest.approx(0)
        if elsewhere == 1:
            assert row["crossed"] == 1
