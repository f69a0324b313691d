"""Pages on a store in which nothing was measured, or not in the languages chosen: no number is claimed of nothing."""

import re
from pathlib import Path
from typing import Any

import pytest

from dashboard.app_pages.fact.neighbours import Walk
from tests.support.page import open_page
from tests.support.tables import Said, fact_rows, make_store, result_rows

pytestmark = pytest.mark.slow

NOTHING: Said = {"de": "!!!", "en": "!!!", "he": "!!!"}
SOME: Said = {"de": "ABA", "en": "!!!", "he": "AB!"}
# What says how much of nothing: "knows 0 of", "0 %", "0 both", "n = 0", "nan", "None".
CLAIM = re.compile(r"\b0 (?:of|%|both|only|facts)\b|\b(?:and|knows) 0\b|\bn = 0\b|\b[Nn]a[Nn]\b|\bNone\b|<NA>")


def words(store: Path, page: str, patch: pytest.MonkeyPatch, **query: Any) -> str:
    """All that a page says."""
    return open_page(page, patch, store, **query).words


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Three facts in three languages: model m failed on all, model p on some; of dataset `e` nothing was measured."""
    make_store(
        tmp_path,
        facts=[*fact_rows("d", "ABA", list(SOME)), *fact_rows("e", "ABA", list(SOME))],
        results=[
            *result_rows("m", "d", "ABA", NOTHING, "1"),
            *result_rows("p", "d", "ABA", SOME, "2"),
            *result_rows("m", "e", "ABA", NOTHING, "3"),
        ],
    ).close()
    return tmp_path


@pytest.mark.parametrize("page", ["overview", "pairs", "facts", "fact", "calibration"])
def test_no_page_claims_a_number_of_nothing(store: Path, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    said = words(store, page, monkeypatch, dataset="e", model="m", languages="de,en,he")
    assert not CLAIM.search(said), CLAIM.search(said)
    if page in ("pairs", "facts"):
        assert "m was measured on none of e: each of its answers failed. Runs says why; ask it again there." in said
    if page == "overview":
        assert "Of e nothing was measured: every answer failed. Runs says why; ask again there." in said
    if page == "fact":
        assert "m was measured on this fact in none of the chosen languages." in said


@pytest.mark.parametrize("page", ["pairs", "facts", "fact"])
def test_languages_without_measurement_name_those_with(store: Path, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    said = words(store, page, monkeypatch, dataset="d", model="p", languages="en" if page != "pairs" else "en,de")
    assert not CLAIM.search(said), CLAIM.search(said)
    if page != "fact":
        assert "Choose among German, Hebrew." in said


def test_the_overview_names_the_languages_in_which_any_model_was_measured(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = words(store, "overview", monkeypatch, dataset="d", model="m", languages="en")  # p, not m, in the others
    assert "Of d nothing was measured in the chosen languages. Choose among German, Hebrew." in said
    assert not CLAIM.search(said), CLAIM.search(said)


def test_facts_that_were_not_measured_are_neither_known_nor_unknown(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Hebrew: the first two facts are right, the third was not measured
    said = words(store, "facts", monkeypatch, dataset="d", model="p", languages="he")
    assert (
        "3 facts; p was measured on 2 of them in every chosen language: it knows 2 in all of these, and 0 in none."
        in said
    )
    assert "not measured" in said


APART: Said = {"de": "AB!!", "en": "!!CA", "he": "!!!!"}  # no fact was measured in two languages
ALONE: Said = {"de": "ABCA", "en": "!!!!", "he": "!!!!"}


@pytest.mark.parametrize("said_by_language", [APART, ALONE], ids=["other facts in each", "one language"])
def test_known_in_every_language_takes_a_measurement_in_every_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said_by_language: Said
) -> None:
    make_store(
        tmp_path,
        facts=fact_rows("d", "ABCA", list(APART)),
        results=result_rows("m", "d", "ABCA", said_by_language),
    ).close()
    said = words(tmp_path, "facts", monkeypatch)
    assert "m was measured on none of them in all of the chosen languages" in said and "in none." not in said
    overview = words(tmp_path, "overview", monkeypatch)
    # apart: English 2 of 2, German 2 of 2; Hebrew has no figure. Alone: German only
    expected = "in the 1 other language (n = 2" if said_by_language is APART else "1 model on d, 4 facts in 1 language."
    assert expected in overview and "95 %: –" not in overview and "1 models" not in overview


def test_a_pair_without_a_common_fact_has_no_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_store(
        tmp_path, facts=fact_rows("d", "ABCA", list(APART)), results=result_rows("m", "d", "ABCA", APART)
    ).close()
    said = words(tmp_path, "pairs", monkeypatch, cell="de.en")
    assert "No fact was measured of m both in Deutsch and in English" in said and "No fact is in this group" not in said
    said = words(tmp_path, "pairs", monkeypatch)
    assert "no cell has facts" in said and "2 × 2 languages" in " ".join(said.split())  # Hebrew does not count
    assert "Click a cell" not in said and not CLAIM.search(said)


def test_an_empty_list_of_facts_is_not_counted() -> None:
    assert Walk((), "with “x”").words("1") == "no fact is left with “x”"
    assert Walk(("1",), "").words("2") == "not among the 1 facts"
