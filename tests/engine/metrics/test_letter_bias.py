"""Letter bias, on choices worked out by hand and on choosers whose bias is known."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from engine.database.check import check_store
from engine.database.compute import compute
from engine.database.database import open_database
from tests.support.tables import fact_rows, make_store, result_rows, rotated_rows, run_rows

pytestmark = pytest.mark.slow

LANGUAGES = ["de", "en", "he"]


def letter_bias(
    chosen: dict[str, list[str]], n_options: int, folder: Path, **more: list[dict[str, object]]
) -> pd.DataFrame:
    n_facts = max(len(facts) for facts in chosen.values())
    store = make_store(
        folder,
        facts=fact_rows("d", "A" * n_facts, list(chosen), n_options),
        results=rotated_rows("m", "d", chosen),
        runs=run_rows("m"),
        **more,
    )
    rows = compute(store, "letter_bias", interval=True).set_index("language")
    store.close()
    return rows


def test_by_hand(tmp_path: Path) -> None:
    rows = letter_bias(
        {
            # Under order r option o stands at (o - r) mod 3. ABC: places 0 0 0; BBB: places 1 0 2. A 4, B 1, C 1 of 6
            "en": ["ABC", "BBB"],
            # BCA: places 1 1 1; AAA: places 0 2 1. A 1, B 4, C 1
            "de": ["BCA", "AAA"],
            # AAC: places 0 2 0; CCC: places 2 1 0. A 3, B 1, C 2
            "he": ["AAC", "CCC"],
        },
        3,
        tmp_path,
    )
    assert list(rows["n"]) == [2, 2, 2] and set(rows["k"]) == {3}
    assert rows["favourite"].to_dict() == {"de": "B", "en": "A", "he": "A"}
    assert rows["share"].to_dict() == pytest.approx({"de": 4 / 6, "en": 4 / 6, "he": 3 / 6})
    assert set(rows["expected"]) == {1 / 3}
    # half of |4/6 - 1/3| + |1/6 - 1/3| + |1/6 - 1/3|, and half of |3/6 - 1/3| + |1/6 - 1/3| + |2/6 - 1/3|
    assert rows["bias"].to_dict() == pytest.approx({"de": 1 / 3, "en": 1 / 3, "he": 1 / 6})
    # of two facts one is chosen alike under all orders
    assert list(rows["same_choice"]) == [0.5, 0.5, 0.5]
    wilson = binomtest(1, 2).proportion_ci(0.95, method="wilson")
    assert rows.loc["en", ["ci_low", "ci_high"]].to_list() == pytest.approx([wilson.low, wilson.high])


def test_only_facts_with_a_choice_under_every_order_count(tmp_path: Path) -> None:
    # of the English facts the first counts: the second was asked in one order, the third in none
    chosen = {"en": ["AAA", "A", ""], "de": ["AAA"] * 3, "he": ["", "", ""]}
    rows = letter_bias(chosen, 3, tmp_path)
    assert rows["n"].to_dict() == {"de": 3, "en": 1}  # he: no figure rather than 0
    assert list(rows["bias"]) == [0, 0]
    assert check_store([tmp_path]).findings == ()


def test_facts_with_other_numbers_of_options_have_their_own_row(tmp_path: Path) -> None:
    facts = fact_rows("d", "AA", LANGUAGES, 2) + [
        row | {"fact_id": "2"} for row in fact_rows("d", "A", LANGUAGES, n_options=4)
    ]
    chosen = {language: ["AB", "BA", "ABCD"] for language in LANGUAGES}
    store = make_store(tmp_path, facts=facts, results=rotated_rows("m", "d", chosen), runs=run_rows("m"))
    rows = compute(store, "letter_bias", languages=["en"])
    store.close()
    # AB is A twice, BA is B twice: balanced; ABCD is A four times
    assert rows[["k", "n", "favourite", "share", "bias"]].to_numpy().tolist() == [
        [2, 2, "A", 0.5, 0.0],
        [4, 1, "A", 1.0, 0.75],
    ]


def test_probes_without_orders_have_no_figure(tmp_path: Path) -> None:
    said = {"en": "AB", "de": "AB", "he": "BA"}
    rotated = rotated_rows("o", "d", {"en": ["AB", "BB"], "de": ["AB", "BB"], "he": ["AB", "BB"]})
    store = make_store(
        tmp_path,
        facts=fact_rows("d", "AB", LANGUAGES, 2),
        results=[*result_rows("m", "d", "AB", said), *rotated],
        runs=[*run_rows("m"), *run_rows("o")],
    )
    assert set(compute(store, "letter_bias")["model"]) == {"o"}
    assert store.frame("select count(*) as n from order_choices")["n"].item() == 6  # 2 facts in 3 languages
    store.close()


def test_orders_that_stand_in_two_files_count_once(tmp_path: Path) -> None:
    rows = [letter_bias({language: ["AAB"] for language in LANGUAGES}, 3, tmp_path / name) for name in ("a", "b")]
    store = open_database([tmp_path / "a", tmp_path / "b"])
    both = compute(store, "letter_bias", interval=True).set_index("language")
    store.close()
    pd.testing.assert_frame_equal(both, rows[0])


def picking(option: int) -> Callable[[list[int]], int]:
    """A chooser that finds an option wherever it stands."""
    return lambda listing: listing.index(option)


def rotations(n_options: int, choose: Callable[[list[int]], int]) -> str:
    """What a chooser of places chooses under each order; order r lists the option (place + r) mod k at each place."""
    listings = [[(place + r) % n_options for place in range(n_options)] for r in range(n_options)]
    return "".join(chr(ord("A") + listing[choose(listing)]) for listing in listings)


@settings(max_examples=12, deadline=None)
@given(st.integers(2, 6), st.data())
def test_laws(n_options: int, data: st.DataObject) -> None:
    options = st.integers(0, n_options - 1)
    letter = data.draw(options)
    knows = data.draw(st.lists(options, min_size=2, max_size=4))
    guesses = [
        "".join(chr(ord("A") + data.draw(options)) for _ in range(n_options)) for _ in range(data.draw(options) + 1)
    ]
    chosen = {
        "de": [rotations(n_options, picking(option)) for option in knows],
        "en": [rotations(n_options, lambda listing: letter)] * 2,
        "he": guesses,
    }
    with tempfile.TemporaryDirectory() as folder:
        rows = letter_bias(chosen, n_options, Path(folder))
    # who looks at the options alone is balanced, whatever is known; who looks at the letter alone is wholly biased
    assert rows.loc["de", ["bias", "share", "same_choice"]].to_list() == pytest.approx([0, 1 / n_options, 1])
    assert rows.loc["en", "bias"] == pytest.approx(1 - 1 / n_options)
    assert rows.loc["en", ["favourite", "share", "same_choice"]].to_list() == [chr(ord("A") + letter), 1, 0]
    he = rows.loc["he"]
    assert -1e-12 <= he["bias"] <= 1 - 1 / n_options + 1e-12
    assert he["share"] - he["expected"] <= he["bias"] + 1e-12
    assert he["ci_low"] <= he["same_choice"] + 1e-12 and he["same_choice"] <= he["ci_high"] + 1e-12
