"""Each metric on a hand-made table, with the arithmetic beside it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy.stats import binomtest

from engine.database.compute import compute
from engine.database.database import Database
from engine.errors import IsoglossError
from tests.support.tables import fact_rows, make_store, model_store, result_rows, run_rows

GOLD = "ABCA"
# right (1) or wrong (0):   en 1 1 1 0   de 1 1 0 0   he 0 1 0 0
SAID = {"en": "ABCB", "de": "ABDB", "he": "BB?D"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    opened = model_store(tmp_path / "store", GOLD, SAID)
    yield opened
    opened.close()


def row(frame: pd.DataFrame, **key: object) -> "pd.Series[Any]":
    for column, value in key.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, frame
    return frame.iloc[0]


def test_accuracy_counts_unreadable_answers_as_wrong(store: Database) -> None:
    accuracy = compute(store, "accuracy")
    # en: A B C right, the fourth wrong: 3/4; de 2/4; he: only the second right, "?" counts: 1/4
    assert dict(zip(accuracy["language"], accuracy["accuracy"], strict=True)) == {"en": 0.75, "de": 0.5, "he": 0.25}
    assert list(accuracy["n"]) == [4, 4, 4]


def test_accuracy_interval_is_wilsons(store: Database) -> None:
    en = row(compute(store, "accuracy"), language="en")
    reference = binomtest(3, 4).proportion_ci(0.95, method="wilson")
    assert en["ci_low"] == pytest.approx(reference.low, abs=1e-12)
    assert en["ci_high"] == pytest.approx(reference.high, abs=1e-12)


def test_an_answer_that_was_not_measured_is_not_counted(tmp_path: Path) -> None:
    store = model_store(tmp_path, "ABCA", {"en": "A!CB", "de": "ABCA", "he": "!!!!"})
    accuracy = compute(store, "accuracy")
    # en: 3 measured, A and C right: 2/3; he: nothing measured: no figure rather than 0
    assert row(accuracy, language="en")["n"] == 3
    assert row(accuracy, language="en")["accuracy"] == pytest.approx(2 / 3)
    assert accuracy[accuracy["language"] == "he"]["accuracy"].isna().all()
    store.close()


def test_the_four_parts_of_a_pair(store: Database) -> None:
    parts = compute(store, "four_parts", languages=["en", "he"], interval=True)
    # en 1 1 1 0, he 0 1 0 0: both 1 (the second), only en 2, only he 0, neither 1, of 4
    from_english = parts[parts["language_a"] == "en"].set_index("part")
    assert from_english["n_part"].to_dict() == {"both": 1, "neither": 1, "only_a": 2, "only_b": 0}
    assert set(from_english["n"]) == {4}
    assert from_english["share"].to_dict() == {"both": 0.25, "neither": 0.25, "only_a": 0.5, "only_b": 0.0}
    reference = binomtest(2, 4).proportion_ci(0.95, method="wilson")
    assert from_english.loc["only_a", "ci_low"] == pytest.approx(reference.low, abs=1e-12)
    assert from_english.loc["only_a", "ci_high"] == pytest.approx(reference.high, abs=1e-12)
    # seen from Hebrew the two in one only change places
    from_hebrew = parts[parts["language_a"] == "he"].set_index("part")
    assert from_hebrew["n_part"].to_dict() == {"both": 1, "neither": 1, "only_a": 0, "only_b": 2}


def test_the_four_parts_are_known_of_published_counts(tmp_path: Path) -> None:
    source: dict[str, object] = {"source": "s", "model": "m", "dataset": "d"}
    count = source | {"gold_option": 0, "n": 10, "n_unparsed": 0}
    groups = {"n_both_right": 3, "n_only_a": 4, "n_only_b": 1, "n_wrong_alike": 2, "n_wrong_differently": 0}
    opened = make_store(
        tmp_path,
        published_accuracy=[count | {"language": "de", "n_correct": 7}, count | {"language": "he", "n_correct": 4}],
        published_pairs=[source | groups | {"n": 10, "language_a": "de", "language_b": "he"}],
    )
    parts = compute(opened, "four_parts", languages=["de", "he"])
    opened.close()
    assert parts[parts["language_a"] == "de"].set_index("part")["n_part"].to_dict() == {
        "both": 3, "only_a": 4, "only_b": 1, "neither": 2,
    }  # fmt: skip


def test_ra_between_chance_and_ceiling(tmp_path: Path) -> None:
    scale = {"dataset": "d", "title": "D", "stream": "factual", "chance": 0.25, "ceiling": 0.625, "ceiling_source": "x"}
    store = make_store(
        tmp_path,
        facts=fact_rows("d", GOLD, list(SAID)),
        results=result_rows("m", "d", GOLD, SAID | {"he": "????"}),
        runs=run_rows("m"),
        datasets=[scale],
    )
    ra = compute(store, "ra")
    # en (.75 - .25)/.375 = 1.3333, above the ceiling and not clipped; de (.5 - .25)/.375 = .6667; he (0 - .25) < 0: 0
    assert list(ra["ra"]) == pytest.approx([0.25 / 0.375, 0.5 / 0.375, 0])
    store.close()


def test_ra_of_a_dataset_without_scale_uses_its_options(store: Database) -> None:
    ra = compute(store, "ra")
    assert set(ra["chance"]) == {0.25}  # one right option of four
    assert set(ra["ceiling"]) == {1.0}


def test_overlap_and_expected(store: Database) -> None:
    pair = row(compute(store, "overlap"), language_a="de", language_b="en")
    # right in both: facts 0, 1; in either: 0, 1, 2
    assert (pair["n"], pair["n_both"], pair["n_either"]) == (4, 2, 3)
    assert pair["overlap"] == pytest.approx(2 / 3)
    # gold A: facts 0, 3: n 2, en 1, de 1 -> 1*1/2; gold B: n 1, 1*1/1; gold C: n 1, en 1, de 0 -> 0. Sum 1.5
    # expected = 1.5 / (3 + 2 - 1.5) = 3/7
    assert pair["expected"] == pytest.approx(3 / 7)
    assert pair["above_chance"] == pytest.approx(2 / 3 - 3 / 7)


def test_a_constant_letter_is_not_above_chance(tmp_path: Path) -> None:
    gold = "AAAABBBCCD"
    store = model_store(tmp_path, gold, {"en": "A" * 10, "de": "A" * 9 + "B", "he": "A" * 10})
    overlap = compute(store, "overlap")
    # "A" everywhere is right on the four A facts in every language: overlap 4/4, expected 4*4/4 / (4 + 4 - 4) = 1
    assert list(overlap["overlap"]) == [1, 1, 1]
    assert list(overlap["above_chance"]) == [0, 0, 0]
    store.close()


def test_overlap_is_missing_where_nothing_is_right(tmp_path: Path) -> None:
    store = model_store(tmp_path, "AB", {"en": "BA", "de": "??", "he": "AB"})
    pair = row(compute(store, "overlap"), language_a="de", language_b="en")
    assert pair[["overlap", "expected", "above_chance"]].isna().all()
    assert pair["n"] == 2
    store.close()


def test_overlap_counts_only_facts_measured_in_both(tmp_path: Path) -> None:
    store = model_store(tmp_path, "ABCD", {"en": "ABCD", "de": "A   ", "he": "A!C?"})
    overlap = compute(store, "overlap")
    # de has one fact: overlap with en 1/1, though en knows three more; he: facts 0, 2, 3 measured, 2 of 3 right
    assert row(overlap, language_a="de", language_b="en")["overlap"] == 1
    assert row(overlap, language_a="de", language_b="en")["n"] == 1
    assert row(overlap, language_a="en", language_b="he")["overlap"] == pytest.approx(2 / 3)
    assert row(overlap, language_a="en", language_b="he")["n"] == 3
    store.close()


def test_open_questions_form_one_group(tmp_path: Path) -> None:
    store = model_store(tmp_path, "----", {"en": "++xx", "de": "+x+x", "he": "xxxx"})
    pair = row(compute(store, "overlap"), language_a="de", language_b="en")
    # both right: fact 0; either: 0, 1, 2; expected 2*2/4 = 1 of 2 + 2 - 1 = 3
    assert pair["overlap"] == pytest.approx(1 / 3)
    assert pair["expected"] == pytest.approx(1 / 3)
    store.close()


def test_transfer_is_directed(store: Database) -> None:
    transfer = compute(store, "transfer")
    # en has 3 right, 2 of them in de; all 2 of de's are right in en
    assert row(transfer, language_a="en", language_b="de")["transfer"] == pytest.approx(2 / 3)
    assert row(transfer, language_a="de", language_b="en")["transfer"] == 1


def test_en_co_both_readings_and_any_pivot(store: Database) -> None:
    english = compute(store, "en_co")
    # he: right in both 1 (fact 1); in either 3; English knows 3
    assert row(english, language="he")["jaccard"] == pytest.approx(1 / 3)
    assert row(english, language="he")["share_of_english"] == pytest.approx(1 / 3)
    assert row(english, language="en")["jaccard"] == 1
    german = compute(store, "en_co", pivot="de")
    # German knows 2; with he: both 1, either 2
    assert row(german, language="he")["jaccard"] == pytest.approx(1 / 2)
    assert row(german, language="he")["share_of_english"] == pytest.approx(1 / 2)


def test_consistency_matches_seaevals_toy(tmp_path: Path) -> None:
    # facts as rows, languages as columns: AAA, ABA, CCB, DDD with golds A, A, C, B
    store = model_store(tmp_path, "AACB", {"en": "AACD", "de": "ABCD", "he": "AABD"})
    figures = compute(store, "consistency")
    # Acc = (2 or 3 right ...)/12: fact 0 3/3, fact 1 2/3, fact 2 2/3, fact 3 0 -> 7/12
    # Cons_2: 1, 1/3, 1/3, 1 -> 2.6667/4; Cons_3: 1, 0, 0, 1 -> 2/4
    two, three = row(figures, k=2), row(figures, k=3)
    assert two["accuracy"] == pytest.approx(7 / 12)
    assert two["consistency"] == pytest.approx(2 / 3)
    assert two["ac3"] == pytest.approx(0.62222, abs=1e-5)
    assert three["consistency"] == pytest.approx(0.5)
    assert three["ac3"] == pytest.approx(0.53846, abs=1e-5)
    assert two["n"] == 4
    store.close()


def test_unreadable_answers_never_agree(tmp_path: Path) -> None:
    store = model_store(tmp_path, "AB", {"en": "??", "de": "??", "he": "?B"})
    figures = compute(store, "consistency")
    assert list(figures["consistency"]) == [0, 0]
    store.close()


def test_consistency_of_chosen_languages_only(tmp_path: Path) -> None:
    store = model_store(tmp_path, "AACB", {"en": "AACD", "de": "ABCD", "he": "AABD"})
    figures = compute(store, "consistency", languages=["en", "he"])
    # en and he: same on facts 0, 1, 3 of 4
    assert list(figures["k"]) == [2]
    assert figures["consistency"].item() == pytest.approx(3 / 4)
    store.close()


def test_fact_spread_names_the_only_language(store: Database) -> None:
    spread = compute(store, "fact_spread").set_index("fact_id")
    # fact 0: en, de; fact 1: all three; fact 2: en only; fact 3: none
    assert list(spread["n_right"]) == [2, 3, 1, 0]
    assert spread["only_language"].astype(object).fillna("").to_list() == ["", "", "en", ""]
    # pairs that differ: 2*1/3, 0, 1*2/3, 0
    assert spread["disagreement"].to_list() == pytest.approx([2 / 3, 0, 2 / 3, 0])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [({"models": ["nobody"]}, "there are: m"), ({"datasets": ["x"]}, "there are: d"), ({"pivot": "fr"}, "de, en, he")],
)
def test_unknown_names_are_refused_with_the_valid_ones(store: Database, arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(IsoglossError, match=named):
        compute(store, "en_co", **arguments)
    with pytest.raises(IsoglossError, match="there are: accuracy, .*overlap"):
        compute(store, "nothing")


def test_an_empty_store_has_no_rows_rather_than_zeros(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    for name in ("accuracy", "ra", "overlap", "transfer", "consistency", "fact_spread"):
        assert compute(store, name).empty
    store.close()
