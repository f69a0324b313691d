"""The overlap between wordings beside the overlap between languages, worked out by hand."""

import datetime
from pathlib import Path

import pandas as pd
import pytest

from engine.database.compute import compute
from engine.database.database import Database
from tests.support.tables import fact_rows, make_store, result_rows, run_rows

GOLD = "AAAA"
# right in: en 0 1 2, de 0 1, he 0
PLAIN = {"en": "AAAB", "de": "AABB", "he": "ABBB"}
# right in: en 0 1, de 0 1, he 3
EXAM = {"en": "AABB", "de": "AABB", "he": "BBBA"}
Way = tuple[str, str, dict[str, str]]  # probe, template, what was said


def asked(folder: Path, *ways: Way, weights: dict[str, str] | None = None) -> Database:
    """A store of one model, a run per way of asking; of later ways the run finished later."""
    names = [f"run{number}" for number in range(len(ways))]
    runs = [
        row
        for number, (name, (_, template, _)) in enumerate(zip(names, ways, strict=True))
        for row in run_rows(
            "m",
            name,
            finished=datetime.datetime(2026, 1, 1 + number, tzinfo=datetime.UTC),
            weights_sha256=(weights or {}).get(template, "same"),
        )
    ]
    results = [
        row
        for name, (probe, template, said) in zip(names, ways, strict=True)
        for row in result_rows("m", "d", GOLD, said, name, probe=probe, template=template)
    ]
    return make_store(folder, facts=fact_rows("d", GOLD, ["de", "en", "he"]), results=results, runs=runs)


def wording_overlap(folder: Path, *ways: Way, **options: dict[str, str]) -> pd.DataFrame:
    store = asked(folder, *ways, **options)
    rows = compute(store, "wording_overlap", interval=True)
    store.close()
    return rows


def test_by_hand(tmp_path: Path) -> None:
    rows = wording_overlap(tmp_path, ("letter", "plain@1", PLAIN), ("letter", "exam@1", EXAM))
    assert set(rows["model"]) == {"m"} and set(rows["probe"]) == {"letter"} and set(rows["treatment"]) == {""}
    assert set(rows["n_wordings"]) == {2} and set(rows["n"]) == {4}
    rows = rows.set_index("language")
    # en: {0 1 2} and {0 1}; de: the same two; he: {0} and {3}
    assert rows["between_wordings"].to_dict() == pytest.approx({"de": 1, "en": 2 / 3, "he": 0})
    # plain: de-en 2/3, en-he 1/3, de-he 1/2; exam: de-en 1, en-he 0/3, de-he 0/3
    between_languages = {
        "de": (2 / 3 + 1 / 2 + 1 + 0) / 4,
        "en": (2 / 3 + 1 / 3 + 1 + 0) / 4,
        "he": (1 / 3 + 1 / 2) / 4,
    }
    assert rows["between_languages"].to_dict() == pytest.approx(between_languages)
    assert rows["gap"].to_dict() == pytest.approx({"de": 1 - 13 / 24, "en": 2 / 3 - 1 / 2, "he": -5 / 24})
    assert (rows["ci_low"] <= rows["gap"]).all() and (rows["gap"] <= rows["ci_high"]).all()
    assert rows["ci_low"].between(-1, 1).all() and rows["ci_high"].between(-1, 1).all()


def test_three_wordings_are_three_pairs(tmp_path: Path) -> None:
    short = {"en": "BBBA"}  # asked in English alone: {3}
    rows = wording_overlap(
        tmp_path, ("letter", "plain@1", PLAIN), ("letter", "exam@1", EXAM), ("letter", "short@2", short)
    ).set_index("language")
    assert rows["n_wordings"].to_dict() == {"de": 2, "en": 3, "he": 2}
    # {0 1 2} {0 1}: 2/3; {0 1 2} {3}: 0/4; {0 1} {3}: 0/3
    assert rows.loc["en", "between_wordings"] == pytest.approx(2 / 9)
    # no other language was asked in the short wording
    assert rows.loc["en", "between_languages"] == pytest.approx(1 / 2)


def test_only_facts_measured_in_every_wording_count(tmp_path: Path) -> None:
    exam = {"en": "AA! ", "de": "AABB", "he": "BBBA"}  # in English facts 0 and 1 were measured
    rows = wording_overlap(tmp_path, ("letter", "plain@1", PLAIN), ("letter", "exam@1", exam)).set_index("language")
    assert rows["n"].to_dict() == {"de": 4, "en": 2, "he": 4}
    assert rows.loc["en", "between_wordings"] == 1
    # plain, inside 0 and 1: en-de 2/2, en-he 1/2; exam: en-de 2/2, en-he 0/2
    assert rows.loc["en", "between_languages"] == pytest.approx((1 + 1 / 2 + 1 + 0) / 4)
    # against English inside 0 and 1: plain 1/2, exam 0/2; against German: plain 1/2, exam 0/3
    assert rows.loc["he", "between_languages"] == pytest.approx((1 / 2 + 0 + 1 / 2 + 0) / 4)


def test_a_language_asked_in_one_wording_is_compared_with_but_has_no_row(tmp_path: Path) -> None:
    plain, exam = {language: PLAIN[language] for language in ("en", "de")}, {"en": EXAM["en"]}
    rows = wording_overlap(tmp_path, ("letter", "plain@1", plain), ("letter", "exam@1", exam)).set_index("language")
    assert list(rows.index) == ["en"]
    assert rows.loc["en", ["between_wordings", "between_languages"]].to_list() == pytest.approx([2 / 3, 2 / 3])


@pytest.mark.slow
def test_missing_where_nothing_is_right(tmp_path: Path) -> None:
    plain, exam = PLAIN | {"he": "BBBB"}, EXAM | {"he": "CC??"}
    he = (
        wording_overlap(tmp_path, ("cloze", "plain@1", plain), ("cloze", "exam@1", exam))
        .set_index("language")
        .loc["he"]
    )
    assert he[["between_wordings", "gap", "ci_low", "ci_high"]].isna().all()
    assert he["between_languages"] == 0  # English and German know facts, none of them in Hebrew
    assert he["n"] == 4


@pytest.mark.parametrize(
    "ways",
    [
        pytest.param([("letter", "plain@1", PLAIN)], id="one wording"),
        pytest.param([("letter", "plain@1", PLAIN), ("cloze", "exam@1", EXAM)], id="of two probes"),
        pytest.param([("letter", "plain@1", PLAIN), ("letter", "plain@1+cyclic", EXAM)], id="one wording, treated"),
        pytest.param([("letter", "plain@1", PLAIN), ("letter", "exam@1+chat", EXAM)], id="two wordings, one treated"),
    ],
)
def test_what_differs_in_more_than_the_wording_is_not_compared(tmp_path: Path, ways: list[Way]) -> None:
    assert wording_overlap(tmp_path, *ways).empty


def test_wordings_of_other_weights_are_not_compared(tmp_path: Path) -> None:
    ways: list[Way] = [("letter", "plain@1", PLAIN), ("letter", "exam@1", EXAM), ("letter", "short@1", PLAIN)]
    rows = wording_overlap(tmp_path, *ways, weights={"exam@1": "other"}).set_index("language")
    assert set(rows["n_wordings"]) == {2}
    assert set(rows["between_wordings"]) == {1}  # plain and short say the same


def test_each_probe_and_treatment_has_its_rows(tmp_path: Path) -> None:
    store = asked(
        tmp_path,
        ("letter", "plain@1+cyclic+chat", PLAIN), ("letter", "exam@1+cyclic+chat", EXAM),
        ("letter", "plain@1", PLAIN), ("letter", "exam@1", PLAIN),
        ("cloze", "plain@1", EXAM), ("cloze", "bare@1", EXAM),
    )  # fmt: skip
    rows = compute(store, "wording_overlap", languages=["en"])
    assert rows[["probe", "treatment"]].to_numpy().tolist() == [
        ["cloze", ""], ["letter", ""], ["letter", "cyclic+chat"]
    ]  # fmt: skip
    assert rows["between_wordings"].to_list() == pytest.approx([1, 1, 2 / 3])
    # a label names its model and probe; the model's own name all of them
    assert set(compute(store, "wording_overlap", models=["m:cloze:bare@1"])["probe"]) == {"cloze"}
    assert len(compute(store, "wording_overlap", models=["m"])) == 9
    store.close()


@pytest.mark.slow
def test_the_order_of_wordings_and_languages_does_not_matter(tmp_path: Path) -> None:
    one = wording_overlap(tmp_path / "a", ("letter", "plain@1", PLAIN), ("letter", "exam@1", EXAM))
    other = wording_overlap(tmp_path / "b", ("letter", "exam@1", PLAIN), ("letter", "plain@1", EXAM))
    pd.testing.assert_frame_equal(one, other)
