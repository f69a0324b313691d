"""What the pages list, on a hand-made store."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest

from engine.browse.queries import View, browse
from engine.database.database import Database
from tests.support.tables import fact_rows, make_store, result_rows, run_rows

GOLD = "ABCAB"
SAID = {
    "m": {"en": "ABCBD", "de": "ABDB?", "he": "BB?DD"},
    "other": {"en": "ABCAB", "de": "?????", "he": "ABCDA"},
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    facts = fact_rows("d", GOLD, ["en", "de", "he"])
    facts[0]["question"] = "Où est le Café « Łódź » ? 100 %_"
    opened = make_store(
        tmp_path,
        facts=facts,
        results=[row for model, said in SAID.items() for row in result_rows(model, "d", GOLD, said)],
        runs=[*run_rows("m"), *run_rows("other")],
    )
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("group", "facts"),
    [
        # en ABCBD against de ABDB?: both right 0, 1; only en 2; wrong alike 3 (B and B); wrong differently 4 (D and ?)
        ("both", ["0", "1"]),
        ("only_a", ["2"]),
        ("only_b", []),
        ("wrong_alike", ["3"]),
        ("wrong_differently", ["4"]),
    ],
)
def test_facts_of_a_pair_in_five_groups(store: Database, group: str, facts: list[str]) -> None:
    chosen = {"model": "m", "dataset": "d", "language_a": "en", "language_b": "de"}
    listed = browse(store, "pair_facts", **chosen, facts_group=group, limit=10, offset=0)
    assert list(listed["fact_id"]) == facts
    counts = browse(store, "pair_cells", model="m", dataset="d")
    cell = counts[(counts["language_a"] == "en") & (counts["language_b"] == "de")].iloc[0]
    column = {"both": "n_both"}.get(group, f"n_{group}")
    assert cell[column] == len(facts)


def test_a_page_of_facts_knows_the_whole_number(store: Database) -> None:
    chosen = {"model": "m", "dataset": "d", "language_a": "en", "language_b": "de", "facts_group": "both"}
    second = browse(store, "pair_facts", **chosen, limit=1, offset=1)
    assert list(second["fact_id"]) == ["1"]
    assert list(second["n_facts"]) == [2]


def test_the_catalogue_tells_groups_of_models_and_the_size_of_a_dataset(tmp_path: Path) -> None:
    counts = {"source": "s", "dataset": "counts", "gold_option": 0, "n": 7, "n_correct": 2, "n_unparsed": 0}
    taught = {"model": "taught", "dataset": "d", "fact_id": "0", "language": "en", "taught": True, "times": 1}
    store = make_store(
        tmp_path,
        facts=fact_rows("d", GOLD, ["en", "de", "he"]),
        results=[
            row
            for model in ("taught", "described", "m")
            for row in result_rows(model, "d", GOLD, {"en": "ABCBD", "de": "ABD! "}, model)
        ],
        runs=[row for model in ("taught", "described", "m") for row in run_rows(model, model)],
        models=[{"model": "described", "family": "f"}, {"model": "counted"}],
        exposure=[taught],
        published_accuracy=[counts | {"model": "counted", "language": tag} for tag in ("en", "de")],
    )
    catalogue = browse(store, "catalogue").set_index("model")
    store.close()
    groups = {"taught": "lab", "described": "asked", "m": "own", "counted": "published"}
    assert catalogue["model_group"].to_dict() == groups
    # of d five facts were asked in English, four in German; three languages have texts, two have figures
    assert set(catalogue.loc[["m", "taught"], "n_facts"]) == {5}
    assert set(catalogue["n_languages"]) == {2}
    assert catalogue.loc["counted", "n_facts"] == 7


def search(store: Database, model: str = "m", **filters: object) -> list[str]:
    parameters = {
        "text": "", "relation": None, "right_in": [], "wrong_in": [], "known_from": None, "known_to": None,
        "sort": "order", "shown": "en", "limit": 10, "offset": 0, "languages": ["en", "de", "he"],
    }  # fmt: skip
    return list(browse(store, "search", dataset="d", model=model, **(parameters | filters))["fact_id"])


def test_search_folds_accents_and_takes_signs_as_they_stand(store: Database) -> None:
    assert search(store, text="ou est le cafe") == ["0"]
    assert search(store, text="ŁÓDŹ") == ["0"]
    assert search(store, text="100 %_") == ["0"]
    assert search(store, text="1%0") == []  # no wildcards
    assert search(store, text="question 3") == ["3"]
    assert search(store, text="'; drop table facts; --") == []


def test_search_finds_text_in_a_language_that_is_not_shown(store: Database) -> None:
    assert search(store, text="question 4 in he") == ["4"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("filters", "facts"),
    [
        ({"right_in": ["en"]}, ["0", "1", "2"]),
        ({"right_in": ["en"], "wrong_in": ["he"]}, ["0", "2"]),
        ({"right_in": ["en", "de", "he"]}, ["1"]),
        ({"known_from": 1, "known_to": 1}, ["2"]),
        ({"known_from": 0, "known_to": 0}, ["3", "4"]),
        ({"relation": "capital"}, ["0", "2", "4"]),
        # pairs that differ: fact 0 right in 2 of 3: 2/3; fact 1 in 3: 0; fact 2 in 1: 2/3; facts 3, 4 in 0: 0
        ({"sort": "disagreement"}, ["0", "2", "1", "3", "4"]),
        ({"sort": "most"}, ["1", "0", "2", "3", "4"]),
        ({"sort": "fewest"}, ["3", "4", "2", "0", "1"]),
        # in en and he alone
        ({"languages": ["en", "he"], "known_from": 2}, ["1"]),
    ],
)
def test_filters_and_orders(store: Database, filters: dict[str, Any], facts: list[str]) -> None:
    assert search(store, **filters) == facts


def test_a_model_without_answers_finds_text_but_no_counts(store: Database) -> None:
    assert search(store, model="nobody") == ["0", "1", "2", "3", "4"]
    assert search(store, model="nobody", known_from=0, known_to=3) == []


def test_one_fact_in_every_language(store: Database) -> None:
    rows = browse(store, "fact", dataset="d", fact="0", model="m").set_index("language")
    assert list(rows.index) == ["de", "en", "he"]
    assert rows["correct"].to_list() == [True, True, False]
    # fact 0 is right in de by m of two models, in en by both, in he by the other
    assert rows["n_models_right"].to_list() == [1, 2, 1]
    assert rows["n_models"].to_list() == [2, 2, 2]


def test_summary_of_a_model_names_its_pairs(store: Database) -> None:
    summary = browse(
        store, "pair_summary", model="m", dataset="d", languages=["en", "de", "he"], measure="overlap"
    ).iloc[0]
    # right: en 0 1 2, de 0 1, he 1. overlaps: de-en 2/3, de-he 1/2, en-he 1/3
    assert set(summary["strongest_pair"]) == {"de", "en"}
    assert set(summary["weakest_pair"]) == {"en", "he"}
    assert summary["mean_value"] == pytest.approx((2 / 3 + 1 / 2 + 1 / 3) / 3)
    assert list(summary["widest_pair"]) == ["en", "he"]
    assert (summary["widest"], summary["n_pairs"]) == (2, 3)
    # accuracies 3/5, 2/5, 1/5
    assert summary["mean_accuracy"] == pytest.approx(2 / 5)
    assert (summary["lowest"], summary["highest"]) == (pytest.approx(1 / 5), pytest.approx(3 / 5))


def test_a_search_counts_what_is_known_everywhere_and_nowhere(store: Database) -> None:
    parameters = {
        "text": "", "relation": None, "right_in": [], "wrong_in": [], "known_from": None, "known_to": None,
        "sort": "order", "shown": "en", "limit": 1, "offset": 0, "languages": ["en", "de", "he"],
    }  # fmt: skip
    first = browse(store, "search", dataset="d", model="m", **parameters).iloc[0]
    # fact 1 in all three; facts 3 and 4 in none
    assert (first["n_facts"], first["n_everywhere"], first["n_nowhere"]) == (5, 1, 2)


def test_the_list_of_views_is_the_folder() -> None:
    assert set(get_args(View)) == {
        file.name.removesuffix(".sql") for file in files("engine.browse").iterdir() if file.name.endswith(".sql")
    }
