"""Files of another schema or version than the store's: refused by name, with the reason; the rest is read."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

import engine.store.verify
from engine.schema import SCHEMA_VERSION, TABLES
from engine.store import footer
from engine.store.manifest import Entry
from engine.store.verify import VerifiedFile, read_snapshot
from engine.store.write import TableFile, write_files
from tests.faults.rows import answers, contents, parquet, plant

_PLAIN = TABLES["results"].arrow.remove_metadata()


def _without(name: str) -> pa.Table:
    return answers().drop_columns([name])


def _renamed(old: str, new: str) -> pa.Table:
    return answers().rename_columns([new if name == old else name for name in _PLAIN.names])


def _retyped(name: str, type_: pa.DataType, *, nullable: bool = True) -> pa.Table:
    fields = [pa.field(name, type_, nullable=nullable) if field.name == name else field for field in _PLAIN]
    return answers().cast(pa.schema(fields))


def _null_only(name: str) -> pa.Table:
    index = _PLAIN.get_field_index(name)
    return answers().set_column(index, pa.field(name, pa.null()), pa.nulls(answers().num_rows))


_FOREIGN: dict[str, tuple[Callable[[], pa.Table], str]] = {
    "a column missing": (lambda: _without("parsed"), "has no column parsed"),
    "a column renamed": (lambda: _renamed("correct", "right"), "has no column correct"),
    "a column in other case": (lambda: _renamed("correct", "Correct"), "has no column correct"),
    "a column too many": (lambda: answers().append_column("note", pa.array(["x"] * 12)), "has an unknown column note"),
    "columns reordered": (lambda: answers().select(_PLAIN.names[::-1]), "not in the order run_id, model"),
    "a number as text": (lambda: _retyped("predicted", pa.string()), "column predicted holds string, must be int16"),
    "a wider number": (lambda: _retyped("predicted", pa.int64()), "column predicted holds int64, must be int16"),
    "nothing but NULL": (lambda: _null_only("correct"), "column correct holds null, must be bool"),
    "NULL allowed": (lambda: _retyped("parsed", pa.bool_()), "column parsed must not allow missing values"),
    "NULL forbidden": (lambda: _retyped("text", pa.string(), nullable=False), "column text must allow missing values"),
    "a list of other items": (
        lambda: _retyped("option_bytes", pa.list_(pa.int64())),
        "column option_bytes holds list<element: int64>, must be list<item: int32>",
    ),
}  # fmt: skip


def _snapshot_with(folder: Path, data: bytes, rows: int) -> tuple[str, list[tuple[str, str]], set[str]]:
    """A store of one good file and these bytes: the planted path, the problems, the names of what is read."""
    write_files(folder, [TableFile("results", "good", answers())])
    path = plant(folder, data, rows=rows)
    snapshot = read_snapshot(folder)
    assert contents(snapshot)["results/good"].num_rows == 12
    return path, [(problem.file, problem.reason) for problem in snapshot.problems], set(contents(snapshot))


@pytest.mark.parametrize("name", _FOREIGN)
def test_another_schema_is_refused_by_name(tmp_path: Path, name: str) -> None:
    make, reason = _FOREIGN[name]
    path, ((file, said),), read = _snapshot_with(tmp_path, parquet(make()), 12)
    assert file == path
    assert reason in said
    assert read == {"results/good"}


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        (
            {"schema_version": str(SCHEMA_VERSION + 1)},
            f"made by a newer version of Isogloss (schema {SCHEMA_VERSION + 1}): update it",
        ),
        ({"schema_version": "0"}, "states schema 0; the first was 1"),
        ({"schema_version": "-1"}, "does not state the version of its schema"),
        ({"schema_version": ""}, "does not state the version of its schema"),
        ({"schema_version": "²"}, "does not state the version of its schema"),
        ({"table": "facts"}, "holds rows of the table 'facts', the manifest says 'results'"),
        ({"table": ""}, "holds rows of the table '', the manifest says 'results'"),
    ],
    ids=lambda value: " ".join(f"{key}={text}" for key, text in value.items()) if isinstance(value, dict) else "",
)
def test_another_version_or_table_is_refused(tmp_path: Path, stated: dict[str, str], reason: str) -> None:
    path, ((file, said),), read = _snapshot_with(tmp_path, parquet(answers(), **stated), 12)
    assert (file, reason in said) == (path, True), said
    assert read == {"results/good"}


@pytest.mark.parametrize("rows", [11, 13])
def test_another_number_of_rows_is_refused(tmp_path: Path, rows: int) -> None:
    _, ((_, said),), _ = _snapshot_with(tmp_path, parquet(answers()), rows)
    assert said == f"has 12 rows, the manifest says {rows}"


def test_no_rows_are_rows_like_others(tmp_path: Path) -> None:
    # Nothing was measured yet: the schema is right and the count is right, so there is nothing to refuse.
    _, problems, read = _snapshot_with(tmp_path, parquet(answers().slice(0, 0)), 0)
    assert problems == []
    assert read == {"results/good", "results/planted"}


def test_a_file_of_an_older_version_has_nothing_in_younger_columns(tmp_path: Path) -> None:
    younger = [column.name for column in TABLES["results"].columns if column.since == 2]
    columns = [name for name in answers().column_names if name not in younger]
    # In version 1 each answer named its probe.
    older = answers().select(columns).cast(TABLES["results"].arrow_of(1)).replace_schema_metadata(None)
    write_files(tmp_path, [TableFile("results", "good", answers())])
    plant(tmp_path, parquet(older, schema_version="1"), rows=12)
    snapshot = read_snapshot(tmp_path)
    assert (younger, snapshot.problems) == (["merged_options"], ())
    read = contents(snapshot)["results/planted"]
    assert read.column_names == answers().column_names
    assert [read.column(name).null_count for name in younger] == [12]
    assert read.drop_columns(younger).to_pylist() == older.to_pylist()
    (planted,) = (file for file in snapshot.files if file.entry.name == "planted")
    assert not planted.holds("merged_options") and planted.holds("option_logprobs")
    assert [batch.schema.names for batch in planted.batches(["text", "merged_options"])] == [["text", "merged_options"]]


def test_a_file_has_the_columns_of_the_version_that_it_states(tmp_path: Path) -> None:
    _, ((_, said),), _ = _snapshot_with(tmp_path, parquet(answers(), schema_version="1"), 12)
    assert "unknown column merged_options" in said
    _, ((_, said),), _ = _snapshot_with(tmp_path / "2", parquet(_without("merged_options")), 12)
    assert "has no column merged_options" in said


def test_control_without_the_check_foreign_schemas_get_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: whatever decodes to the schema's types is welcome."""

    def unchecked(data: bytes, entry: Entry) -> VerifiedFile:
        monkeypatch.setattr(footer, "_check_schema", lambda actual, wanted: None)
        return VerifiedFile(entry, footer.open_parquet(data, entry))

    monkeypatch.setattr(engine.store.verify, "open_verified", unchecked)
    _, problems, read = _snapshot_with(tmp_path, parquet(_FOREIGN["a number as text"][0]()), 12)
    assert (problems, read) == ([], {"results/good", "results/planted"})
