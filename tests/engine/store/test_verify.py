"""Reading a store: the manifest, what is read, what is left out and named, and the store's version."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pytest

from engine.errors import IsoglossError
from engine.schema import TABLES
from engine.store.manifest import MANIFEST, UNFINISHED, read_manifest
from engine.store.verify import BadFile, VerifiedFile, decoded_bytes, read_snapshot, store_version
from engine.store.write import write_files
from tests.faults.rows import answers, both, contents, parquet, plant


def test_a_snapshot_holds_the_rows_of_every_file(tmp_path: Path) -> None:
    write_files(tmp_path, both("old"))
    snapshot = read_snapshot(tmp_path)
    assert snapshot.problems == ()
    assert [file.entry for file in snapshot.files] == list(read_manifest(tmp_path))
    found = contents(snapshot)
    assert sorted(found["results/lab"].to_pylist(), key=str) == sorted(answers(4, run="old").to_pylist(), key=str)
    assert found["runs/lab"].schema.equals(TABLES["runs"].arrow)


def test_columns_come_as_asked_for(tmp_path: Path) -> None:
    write_files(tmp_path, both("old"))
    (file,) = (file for file in read_snapshot(tmp_path).files if file.entry.table == "results")
    (batch,) = file.batches(["language", "option_bytes", "fact_id"])
    assert batch.schema.names == ["language", "option_bytes", "fact_id"]
    assert batch.schema.types == [pa.string(), pa.list_(pa.int32()), pa.string()]
    assert batch.num_rows == 12


def test_no_store_is_an_empty_one(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        assert read_manifest(folder) == ()
        snapshot = read_snapshot(folder)
        assert snapshot.files == () and snapshot.problems == ()


_PATH = "results/lab-{:.12}.parquet"
_SHA = "ab" * 32
_GOOD = {"path": _PATH.format(_SHA), "table": "results", "name": "lab", "sha256": _SHA, "bytes": 9, "rows": 0}


def _manifest(*files: object, **changes: object) -> bytes:
    return orjson.dumps({"format": "isogloss-store", "schema_version": 1, "files": list(files)} | changes)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "is broken: unexpected end of data"),
        (b"\xff", "is broken"),
        (b"[" * 100_000, "is broken"),
        (b"[]", "is not the manifest of a store"),
        (_manifest(format="other"), "is not the manifest of a store"),
        (_manifest(schema_version=2), "was made by a newer version of Isogloss: update it"),
        (_manifest(schema_version=True), '"schema_version" must be a whole number'),
        (_manifest(schema_version=0), '"schema_version" must be a whole number from 1'),
        (_manifest(files={}), '"files" must be a list'),
        (_manifest("x"), "file 1 must have exactly the fields path, table, name, sha256, bytes, rows"),
        (
            _manifest({key: value for key, value in _GOOD.items() if key != "rows"}),
            "file 1 must have exactly the fields",
        ),
        (_manifest(_GOOD | {"note": 1}), "file 1 must have exactly the fields"),
        (_manifest(_GOOD, _GOOD | {"rows": "1"}), '"rows" of file 2 has the wrong type'),
        (_manifest(_GOOD | {"bytes": True}), '"bytes" of file 1 has the wrong type'),
        (_manifest(_GOOD | {"rows": -1}), "the size of file 1 is negative"),
        (_manifest(_GOOD | {"table": "Results"}), "file 1 is of the unknown table 'Results'; tables: facts, traits"),
        (_manifest(_GOOD | {"name": "../lab"}), "the name or the hash of file 1"),
        (_manifest(_GOOD | {"sha256": "AB" * 32}), "the name or the hash of file 1"),
        (_manifest(_GOOD | {"path": "../../etc/passwd"}), "the path of file 1 does not follow from its table"),
        (_manifest(_GOOD | {"path": _PATH.format("cd" * 32)}), "the path of file 1 does not follow from its table"),
        (_manifest(_GOOD, _GOOD | {"sha256": "cd" * 32, "path": _PATH.format("cd" * 32)}), "it names a file twice"),
    ],
)
def test_a_broken_manifest_is_a_problem_not_a_crash(tmp_path: Path, raw: bytes, reason: str) -> None:
    write_files(tmp_path, both("old"))
    (tmp_path / MANIFEST).write_bytes(raw)
    snapshot = read_snapshot(tmp_path)
    (problem,) = snapshot.problems
    assert snapshot.files == ()
    assert problem.file == f"{tmp_path.name}/{MANIFEST}"
    assert reason in problem.reason
    with pytest.raises(IsoglossError, match="put a copy back"):
        read_manifest(tmp_path)


def test_files_that_the_manifest_does_not_name_are_counted_and_named(tmp_path: Path) -> None:
    write_files(tmp_path, both("old"))
    for number in range(7):
        (tmp_path / f"results/found-{number}.parquet").write_bytes(b"never opened")
    (tmp_path / "results/notes.txt").write_bytes(b"not a table")
    snapshot = read_snapshot(tmp_path)
    assert len(snapshot.files) == 2
    named = [f"results/found-{number}.parquet" for number in range(5)]
    assert [problem.file for problem in snapshot.problems] == [*named, "2 further files"]
    assert all("not named in the manifest" in problem.reason for problem in snapshot.problems)


def test_what_a_commit_is_busy_with_is_no_problem(tmp_path: Path) -> None:
    write_files(tmp_path, both("old"))
    busy = "results/lab-0123456789ab.parquet"
    (tmp_path / busy).write_bytes(b"half a commit")
    assert [problem.file for problem in read_snapshot(tmp_path).problems] == [busy]
    (tmp_path / UNFINISHED).write_bytes(orjson.dumps([busy]))
    assert read_snapshot(tmp_path).problems == ()


def _decoding_error(folder: Path, data: bytes, rows: int) -> str:
    plant(folder, data, rows=rows)
    snapshot = read_snapshot(folder)
    assert snapshot.problems == ()
    with pytest.raises(BadFile) as caught:
        list(snapshot.files[0].batches())
    return str(caught.value)


def test_damage_behind_a_sound_footer_shows_when_it_is_decoded(tmp_path: Path) -> None:
    data = parquet(answers(300))
    place = len(data) // 2
    assert "its data cannot be decoded" in _decoding_error(
        tmp_path, data[:place] + b"\0" * 99 + data[place + 99 :], 900
    )


def test_bytes_that_are_no_text_show_when_they_are_decoded(tmp_path: Path) -> None:
    rows = answers()
    index = rows.schema.get_field_index("text")
    no_text = pa.Array.from_buffers(pa.string(), 12, pa.array([b"\xff\xfe"] * 12).buffers())
    assert "UTF8" in _decoding_error(tmp_path, parquet(rows.set_column(index, rows.schema.field(index), no_text)), 12)


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array(["a", "ää", None]), 1 + 4),
        (pa.array(["ab", "ab", None, "c"]).dictionary_encode(), 2 + 2 + 1),
        (pa.array([["a", "b"], None, [], ["ä"]]), 1 + 1 + 2),
        (pa.array([["a", "b"], ["ccc"]]).slice(1), 3),
        (pa.array([1, None], pa.int16()), 2 * 2),
        (pa.array([True] * 9), 9),
        (pa.array([], pa.string()), 0),
    ],
)
def test_decoded_bytes(array: "pa.Array[Any]", expected: int) -> None:
    assert decoded_bytes(array) == expected


def _rewrite_with_the_same_size_and_time(folder: Path) -> None:
    file = next((folder / "results").iterdir())
    status = file.stat()
    file.write_bytes(file.read_bytes()[::-1])
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def _turn_into_a_folder(folder: Path) -> None:
    path = next((folder / "runs").iterdir())
    shutil.move(path, folder / "aside")
    path.mkdir()


def _add_a_file(folder: Path) -> None:
    (folder / "facts").mkdir()
    (folder / "facts/x.parquet").touch()


_CHANGES: dict[str, Callable[[Path], object]] = {
    "a commit": lambda folder: write_files(folder, both("new")),
    "a file damaged": _rewrite_with_the_same_size_and_time,
    "a file gone": lambda folder: next((folder / "runs").iterdir()).unlink(),
    "rights taken away": lambda folder: next((folder / "runs").iterdir()).chmod(0),
    "a file turned into a folder": _turn_into_a_folder,
    "a file beside them": _add_a_file,
    "the manifest gone": lambda folder: (folder / MANIFEST).unlink(),
    "the manifest broken": lambda folder: (folder / MANIFEST).write_bytes(b"{"),
    "the store gone": shutil.rmtree,
}


@pytest.mark.parametrize("name", _CHANGES)
def test_the_version_changes_with_whatever_is_seen(tmp_path: Path, name: str) -> None:
    store = tmp_path / "store"
    write_files(store, both("old"))
    before = store_version([store])
    assert store_version([store]) == before
    _CHANGES[name](store)
    assert store_version([store]) != before


def test_the_version_stays_while_nothing_is_seen_to_change(tmp_path: Path) -> None:
    write_files(tmp_path, both("old"))
    before = store_version([tmp_path])
    write_files(tmp_path, both("old"))
    (tmp_path / "results/notes.txt").write_text("x", encoding="utf-8")
    read_snapshot(tmp_path)
    assert store_version([tmp_path]) == before


def test_the_version_depends_on_each_folder_and_their_order(tmp_path: Path) -> None:
    stores = [tmp_path / "a", tmp_path / "b"]
    for store in stores:
        write_files(store, both("old"))
    versions = {store_version(folders) for folders in ([], stores, stores[::-1], stores[:1], stores[1:])}
    assert len(versions) == 5


def test_a_verified_file_cannot_be_changed(tmp_path: Path) -> None:
    write_files(tmp_path, both("old"))
    snapshot = read_snapshot(tmp_path)
    shutil.rmtree(tmp_path)
    # The bytes that were checked are the bytes that are decoded: the folder is not asked again.
    assert isinstance(snapshot.files[0], VerifiedFile)
    assert contents(snapshot)["results/lab"].num_rows == 12
