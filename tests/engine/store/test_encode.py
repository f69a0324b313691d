"""From rows to bytes: what is refused, in which types and in which order rows are written, and that bytes repeat."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import engine.store.encode
from engine.errors import IsoglossError
from engine.schema import TableName
from engine.store.encode import encode
from engine.store.manifest import MANIFEST
from engine.store.verify import read_snapshot
from engine.store.write import TableFile, WriteReport, write_files
from tests.faults.rows import answers, contents
from tests.support.tables import rows_to_table


def _write(folder: Path, rows: pa.Table, table: TableName = "results", name: str = "lab") -> WriteReport:
    return write_files(folder, [TableFile(table, name, rows)])


def _read(folder: Path, file: str = "results/lab") -> pa.Table:
    return contents(read_snapshot(folder))[file]


def _with(name: str, values: object, type_: pa.DataType | None = None) -> pa.Table:
    """Twelve answers with one column replaced."""
    rows = answers().replace_schema_metadata(None)
    index = rows.schema.get_field_index(name)
    column = pa.array(values, type_)
    return rows.set_column(index, pa.field(name, column.type), column)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (answers().drop_columns(["parsed", "text"]), "missing columns: parsed, text; the table has run_id, model"),
        (answers().append_column("note", pa.array(["x"] * 12)), "unknown columns: note; the table has run_id, model"),
        (answers().append_column("text", pa.array(["x"] * 12)), "columns given twice: text"),
        (_with("correct", ["yes"] * 12), "column correct holds string, must be bool"),
        (_with("predicted", ["1"] * 12), "column predicted holds string, must be int16"),
        (_with("predicted", [1.0] * 12), "column predicted holds double, must be int16"),
        (_with("fact_id", range(12)), "column fact_id holds int64, must be string"),
        (
            _with("option_bytes", [["1"]] * 12),
            "column option_bytes holds list<item: string>, must be list<item: int32>",
        ),
        (_with("predicted", [40_000] * 12), "column predicted: Integer value 40000 not in range"),
        # 3 of 12 are missing; also when the missing value hides in a dictionary: indices 1 of 0, 0, 1, 0, ...
        (_with("language", ["en"] * 9 + [None] * 3), "column language must not be missing, but is in 3 of 12 rows"),
        (
            _with("language", pa.DictionaryArray.from_arrays([0, 0, 1] * 4, pa.array(["en", None]))),
            "column language must not be missing, but is in 4 of 12 rows",
        ),
        (_with("parsed", [None] * 12), "column parsed must not be missing, but is in 12 of 12 rows"),
        # Facts 0 and 1 twice in three languages each: the 6 rows of the second time.
        (
            pa.concat_tables([answers(), answers(2, seed=1)]),
            "6 rows repeat the key of another row; the first: run_id 'first', model 'lab-1', dataset 'capitals', "
            "fact_id '0', language 'de'",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused_by_name(tmp_path: Path, rows: pa.Table, reason: str) -> None:
    with pytest.raises(IsoglossError) as caught:
        _write(tmp_path, rows)
    assert str(caught.value).startswith(f"results 'lab': {reason}")
    assert not (tmp_path / MANIFEST).exists()


def test_a_list_that_is_missing_differs_from_an_empty_one(tmp_path: Path) -> None:
    _write(tmp_path, _with("order_choices", [None, [], [1]] * 4, pa.list_(pa.int16())))
    # Sorted by language, then fact: the rows of "en" come first in each triple, then "de", then "zh".
    found = _read(tmp_path).select(["language", "order_choices"]).to_pylist()
    assert {row["language"]: row["order_choices"] for row in found} == {"en": None, "de": [], "zh": [1]}


@pytest.mark.parametrize(
    "held",
    [
        lambda rows: rows.cast(pa.schema([pa.field(f.name, _wider(f.type)) for f in rows.schema])),
        lambda rows: pa.table({f.name: _dictionary(rows.column(f.name)) for f in rows.schema}),
        lambda rows: rows.take(np.random.default_rng(0).permutation(rows.num_rows)),
        lambda rows: pa.concat_tables([rows.slice(5), rows.slice(0, 5)]),
        lambda rows: rows.select(rows.column_names[::-1]),
    ],
    ids=["wider types", "dictionaries", "shuffled", "in pieces", "columns reversed"],
)
def test_the_same_rows_are_the_same_bytes(held: Callable[[pa.Table], pa.Table]) -> None:
    rows = answers(30)
    assert encode("results", held(rows)) == encode("results", rows)
    assert encode("results", answers(30, seed=1)) != encode("results", rows)


def _wider(type_: pa.DataType) -> pa.DataType:
    wider: dict[pa.DataType, pa.DataType] = {pa.string(): pa.large_string(), pa.int16(): pa.int64()}
    return wider.get(type_, type_)


def _dictionary(column: "pa.ChunkedArray[Any]") -> "pa.ChunkedArray[Any]":
    return column.dictionary_encode() if column.type == pa.string() else column


def test_a_missing_part_of_the_key_is_a_value_of_its_own(tmp_path: Path) -> None:
    """The same facts without a wording and in two wordings: 12 rows each, no two with the same key."""
    wordings = [None, "exam@1", "plain@1"]
    rows = pa.concat_tables(
        answers().set_column(6, answers().schema.field("template"), pa.array([wording] * 12, pa.string()))
        for wording in wordings
    )
    _write(tmp_path, rows)
    assert _read(tmp_path).column("template").to_pylist() == [wording for wording in wordings for _ in range(12)]
    for held in (rows, rows.take(np.random.default_rng(0).permutation(36))):
        given = held.set_column(6, "template", held.column("template").dictionary_encode())
        assert encode("results", given) == encode("results", rows)
    with pytest.raises(IsoglossError, match="12 rows repeat the key of another row; the first: .* template None"):
        encode("results", pa.concat_tables([rows, rows.slice(0, 12)]))


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    rows = answers(30)
    _write(tmp_path, rows)
    order = ["dataset", "model", "language", "number"]
    number = rows.column("fact_id").cast(pa.int64())
    ordered = rows.append_column("number", number).sort_by([(name, "ascending") for name in order])
    expected = ordered.drop_columns(["number"])
    assert _read(tmp_path).equals(expected.replace_schema_metadata(None))


def test_results_and_facts_are_sorted_with_numbers_by_size(tmp_path: Path) -> None:
    ids = ["10", "9", "b", "a", "01", "1"]
    keys = [(model, fact, language) for language in ("zh", "en", "de") for fact in ids for model in ("m2", "m1")]
    rows: list[dict[str, object]] = [
        {"run_id": "r", "model": m, "dataset": "d", "fact_id": f, "language": language}
        | {"probe": "letter", "parsed": True}
        for m, f, language in keys
    ]
    facts: list[dict[str, object]] = [
        {"dataset": "d", "fact_id": f, "language": language, "stream": "basic", "question": "?"}
        | {"options": [], "gold": [], "answers": []}
        for f in ids
        for language in ("zh", "en", "de")
    ]
    report = write_files(
        tmp_path,
        [
            TableFile("results", "lab", rows_to_table("results", rows)),
            TableFile("facts", "f", rows_to_table("facts", facts)),
        ],
    )
    assert len(report.written) == 2
    # Numbers before words, by size: 01 and 1 are equal, so their text decides; 9 before 10.
    sorted_ids = ["01", "1", "9", "10", "a", "b"]
    found = _read(tmp_path).select(["model", "language", "fact_id"]).to_pylist()
    assert [tuple(row.values()) for row in found] == [
        (model, language, fact) for model in ("m1", "m2") for language in ("de", "en", "zh") for fact in sorted_ids
    ]
    found = _read(tmp_path, "facts/f").select(["fact_id", "language"]).to_pylist()
    assert [tuple(row.values()) for row in found] == [
        (f, language) for f in sorted_ids for language in ("de", "en", "zh")
    ]


def test_a_file_states_its_table_its_version_and_checksums(tmp_path: Path) -> None:
    (path,) = _write(tmp_path, answers()).written
    data = (tmp_path / path).read_bytes()
    metadata = pq.read_metadata(tmp_path / path)
    assert metadata.metadata[b"isogloss.table"] == b"results"
    assert metadata.metadata[b"isogloss.schema_version"] == b"1"
    assert metadata.row_group(0).column(0).compression == "ZSTD"
    # A page's checksum is of no use unless it is there: change a byte of the last page, before the footer.
    place = len(data) - 8 - int.from_bytes(data[-8:-4], "little") - 1
    damaged = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    with pytest.raises(OSError, match="(?i)crc"):
        pq.read_table(pa.BufferReader(damaged), page_checksum_verification=True)


def test_large_texts_are_spread_over_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.store.encode, "_GROUP_BYTES", 4000)
    rows = _with("text", [str(number) * 1000 for number in range(10)] + ["", None])
    (path,) = _write(tmp_path, rows).written
    # 10 texts of 1,000 bytes and some 150 bytes for each row: 12 rows are too many, and so are 6; 3 are not.
    assert pq.read_metadata(tmp_path / path).num_row_groups == 4
    assert sorted(_read(tmp_path).column("text").to_pylist(), key=str) == sorted(
        rows.column("text").to_pylist(), key=str
    )
