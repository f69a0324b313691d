"""A file that is damaged, or too large a number, makes figures missing; it never makes them others."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import engine.database.measures
from engine.browse.queries import browse
from engine.database.compute import compute
from engine.database.database import open_database
from engine.metrics.definition import metrics
from engine.metrics.metric import Metric
from engine.schema import TABLES, TableName
from engine.store.manifest import read_manifest
from engine.store.write import TableFile, write_files
from tests.engine.database.test_possible import Rows, tables
from tests.support.tables import rows_to_table

pytestmark = pytest.mark.slow

NAMES = ("first", "second")  # two models, with a dataset of answers and one of published counts each
# What compares models with each other is of those that are there, and says how many they are.
OVER_MODELS = ("measures_against_truth",)


# Written by one run or from one source, as one file.
WHOLE = ("results", "runs", "published_accuracy", "published_pairs")


def write(folder: Path) -> None:
    """Every table in several files: of a model's exposure, a dataset's facts, traits and scales each holds a part."""
    for name in NAMES:
        for table, rows in tables(name).items():
            whole = table in WHOLE or len(rows) < 2
            halves = [rows] if whole else [rows[::2], rows[1::2]]
            files = [
                TableFile(table, f"{name}-{part}", rows_to_table(table, half))  # type: ignore[arg-type]
                for part, half in enumerate(halves)
            ]
            write_files(folder, files)


def figures(folder: Path) -> dict[str, pd.DataFrame]:
    with closing(open_database([folder])) as store:
        return {name: compute(store, name, interval=True) for name in metrics()}


def differing(found: pd.DataFrame, good: pd.DataFrame) -> Iterator[str]:
    """Figures that are neither missing nor as they were."""
    numbers = [c for c in good.columns if pd.api.types.is_float_dtype(good[c])]
    keys = [c for c in good.columns if not pd.api.types.is_numeric_dtype(good[c])] + [c for c in good if c == "k"]
    merged = found.astype(dict.fromkeys([k for k in keys if k != "k"], str)).merge(
        good.astype(dict.fromkeys([k for k in keys if k != "k"], str)), on=keys, how="left", suffixes=("", "_good")
    )
    for column in numbers:
        bad = merged[column].notna() & ~np.isclose(merged[column], merged[f"{column}_good"], rtol=1e-9, equal_nan=False)
        yield from (f"{column} of {row[keys].to_dict()}: {row[column]}" for _, row in merged[bad].iterrows())


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("whole")
    write(folder)
    return figures(folder)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("how", ["damaged", "gone"])
def test_a_file_that_is_not_there_makes_no_figure_another(
    tmp_path: Path, good: dict[str, pd.DataFrame], table: TableName, how: str
) -> None:
    write(tmp_path)
    entries = [entry for entry in read_manifest(tmp_path) if entry.table == table]
    for entry in entries[::2] if how == "damaged" else entries[1::2] or entries:  # of each model's files one
        path = tmp_path / entry.path
        data = path.read_bytes()
        if how == "gone":
            path.unlink()
        else:
            path.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
        with closing(open_database([tmp_path])) as store:
            assert entry.path in [problem.file for problem in store.problems]
            found = {name: compute(store, name, interval=True) for name in metrics()}
        for name, frame in found.items():
            if name not in OVER_MODELS:
                assert list(differing(frame, good[name])) == [], (entry.path, name)
        path.write_bytes(data)


def test_what_is_missing_says_why(tmp_path: Path) -> None:
    files = {name: rows for name, rows in tables("first").items() if name != "datasets"}
    halves = {"first": files.pop("facts")[:6], "second": tables("first")["facts"][6:]}  # two facts each, of four
    write_files(tmp_path, [TableFile(t, "f", rows_to_table(t, rows)) for t, rows in files.items()])  # type: ignore[arg-type]
    write_files(tmp_path, [TableFile("facts", name, rows_to_table("facts", rows)) for name, rows in halves.items()])
    (facts,) = (entry for entry in read_manifest(tmp_path) if entry.name == "second")
    (tmp_path / facts.path).unlink()
    with closing(open_database([tmp_path])) as store:
        reasons = {problem.file: problem.reason for problem in store.problems}
        assert set(reasons) == {facts.path, "first", "first-counted"}
        assert "right options of some facts that were answered are not known" in reasons["first"]
        assert "the chance of guessing is not known" in reasons["first-counted"]
        assert compute(store, "accuracy")["accuracy"].notna().all()
        assert compute(store, "ra")["ra"].isna().all()


def many(facts: int) -> dict[TableName, pa.Table]:
    """Facts of gold option A in two languages; a model has 7 of 10 right in English, the even ones in German."""
    fact = np.tile(np.arange(facts), 2)
    language = np.repeat(["en", "de"], facts)
    right = np.where(language == "en", fact % 10 < 7, fact % 2 == 0)

    def text(value: str) -> pa.StringArray:
        return pa.array(np.full(2 * facts, value), pa.string())

    def alike(value: list[object], kind: pa.DataType) -> "pa.Array[Any]":
        return pa.array([value], kind).take(pa.array(np.zeros(2 * facts, dtype=np.int32), pa.int32()))

    given: dict[TableName, dict[str, pa.Array[Any]]] = {
        "facts": {
            "dataset": text("big"), "fact_id": pa.array(fact.astype(str)), "language": pa.array(language),
            "stream": text("factual"), "question": text("?"), "options": alike(["a", "b"], pa.list_(pa.string())),
            "gold": alike([0], pa.list_(pa.int16())), "answers": alike([], pa.list_(pa.string())),
        },
        "results": {
            "run_id": text("r"), "model": text("m"), "dataset": text("big"), "fact_id": pa.array(fact.astype(str)),
            "language": pa.array(language), "probe": text("letter"), "template": text("plain@1"),
            "predicted": pa.array(np.where(right, 0, 1).astype(np.int16)), "correct": pa.array(right),
            "parsed": pa.array(np.ones(2 * facts, dtype=bool)),
        },
    }  # fmt: skip
    made = {}
    for name, columns in given.items():
        schema = TABLES[name].arrow.remove_metadata()
        missing = {f.name: pa.nulls(2 * facts, f.type) for f in schema if f.name not in columns}
        made[name] = pa.table({f.name: (columns | missing)[f.name] for f in schema}, schema=schema)
    run = {
        "run_id": "r",
        "model": "m",
        "source": "import",
        "engine_version": "0",
        "probe": "letter",
        "status": "finished",
    }
    return made | {"runs": rows_to_table("runs", [run | {"n_expected": 2 * facts, "n_done": 2 * facts}])}


def test_counts_whose_product_is_beyond_32_bits(tmp_path: Path) -> None:
    facts = 120_000
    write_files(tmp_path, [TableFile(name, "big", rows) for name, rows in many(facts).items()])
    with closing(open_database([tmp_path])) as store:
        assert store.problems == ()
        (row,) = compute(store, "overlap").to_dict("records")
        # 84,000 right in en, 60,000 in de: 84,000 * 60,000 = 5.04e9 > 2^31. Of ten facts 0 2 4 6 are right in both
        n_en, n_de, both = 84_000, 60_000, 48_000
        expected = n_en * n_de / facts
        assert (row["n"], row["n_both"], row["n_either"]) == (facts, both, n_en + n_de - both)
        assert row["overlap"] == pytest.approx(both / (n_en + n_de - both))
        assert row["expected"] == pytest.approx(expected / (n_en + n_de - expected))
        cells = browse(store, "pair_cells", model="m", dataset="big")
        assert cells["expected"].dropna().iloc[0] == pytest.approx(row["expected"])


def test_published_counts_up_to_the_largest_that_a_column_holds(tmp_path: Path) -> None:
    largest = 2**31 - 1
    figure = {"source": "s", "model": "m", "dataset": "d", "n": largest}
    accuracy: Rows = [
        figure | {"language": language, "gold_option": gold, "n_correct": largest - gold, "n_unparsed": 0}
        for language in ("de", "en", "he")
        for gold in range(3)
    ]
    pairs: Rows = [
        figure
        | {"language_a": a, "language_b": b, "n_both_right": largest - 2, "n_only_a": 1, "n_only_b": 1}
        | {"n_wrong_alike": 0, "n_wrong_differently": 0}
        for a, b in (("de", "en"), ("de", "he"), ("en", "he"))
    ]
    files = {"published_accuracy": accuracy, "published_pairs": pairs}
    write_files(tmp_path, [TableFile(t, "f", rows_to_table(t, rows)) for t, rows in files.items()])  # type: ignore[arg-type]
    with closing(open_database([tmp_path])) as store:
        assert store.problems == ()
        rows = compute(store, "accuracy", interval=True)
        assert set(rows["n"]) == {3 * largest} and set(rows["correct"]) == {3 * largest - 3}
        assert rows[["accuracy", "ci_low", "ci_high"]].stack().between(0.99, 1).all()
        assert (compute(store, "overlap")["overlap"] == (largest - 2) / largest).all()


def test_one_dataset_that_cannot_be_computed_leaves_the_others(
    tmp_path: Path, good: dict[str, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path)
    failing = """create table accuracy as
        select * from ({sql}) where case when dataset::varchar = 'second' then error('out of range')::varchar is null
            else true end"""

    def broken() -> dict[str, Metric]:
        class Failing(Metric):
            @property
            def definition(self) -> str:
                return failing.format(sql=self.sql)

        accuracy = metrics()["accuracy"]
        return {**metrics(), "accuracy": Failing(**vars(accuracy))}

    monkeypatch.setattr(engine.database.measures, "metrics", broken)
    with closing(open_database([tmp_path])) as store:
        (problem,) = store.problems
        assert problem.file == "dataset second" and "out of range" in problem.reason
        found = compute(store, "accuracy", interval=True)
        assert set(found["dataset"]) == {"first", "first-counted", "second-counted"}
        assert list(differing(found, good["accuracy"])) == []
