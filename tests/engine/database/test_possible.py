"""Values of the right type that cannot be: the file is left out by name, and every other figure stays as it was."""

import math
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.database.check import check_store
from engine.database.compute import compute
from engine.database.database import Database, open_database
from engine.errors import IsoglossError
from engine.metrics.definition import metrics
from engine.schema import TABLES, TableName
from engine.store.rules import RULES
from engine.store.write import TableFile, write_files
from tests.faults.rows import parquet, plant
from tests.support.tables import (
    exposure_rows,
    fact_rows,
    model_rows,
    result_rows,
    rotated_rows,
    rows_to_table,
    trait_rows,
    with_runs,
)

pytestmark = pytest.mark.slow

LANGUAGES = ["de", "en", "he"]
Rows = list[dict[str, Any]]
SCALE = {"title": "T", "stream": "factual", "chance": 0.25, "ceiling": 0.9, "ceiling_source": "a person"}


def published(model: str, dataset: str = "counted") -> dict[str, Rows]:
    """Ten facts of one gold option in three languages: 4, 6 and 2 right."""
    figure = {"source": model, "model": model, "dataset": dataset, "n": 10}
    right = {"de": 4, "en": 6, "he": 2}
    pairs = [
        figure
        | {"language_a": a, "language_b": b, "n_both_right": min(right[a], right[b]), "n_wrong_alike": 1}
        | {"n_only_a": max(right[a] - right[b], 0), "n_only_b": max(right[b] - right[a], 0)}
        | {"n_wrong_differently": 9 - max(right[a], right[b])}
        for a in right
        for b in right
        if a < b
    ]
    counts = [
        figure | {"language": language, "gold_option": 0, "n_correct": n, "n_unparsed": 1}
        for language, n in right.items()
    ]
    return {"published_accuracy": counts, "published_pairs": pairs}


def tables(name: str) -> dict[str, Rows]:
    """Valid rows of every table: a model and two datasets of its own, in three languages."""
    said = {"de": "ABDB", "en": "ABCB", "he": "B?!D"}
    results = result_rows(name, name, "ABCA", said, f"{name}-1", probe="cloze", template="plain@1")
    for row in results:
        if row["error"] is None:
            row |= {"option_logprobs": [-1.0, -2.0, -3.0, -4.0], "option_bytes": [1, 2, 3, 4], "option_tokens": [1] * 4}
    rotated = rotated_rows(name, name, {language: ["ABCD", "AAAA", "BBBB", ""] for language in LANGUAGES}, f"{name}-2")
    found: dict[str, Rows] = {
        "facts": fact_rows(name, "ABCA", LANGUAGES),
        "traits": trait_rows(name, {language: "s.ob" for language in LANGUAGES}),
        "results": [*results, *rotated],
        "models": model_rows(name, billion_parameters=7.0),
        "datasets": [{"dataset": name} | SCALE, {"dataset": f"{name}-counted"} | SCALE],
        "exposure": exposure_rows(name, name, {"de": "t...", "en": ".t..", "he": "...."}),
        **published(f"{name}-p", f"{name}-counted"),
    }
    return with_runs(found)


def figures(store: Database, name: str) -> dict[str, pd.DataFrame]:
    """Every figure of one model and its datasets."""
    found = {metric: compute(store, metric, interval=True) for metric in metrics()}
    return {
        metric: frame[frame["dataset"].isin([name, f"{name}-counted"])].reset_index(drop=True)
        for metric, frame in found.items()
    }


def assert_same(found: dict[str, pd.DataFrame], wanted: dict[str, pd.DataFrame]) -> None:
    for metric, frame in found.items():
        pd.testing.assert_frame_equal(frame, wanted[metric], obj=metric, check_dtype=False, check_categorical=False)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("good")
    write(folder, "good")
    with closing(open_database([folder])) as store:
        assert store.problems == ()
        return figures(store, "good")


def write(folder: Path, name: str, *, without: TableName | None = None) -> None:
    files = [TableFile(t, name, rows_to_table(t, rows)) for t, rows in tables(name).items() if t != without]  # type: ignore[arg-type]
    write_files(folder, files)


def setting(**values: Any) -> Callable[[Rows], Rows]:
    """The first row with these values."""
    return lambda rows: [rows[0] | values, *rows[1:]]


def where(test: Callable[[dict[str, Any]], bool], **values: Any) -> Callable[[Rows], Rows]:
    return lambda rows: [row | values if test(row) else row for row in rows]


def _first(language: str, fact: str = "0", run: str = "-1") -> Callable[[dict[str, Any]], bool]:
    return lambda row: (row["language"], row["fact_id"]) == (language, fact) and row.get("run_id", run).endswith(run)


PARTS = ("n_both_right", "n_only_a", "n_only_b", "n_wrong_alike", "n_wrong_differently")
IMPOSSIBLE: dict[str, tuple[TableName, Callable[[Rows], Rows]]] = {
    "more right than asked": ("published_accuracy", setting(n_correct=11)),
    "right and unreadable, more than asked": ("published_accuracy", setting(n_correct=6, n_unparsed=5)),
    "a negative n": ("published_accuracy", setting(n=-10, n_correct=-11)),
    "n 0": ("published_accuracy", setting(n=0, n_correct=0, n_unparsed=0)),
    "a negative number right": ("published_accuracy", setting(n_correct=-1)),
    "a negative number unreadable": ("published_accuracy", setting(n_unparsed=-1)),
    "a negative gold option": ("published_accuracy", setting(gold_option=-1)),
    "a language that is none": ("published_accuracy", setting(language="English")),
    "no language": ("published_accuracy", setting(language="")),
    "a negative part": ("published_pairs", setting(n_both_right=-1, n_only_a=5)),
    "parts that do not add up": ("published_pairs", setting(n_both_right=9)),
    "a pair of n 0": ("published_pairs", setting(n=0, **dict.fromkeys(PARTS, 0))),
    "a after b": ("published_pairs", setting(language_a="en", language_b="de")),
    "both orders": ("published_pairs", lambda rows: [*rows, rows[0] | {"language_a": "en", "language_b": "de"}]),
    "a is b": ("published_pairs", setting(language_b="de")),
    "a pair with more right than its languages": (
        "published_pairs",
        setting(n_both_right=8, n_only_a=0, n_only_b=2, n_wrong_alike=0, n_wrong_differently=0),
    ),
    "chance that is no number": ("datasets", setting(chance=math.nan)),
    "infinite chance": ("datasets", setting(chance=math.inf)),
    "chance 1": ("datasets", setting(chance=1.0)),
    "negative chance": ("datasets", setting(chance=-0.25)),
    "a ceiling below chance": ("datasets", setting(ceiling=0.2)),
    "a ceiling above 1": ("datasets", setting(ceiling=1.1)),
    "a ceiling that is no number": ("datasets", setting(ceiling=math.nan)),
    "a stream that is none": ("datasets", setting(stream="trivia")),
    "an option that is missing": ("facts", setting(options=["a", None, "c", "d"])),
    "gold beyond the options": ("facts", where(lambda row: row["fact_id"] == "1", gold=[4])),
    "negative gold": ("facts", where(lambda row: row["fact_id"] == "1", gold=[-1])),
    "gold named twice": ("facts", where(lambda row: row["fact_id"] == "1", gold=[1, 1])),
    "gold that is missing": ("facts", setting(gold=[None])),
    "gold that differs between languages": ("facts", where(_first("he", "3"), gold=[2])),
    "options that differ in number": ("facts", where(_first("he", "3"), options=["a", "b", "c"])),
    "gold of an open question": ("facts", where(lambda row: row["fact_id"] == "2", options=[], gold=[0])),
    "an origin that is none": ("facts", setting(origin="copied")),
    "an empty question": ("facts", setting(question=" ")),
    "an empty fact id": ("facts", setting(fact_id="")),
    "a kind of template that is none": ("traits", setting(template_kind="spoken")),
    "a size of 0": ("models", setting(billion_parameters=0.0)),
    "an infinite size": ("models", setting(billion_parameters=math.inf)),
    "taught never": ("exposure", setting(times=0)),
    "taught a negative number of times": ("exposure", setting(taught=False, times=-1)),
    "right though unreadable": ("results", where(_first("en"), parsed=False, predicted=None)),
    "unreadable, with an option": ("results", where(_first("he", "1"), predicted=2)),
    "right without an option": ("results", where(_first("en"), predicted=None)),
    "right with a wrong option": ("results", where(_first("en"), predicted=1)),
    "wrong with the right option": ("results", where(_first("en"), correct=False)),
    "an option beyond the fact's": ("results", where(_first("he", "3"), predicted=4, option_logprobs=None,
        option_bytes=None, option_tokens=None)),
    "a negative option": ("results", where(_first("he", "3"), predicted=-1)),
    "measured, with an error": ("results", where(_first("en"), error="too long")),
    "not measured, with an option": ("results", where(_first("he", "2"), predicted=1, parsed=True, error=None)),
    "an error, with an option": ("results", where(_first("he", "2"), predicted=1, parsed=True)),
    "orders of another length": ("results", where(_first("en", run="-2"), order_choices=[0, 1, 2])),
    "orders with a gap": ("results", where(_first("en", run="-2"), order_choices=[0, None, 2, 3])),
    "an order with an option too many": ("results", where(_first("en", run="-2"), order_choices=[0, 1, 2, 4])),
    "a log-likelihood above 0": ("results", where(_first("en"), option_logprobs=[0.5, -2.0, -3.0, -4.0])),
    "a log-likelihood that is no number": ("results", where(_first("en"), option_logprobs=[math.nan, -2.0, -3.0, -4])),
    "fewer log-likelihoods than lengths": ("results", where(_first("en"), option_logprobs=[-1.0, -2.0])),
    "an option without tokens": ("results", where(_first("en"), option_tokens=[0, 1, 1, 1])),
    "a merged option beyond the fact's": ("results", where(_first("en"), merged_options=[4])),
    "a probe that is no name": ("results", where(_first("en"), probe="A guess")),
    "answers without a run": ("runs", lambda rows: rows[1:]),
    "a run with more answers than there are": ("runs", setting(n_expected=99, n_done=99)),
    "a run that did more than was expected": ("runs", setting(n_expected=0)),
    "a run with a negative number of answers": ("runs", setting(n_done=-1)),
    "a status that is none": ("runs", setting(status="over")),
    "a source that is none": ("runs", setting(source="heard")),
}  # fmt: skip
# Looked at with `engine check` as well, which opens the store as the pages do: one by its own rule, one beside others.
CHECKED = ("a negative n", "answers without a run")
# What is left out where the row that breaks is not the one that was changed.
BLAMED = {"answers without a run": "results", "a run with more answers than there are": "results"}


@pytest.mark.parametrize("what", [what for what in IMPOSSIBLE if what not in BLAMED])
def test_an_impossible_value_is_not_written(tmp_path: Path, what: str) -> None:
    table, change = IMPOSSIBLE[what]
    changed = rows_to_table(table, change(tables("bad")[table]))
    with pytest.raises(IsoglossError, match="holds impossible values|repeats"):
        write_files(tmp_path, [TableFile(table, "bad", changed)])
        open_and_blame(tmp_path, tables("bad"), table, changed)


@pytest.mark.parametrize("table", TABLES)
def test_impossible_values_are_named_and_nothing_else_changes(
    tmp_path: Path, good: dict[str, pd.DataFrame], table: TableName
) -> None:
    """Each in a model and datasets of its own, beside a good one, in the same store."""
    write(tmp_path, "good")
    planted: dict[str, str] = {}
    for number, (what, (_, change)) in enumerate(example for example in IMPOSSIBLE.items() if example[1][0] == table):
        name = f"bad{number}"
        changed = rows_to_table(table, change(tables(name)[table]))
        write(tmp_path, name, without=table)
        path = plant(tmp_path, parquet(changed, table=table), rows=changed.num_rows, name=name, table=table)
        planted[what] = f"{BLAMED[what]}/{name}-" if what in BLAMED else path
    with closing(open_database([tmp_path])) as store:
        for what, file in planted.items():
            reasons = [problem.reason for problem in store.problems if problem.file.startswith(file)]
            assert any(reason.startswith("holds impossible values: ") for reason in reasons), (what, reasons)
        # what rests on all files of a table is missing; all else is as it was
        found = figures(store, "good")
        if table not in ("exposure", "traits"):
            assert_same(found, good)
        assert not any(problem.file.split("/")[-1].startswith("good-") for problem in store.problems)
    if set(planted) & set(CHECKED):
        assert sum("impossible" in finding for finding in check_store([tmp_path]).findings) >= len(planted)


def open_and_blame(folder: Path, rest: dict[str, Rows], table: TableName, changed: Any) -> None:
    """What a writer cannot see alone, since it shows beside other files only, is found when all is opened."""
    write_files(folder, [TableFile(t, "bad", rows_to_table(t, rows)) for t, rows in rest.items() if t != table])  # type: ignore[arg-type]
    with closing(open_database([folder])) as store:
        raise IsoglossError(store.problems[0].reason)


def test_every_table_has_rules_and_each_is_broken_by_some_example() -> None:
    assert set(RULES) == set(TABLES)
    assert {table for table, _ in IMPOSSIBLE.values()} == set(TABLES)


COUNTS = st.integers(-3, 14)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=3))
def test_any_counts_are_refused_or_give_figures_in_their_range(
    tmp_path_factory: Any, parts: list[tuple[int, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("counts")
    accuracy: Rows = []
    pairs: Rows = []
    for place, counts in enumerate(parts):
        both, only_a, only_b, *_ = counts
        figure = {"source": "s", "model": f"m{place}", "dataset": "d", "n": sum(counts)}
        pairs.append(figure | {"language_a": "de", "language_b": "en"} | dict(zip(PARTS, counts, strict=True)))
        for language, right in (("de", both + only_a), ("en", both + only_b)):
            accuracy.append(figure | {"language": language, "gold_option": 0, "n_correct": right, "n_unparsed": 0})
    possible = all(min(counts) >= 0 and sum(counts) > 0 for counts in parts)
    files = {"published_accuracy": accuracy, "published_pairs": pairs, "datasets": [{"dataset": "d"} | SCALE]}
    given_files = [TableFile(t, "f", rows_to_table(t, rows)) for t, rows in files.items()]  # type: ignore[arg-type]
    if not possible:
        with pytest.raises(IsoglossError, match="impossible"):
            write_files(folder, given_files)
        return
    write_files(folder, given_files)
    with closing(open_database([folder])) as store:
        assert store.problems == ()
        for metric, column, low, high in (
            ("accuracy", "accuracy", 0, 1), ("ra", "ra", 0, (1 - 0.25) / (0.9 - 0.25)), ("overlap", "overlap", 0, 1),
            ("overlap", "expected", 0, 1), ("overlap", "above_chance", -1, 1), ("transfer", "transfer", 0, 1),
            ("consistency", "consistency", 0, 1),
        ):  # fmt: skip
            values = compute(store, metric)[column].dropna()
            assert values.between(low - 1e-12, high + 1e-12).all(), (metric, column, list(values))
