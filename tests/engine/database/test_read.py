"""Reading a store: which rows speak for a cell, what is never mixed, and what is left out by name."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pandas as pd
import pytest

from engine.browse.queries import browse
from engine.database.compute import compute
from engine.database.database import Database, open_database
from engine.errors import IsoglossError
from engine.metrics.definition import metrics
from engine.store.verify import store_version
from engine.store.write import TableFile, write_files
from tests.support.tables import fact_rows, result_rows, rows_to_table, run_rows, with_runs

GOLD = "ABCA"
LANGUAGES = ["de", "en", "he"]
SAID = {"en": "ABCB", "de": "ABDB", "he": "BB?D"}
RIGHT = {"de": (2, 4), "en": (3, 4), "he": (1, 4)}  # of SAID, and facts
Tables = dict[str, list[dict[str, object]]]
Open = Callable[..., Database]


@pytest.fixture
def open_all() -> Iterator[Open]:
    """Opens folders together; the store is closed when the test ends."""
    with ExitStack() as stores:
        yield lambda *folders: stores.enter_context(closing(open_database(folders)))


@pytest.fixture
def open_tables(open_all: Open, tmp_path: Path) -> Open:
    """Opens a store of the rows of each table."""

    def opened(**tables: list[dict[str, object]]) -> Database:
        write(tmp_path / "store", tables)
        return open_all(tmp_path / "store")

    return opened


def write(folder: Path, tables: Tables, *, name: str = "test") -> None:
    tables = with_runs(tables)
    write_files(folder, [TableFile(table, name, rows_to_table(table, rows)) for table, rows in tables.items()])  # type: ignore[arg-type]


def one_model(**changes: list[dict[str, object]]) -> Tables:
    """The tables of one model that was asked four facts in three languages."""
    facts, results = fact_rows("d", GOLD, LANGUAGES), result_rows("m", "d", GOLD, SAID)
    return {"facts": facts, "results": results, "runs": run_rows("m"), **changes}


def published(model: str, dataset: str, right: dict[str, int], *, source: str = "paper") -> Tables:
    """Counts of ten facts, as if the weaker language knew nothing that the other does not."""
    figure = {"source": source, "model": model, "dataset": dataset, "n": 10}
    accuracy = [
        figure | {"language": language, "gold_option": 0, "n_correct": count, "n_unparsed": 0}
        for language, count in right.items()
    ]
    pairs = [
        figure
        | {"language_a": a, "language_b": b, "n_both_right": min(right[a], right[b]), "n_wrong_alike": 0}
        | {"n_only_a": max(right[a] - right[b], 0), "n_only_b": max(right[b] - right[a], 0)}
        | {"n_wrong_differently": 10 - max(right[a], right[b])}
        for a in right
        for b in right
        if a < b
    ]
    return {"published_accuracy": accuracy, "published_pairs": pairs}


def shares(store: Database, model: str = "m", dataset: str = "d") -> dict[str, tuple[int, int]]:
    """Right answers and facts by language."""
    rows = compute(store, "accuracy", models=[model], datasets=[dataset])
    return {row["language"]: (row["correct"], row["n"]) for _, row in rows.iterrows()}


def search(store: Database) -> pd.DataFrame:
    return browse(
        store, "search", dataset="d", model="m", languages=LANGUAGES, text="", relation=None, right_in=[],
        wrong_in=[], known_from=None, known_to=None, sort="order", shown="en", limit=99, offset=0,
    )  # fmt: skip


def day(number: int) -> datetime.datetime:
    return datetime.datetime(2026, 1, number, tzinfo=datetime.UTC)


def test_the_run_that_finished_last_speaks_for_each_cell(open_tables: Open) -> None:
    # "z" finished first although its name is last; "a" asked English and Hebrew anew and left German alone
    first, second = {"en": "????", "de": "ABCA", "he": "????"}, {"en": "ABCB", "he": "BB?D"}
    results = [*result_rows("m", "d", GOLD, first, "z"), *result_rows("m", "d", GOLD, second, "a")]
    runs = [*run_rows("m", "z", finished=day(1)), *run_rows("m", "a", finished=day(2))]
    store = open_tables(**one_model(results=results, runs=runs))
    assert shares(store) == RIGHT | {"de": (4, 4)}
    said = browse(store, "fact", dataset="d", fact="0", model="m").set_index("language")["run_id"]
    assert said.to_dict() == {"de": "z", "en": "a", "he": "a"}
    assert store.problems == ()


def test_a_newer_run_with_fewer_facts_is_not_filled_up_from_an_older_one(open_tables: Open) -> None:
    newer = result_rows("m", "d", GOLD, {"en": "A   ", "de": " B  "}, "new")
    results = [*result_rows("m", "d", GOLD, SAID, "old"), *newer]
    runs = [*run_rows("m", "old", finished=day(1)), *run_rows("m", "new", finished=day(2))]
    store = open_tables(**one_model(results=results, runs=runs))
    assert shares(store) == {"de": (1, 1), "en": (1, 1), "he": (1, 4)}
    # no fact was asked in both German and English by the newer run
    pair = compute(store, "overlap", languages=["de", "en"]).iloc[0]
    assert (pair["n"], pair["n_both"], pair["n_either"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("runs", "speaks"),
    [
        pytest.param({"a": day(1), "b": None}, "a", id="a time beats none"),
        pytest.param({"a": None, "b": None}, "b", id="without times the name decides"),
        pytest.param({"a": day(1), "b": day(1)}, "b", id="at the same time the name decides"),
    ],
)
def test_ties_between_runs(open_tables: Open, runs: dict[str, datetime.datetime | None], speaks: str) -> None:
    said = {"a": dict.fromkeys(LANGUAGES, "ABCA"), "b": dict.fromkeys(LANGUAGES, "DDDD")}
    results = [row for run, answers in said.items() for row in result_rows("m", "d", GOLD, answers, run)]
    rows = [row for run, finished in runs.items() for row in run_rows("m", run, finished=finished)]
    store = open_tables(**one_model(results=results, runs=rows))
    assert shares(store) == dict.fromkeys(LANGUAGES, ({"a": 4, "b": 0}[speaks], 4))


def test_answers_win_over_published_counts_and_are_never_mixed_with_them(open_tables: Open) -> None:
    # m was counted on two datasets, o on one; of m's answers on d there are only those in two languages
    counted = [
        published("m", "d", {"de": 7, "en": 8, "he": 9}),
        published("m", "other", {"de": 6, "en": 5, "he": 5}),
        published("o", "d", {"de": 3, "en": 2, "he": 1}),
    ]
    tables = {table: [row for tables in counted for row in tables[table]] for table in counted[0]}
    results = result_rows("m", "d", GOLD, {"en": "ABCB", "de": "ABDB"}, probe=None)
    store = open_tables(**one_model(results=results), **tables)
    assert shares(store) == {"de": (2, 4), "en": (3, 4)}  # no Hebrew from elsewhere
    assert shares(store, dataset="other") == {"de": (6, 10), "en": (5, 10), "he": (5, 10)}
    assert shares(store, "o") == {"de": (3, 10), "en": (2, 10), "he": (1, 10)}
    pairs = compute(store, "overlap").set_index(["model", "dataset", "language_a", "language_b"])[["n_both", "n"]]
    assert pairs.loc[("m", "d")].to_dict("index") == {("de", "en"): {"n_both": 2, "n": 4}}
    assert pairs.loc[("o", "d")]["n_both"].to_dict() == {("de", "en"): 2, ("de", "he"): 1, ("en", "he"): 1}
    sources = browse(store, "catalogue").set_index(["model", "dataset"])["source"]
    assert sources.to_dict() == {("m", "d"): "results", ("m", "other"): "paper", ("o", "d"): "paper"}


def test_one_published_source_speaks_for_a_model_on_a_dataset(open_all: Open, tmp_path: Path) -> None:
    write(tmp_path / "a", published("m", "d", {"de": 4, "en": 6, "he": 2}, source="first"))
    write(tmp_path / "b", published("m", "d", {"de": 9, "en": 9, "he": 9}, source="second"))
    store = open_all(tmp_path / "a", tmp_path / "b")
    assert shares(store) == {"de": (4, 10), "en": (6, 10), "he": (2, 10)}
    assert list(compute(store, "overlap")["n_both"]) == [4, 2, 2]  # de-en, de-he, en-he of the first source, each once


def test_answers_that_stand_in_two_files_count_once(open_all: Open, tmp_path: Path) -> None:
    write(tmp_path, one_model())
    write(tmp_path, {"results": result_rows("m", "d", GOLD, {"en": "ABCB", "de": "ABDB"})}, name="again")
    store = open_all(tmp_path)
    assert shares(store) == RIGHT
    (problem,) = store.problems
    assert problem.file == "run run"  # 4 English and 4 German answers
    assert problem.reason == "8 answers stand in the store more than once; one of each was kept"


def test_answers_to_facts_without_text_still_count_and_nothing_is_made_up_of_them(open_tables: Open) -> None:
    # facts 0 and 1 have a text, 2 and 3 have none: their right options and the chance of guessing them are not known
    store = open_tables(**one_model(facts=fact_rows("d", "AB", LANGUAGES)))
    assert shares(store) == RIGHT
    pair = compute(store, "overlap", languages=["de", "en"]).iloc[0]
    assert (pair["n_both"], pair["n_either"], pair["overlap"]) == (2, 3, pytest.approx(2 / 3))  # right in de: 0 1
    assert pair[["expected", "above_chance"]].isna().all()
    assert compute(store, "ra")[["chance", "ra"]].isna().all(axis=None)
    rows = browse(store, "fact", dataset="d", fact="3", model="m")
    assert list(rows["correct"]) == [False, False, False] and rows["question"].isna().all()


def test_folders_are_read_together(open_all: Open, tmp_path: Path) -> None:
    write(tmp_path / "a", one_model())
    write(tmp_path / "b", {"results": result_rows("o", "d", GOLD, {"en": "AAAA", "he": "BBBB"}), "runs": run_rows("o")})
    write(tmp_path / "c", published("p", "d", {"de": 1, "en": 2, "he": 3}))
    store = open_all(tmp_path / "a", tmp_path / "b", tmp_path / "c", tmp_path / "nowhere")
    assert store.problems == ()
    assert shares(store) == RIGHT
    assert shares(store, "o") == {"en": (2, 4), "he": (1, 4)}  # gold ABCA: A is right twice, B once
    assert shares(store, "p") == {"de": (1, 10), "en": (2, 10), "he": (3, 10)}


def test_what_stands_in_two_folders_counts_once(open_all: Open, tmp_path: Path) -> None:
    """A user who imports what is embedded, or the same release twice, sees the same figures."""
    scale = {"dataset": "p", "title": "P", "stream": "basic", "chance": 0.5, "ceiling": 1.0, "ceiling_source": "all"}
    tables = one_model(models=[{"model": "m", "family": "F"}], datasets=[scale])
    tables |= published("m", "p", {"de": 1, "en": 2, "he": 3})
    for folder in ("a", "b"):
        write(tmp_path / folder, tables)
    once, twice = (everything(open_all(*folders)) for folders in ([tmp_path / "a"], [tmp_path / "a", tmp_path / "b"]))
    assert {name: len(frame) for name, frame in twice.items()} == {name: len(frame) for name, frame in once.items()}
    for name, frame in twice.items():
        pd.testing.assert_frame_equal(frame, once[name], obj=name)


def everything(store: Database) -> dict[str, pd.DataFrame]:
    """Every metric, and most views."""
    return {name: compute(store, name) for name in metrics()} | {
        "catalogue": browse(store, "catalogue"),
        "cells": browse(store, "pair_cells", model="m", dataset="p"),
        "summary": browse(store, "model_summary", dataset="d", languages=LANGUAGES, models=None),
        "one fact": browse(store, "fact", dataset="d", fact="0", model="m"),
        "found": search(store),
    }


def test_no_store_has_nothing_rather_than_zeros(open_all: Open, tmp_path: Path) -> None:
    for folders in ([], [tmp_path / "nowhere"], [tmp_path, tmp_path / "nowhere"]):
        store = open_all(*folders)
        assert store.problems == ()
        assert all(compute(store, name).empty for name in metrics() if name != "en_co")
        with pytest.raises(IsoglossError, match="no figures for language 'en'; there are: none: the store is empty"):
            compute(store, "en_co")
        assert browse(store, "catalogue").empty and search(store).empty


@pytest.mark.slow
def test_a_changed_store_has_another_version_and_its_new_figures(open_all: Open, tmp_path: Path) -> None:
    write(tmp_path, one_model())
    first = open_all(tmp_path)
    assert first.version == store_version([tmp_path])
    write(tmp_path, one_model(results=result_rows("m", "d", GOLD, SAID | {"he": "ABCA"})))
    second = open_all(tmp_path)
    assert second.version == store_version([tmp_path]) != first.version
    assert shares(first) == RIGHT  # an open store stays as it was
    assert shares(second) == RIGHT | {"he": (4, 4)}


@pytest.mark.parametrize("damage", ["cut", "flipped", "gone", "replaced"])
def test_a_bad_file_is_named_and_the_others_keep_their_figures(open_all: Open, tmp_path: Path, damage: str) -> None:
    write(tmp_path, one_model(runs=[*run_rows("m"), *run_rows("bad")]))
    write(tmp_path, {"results": result_rows("bad", "d", GOLD, dict.fromkeys(LANGUAGES, "AAAA"))}, name="bad")
    ((bad,), (good,)) = ((tmp_path / "results").glob(f"{name}-*") for name in ("bad", "test"))
    data = bad.read_bytes()
    middle = len(data) // 2
    match damage:
        case "cut":
            bad.write_bytes(data[:-20])
        case "flipped":
            bad.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
        case "gone":
            bad.unlink()
        case "replaced":
            bad.write_bytes(good.read_bytes())
    store = open_all(tmp_path)
    assert [problem.file for problem in store.problems] == [f"results/{bad.name}"]
    assert store.problems[0].reason
    assert shares(store) == RIGHT
    assert list(browse(store, "catalogue")["model"]) == ["m"]


def test_open_questions_count_by_their_answers(open_tables: Open) -> None:
    results = result_rows("m", "d", "----", {"en": "+++x", "de": "+xx!", "he": "xxxx"})
    store = open_tables(**one_model(facts=fact_rows("d", "----", LANGUAGES), results=results))
    assert shares(store) == {"de": (1, 3), "en": (3, 4), "he": (0, 4)}
    assert browse(store, "catalogue")["chance"].item() == 0  # nobody guesses an open answer


def test_facts_with_several_right_options(open_tables: Open) -> None:
    # facts 0 and 1 have two right options, A and B in either order; fact 2 has one
    gold = {"0": [0, 1], "1": [1, 0], "2": [2]}
    facts = [row | {"gold": gold[str(row["fact_id"])]} for row in fact_rows("d", "ABC", LANGUAGES)]
    results = result_rows("m", "d", "ABC", {"en": "BAC", "de": "DAC", "he": "BDA"})
    results = [row | {"correct": row["predicted"] in gold[str(row["fact_id"])]} for row in results]
    store = open_tables(**one_model(facts=facts, results=results))
    # right: en 0 1 2, de 1 2, he 0
    assert shares(store) == {"de": (2, 3), "en": (3, 3), "he": (1, 3)}
    # guessing one of four: 2/4 on two facts, 1/4 on one
    assert browse(store, "catalogue")["chance"].item() == pytest.approx((2 / 4 + 2 / 4 + 1 / 4) / 3)
    pair = compute(store, "overlap", languages=["de", "he"]).iloc[0]
    # the right options {A, B} make one group of two facts: 1*1/2; fact 2: 1*0/1. (1/2) / (2 + 1 - 1/2)
    assert pair["expected"] == pytest.approx(1 / 5)


def test_scales_come_from_the_table_else_from_the_facts(open_tables: Open) -> None:
    stated = {"dataset": "stated", "title": "Stated", "stream": "basic", "chance": 0.1, "ceiling": 0.9}
    golds = {"stated": "AB", "four": "AB", "two": "AB", "mixed": "A-"}
    facts = [row for d, gold in golds.items() for row in fact_rows(d, gold, LANGUAGES, 2 if d == "two" else 4)]
    said = {d: {"en": "A+", "de": "Ax"} if d == "mixed" else {"en": "AA", "de": "AB"} for d in golds}
    results = [row for d, gold in golds.items() for row in result_rows("m", d, gold, said[d])]
    store = open_tables(**one_model(facts=facts, results=results, datasets=[stated | {"ceiling_source": "a person"}]))
    rows = browse(store, "catalogue").set_index("dataset")
    scales = {d: tuple(rows.loc[d, ["title", "stream", "chance", "ceiling", "ceiling_source"]]) for d in golds}
    derived = (1.0, "every answer right")
    assert scales == {
        "stated": ("Stated", "basic", 0.1, 0.9, "a person"),
        "four": ("four", "factual", 1 / 4, *derived),
        "two": ("two", "factual", 1 / 2, *derived),
        "mixed": ("mixed", "factual", (1 / 4 + 0) / 2, *derived),  # an open question cannot be guessed
    }
