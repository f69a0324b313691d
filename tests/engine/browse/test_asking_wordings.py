"""A way of asking against its other wordings: which rows a page gets, and what they say of all languages."""

from pathlib import Path

import pandas as pd
import pytest

from engine.browse.queries import browse
from engine.database.database import Database
from tests.engine.metrics.test_wording_overlap import EXAM, PLAIN, Way, asked
from tests.support.tables import fact_rows, make_store, result_rows, run_rows

LANGUAGES = ["de", "en", "he"]
BOTH: tuple[Way, Way] = (("letter", "plain@1", PLAIN), ("letter", "exam@1", EXAM))


def wordings(store: Database, model: str, languages: list[str] = LANGUAGES, dataset: str = "d") -> pd.DataFrame:
    rows = browse(store, "asking_wordings", model=model, dataset=dataset, languages=languages)
    store.close()
    return rows.set_index("language")


def test_by_hand(tmp_path: Path) -> None:
    rows = wordings(asked(tmp_path, *BOTH), "m:letter:exam@1")
    # overlaps and gaps are worked out in test_wording_overlap.py
    assert rows["between_wordings"].to_dict() == pytest.approx({"de": 1, "en": 2 / 3, "he": 0})
    assert rows["gap"].to_dict() == pytest.approx({"de": 11 / 24, "en": 1 / 6, "he": -5 / 24})
    assert rows["is_widest"].to_dict() == {"de": True, "en": False, "he": False}
    assert set(rows["n_compared"]) == {3} and set(rows["n_wordings"]) == {2}
    assert rows["mean_wordings"].to_list() == pytest.approx([(1 + 2 / 3 + 0) / 3] * 3)
    assert rows["mean_languages"].to_list() == pytest.approx([(13 / 24 + 12 / 24 + 5 / 24) / 3] * 3)
    assert (rows["n_more"].to_list(), rows["n_less"].to_list()) == ([0] * 3, [0] * 3)  # 4 facts prove nothing


def test_only_chosen_languages_count(tmp_path: Path) -> None:
    rows = wordings(asked(tmp_path, *BOTH), "m:letter:plain@1", ["he", "en"])
    assert list(rows.index) == ["en", "he"] and set(rows["n_compared"]) == {2}
    assert rows["is_widest"].to_dict() == {"en": False, "he": True}  # 1/6 and -5/24
    assert rows["mean_wordings"].to_list() == pytest.approx([1 / 3] * 2)


def test_a_language_of_one_wording_keeps_its_place(tmp_path: Path) -> None:
    exam = {language: EXAM[language] for language in ("de", "en")}
    rows = wordings(asked(tmp_path, BOTH[0], ("letter", "exam@1", exam)), "m:letter:plain@1")
    assert list(rows.index) == LANGUAGES and set(rows["n_compared"]) == {2}
    assert rows.loc["he", ["n_wordings", "n", "between_wordings", "between_languages", "gap"]].isna().all()
    assert not rows.loc["he", "is_widest"]


def test_a_gap_that_is_missing_is_in_no_mean_and_never_the_widest(tmp_path: Path) -> None:
    nothing = {"en": "BBBB", "de": "BBBB", "he": "BBBB"}
    rows = wordings(asked(tmp_path, ("cloze", "a@1", nothing), ("cloze", "b@1", nothing)), "m:cloze:a@1")
    assert list(rows["n"]) == [4] * 3 and set(rows["n_compared"]) == {0}
    assert rows[["gap", "mean_wordings", "mean_languages"]].isna().all(axis=None)
    assert not rows["is_widest"].any()


def test_how_many_differences_are_clear(tmp_path: Path) -> None:
    """40 facts. English says the same in both wordings, French and Hebrew something else altogether in each."""
    gold = "A" * 40
    first, second = "A" * 20 + "B" * 20, "B" * 20 + "A" * 20
    said = {"plain@1": {"en": first, "fr": first, "he": first}, "exam@1": {"en": first, "fr": second, "he": second}}
    store = make_store(
        tmp_path,
        facts=fact_rows("d", gold, ["en", "fr", "he"]),
        results=[
            row
            for way, signs in said.items()
            for row in result_rows("m", "d", gold, signs, way[0], probe="letter", template=way)
        ],
        runs=[*run_rows("m", "p"), *run_rows("m", "e")],
    )
    rows = wordings(store, "m:letter:plain@1", ["en", "fr", "he"])
    # en: wordings 1, languages (1 + 1 + 0 + 0) / 4. fr: wordings 0 of 40; en 20/20 and 0/40, he 20/20 twice: 3/4
    assert rows["gap"].to_dict() == pytest.approx({"en": 0.5, "fr": -0.75, "he": -0.75})
    # Wilson of 20/20 from .839, of 0/40 up to .088. en from .839 - (1 + 1 + .088 + .088) / 4 = .295;
    # fr up to .088 - (.839 * 3 + 0) / 4 = -.541
    assert rows["ci_low"]["en"] == pytest.approx(0.295, abs=0.001)
    assert rows["ci_high"]["fr"] == pytest.approx(-0.541, abs=0.001)
    assert set(rows["n_more"]) == {1} and set(rows["n_less"]) == {2}
    assert rows["is_widest"].to_dict() == {"en": False, "fr": True, "he": False}  # of two alike the first


@pytest.mark.parametrize(
    "model",
    ["m:letter:plain@1+cyclic", "m:cloze:exam@1", "m", "nobody"],
    ids=["treated", "of another probe", "not a way of asking", "unknown"],
)
def test_nothing_to_compare_with_gives_no_rows(tmp_path: Path, model: str) -> None:
    others: list[Way] = [("letter", "plain@1+cyclic", PLAIN), ("cloze", "exam@1", EXAM)]
    assert wordings(asked(tmp_path, *BOTH, *others), model).empty


@pytest.mark.slow
def test_another_dataset_or_language_gives_no_rows(tmp_path: Path) -> None:
    assert wordings(asked(tmp_path / "a", *BOTH), "m:letter:plain@1", dataset="e").empty
    assert wordings(asked(tmp_path / "b", *BOTH), "m:letter:plain@1", ["fr"]).empty


def test_a_treated_way_is_compared_with_those_treated_alike(tmp_path: Path) -> None:
    treated: list[Way] = [("letter", "plain@1+cyclic+chat", PLAIN), ("letter", "exam@1+cyclic+chat", PLAIN)]
    rows = wordings(asked(tmp_path, *BOTH, *treated), "m:letter:plain@1+cyclic+chat")
    assert set(rows["between_wordings"]) == {1}


@pytest.mark.slow
def test_a_way_asked_of_other_weights_is_not_shown_the_figures_of_these(tmp_path: Path) -> None:
    ways: list[Way] = [("letter", "old@1", PLAIN), *BOTH]
    weights = {"old@1": "other"}
    assert wordings(asked(tmp_path / "a", *ways, weights=weights), "m:letter:old@1").empty
    assert len(wordings(asked(tmp_path / "b", *ways, weights=weights), "m:letter:exam@1")) == 3
