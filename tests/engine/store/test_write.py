"""Writing to a store: a commit is whole, repeats change nothing, and nothing but the store is touched."""

import os
import tempfile
from pathlib import Path

import filelock
import orjson
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine.store.verify
import engine.store.write
from engine.errors import IsoglossError
from engine.schema import TableName
from engine.store.manifest import MANIFEST, UNFINISHED, file_path, is_valid_name, read_manifest
from engine.store.verify import read_snapshot
from engine.store.write import LOCK, TableFile, WriteReport, write_files
from tests.faults.children import run
from tests.faults.rows import answers, both, contents, parquet, plant, runs


def _write(folder: Path, rows: pa.Table, table: TableName = "results", name: str = "lab") -> WriteReport:
    return write_files(folder, [TableFile(table, name, rows)])


def _read(folder: Path, file: str = "results/lab") -> pa.Table:
    return contents(read_snapshot(folder))[file]


def test_rows_that_could_not_be_read_back_are_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.store.verify, "MAX_BATCH_BYTES", 1000)
    with pytest.raises(IsoglossError, match="results 'lab': 12 of its rows need .* bytes; at most 1,000 are decoded"):
        _write(tmp_path, answers())
    assert not (tmp_path / MANIFEST).exists()


def test_writing_the_same_rows_again_changes_nothing(tmp_path: Path) -> None:
    first = write_files(tmp_path, both("old"))
    before = {path: path.stat() for path in tmp_path.rglob("*")}
    again = write_files(tmp_path, both("old"))
    assert again == WriteReport(written=(), unchanged=first.written, removed=())
    assert {path: path.stat().st_ino for path in tmp_path.rglob("*")} == {p: s.st_ino for p, s in before.items()}
    assert all(path.stat().st_mtime_ns == status.st_mtime_ns for path, status in before.items() if path.name != LOCK)


def test_a_name_is_replaced_whole_and_the_others_stay(tmp_path: Path) -> None:
    write_files(tmp_path, both("old"))
    old = {entry.table: entry.path for entry in read_manifest(tmp_path)}
    report = _write(tmp_path, answers(2, run="new"))
    assert report.removed == (old["results"],)
    assert report.unchanged == ()
    assert not (tmp_path / old["results"]).exists()
    assert _read(tmp_path).num_rows == 2 * 3
    assert _read(tmp_path, "runs/lab").num_rows == 1
    assert [entry.path for entry in read_manifest(tmp_path)] == sorted([*report.written, old["runs"]])


def test_writing_the_same_rows_mends_a_damaged_file(tmp_path: Path) -> None:
    (path,) = _write(tmp_path, answers()).written
    (tmp_path / path).write_bytes(b"damaged")
    assert _write(tmp_path, answers()).written == (path,)
    assert _read(tmp_path).num_rows == 12
    (tmp_path / path).unlink()
    assert _write(tmp_path, answers()).written == (path,)
    assert _read(tmp_path).num_rows == 12


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "a..b", "-a", "_a", "a b", "ä", "a\n", "a" * 65, "a\0"])
def test_names_that_could_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(IsoglossError, match="cannot be the name of a file of results; allowed: letters"):
        _write(tmp_path / "store", answers(), name=name)
    assert list(tmp_path.iterdir()) == []


@given(st.text() | st.from_regex(r"[A-Za-z0-9./_-]{1,70}", fullmatch=True))
def test_no_valid_name_leads_out_of_its_folder(name: str) -> None:
    if is_valid_name(name):
        path = Path("/store") / file_path("results", name, "0" * 64)
        assert Path(os.path.normpath(path)) == path
        assert path.parent == Path("/store/results")
        assert len(path.name.encode()) < 255 - len(".tmp")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([TableFile("result", "lab", answers())], "unknown table 'result'; tables: facts, traits"),  # type: ignore[arg-type]
        ([TableFile("runs", "lab", runs())] * 2, "runs 'lab' is given twice"),
    ],
)
def test_files_that_contradict_each_other_are_refused(tmp_path: Path, files: list[TableFile], reason: str) -> None:
    with pytest.raises(IsoglossError, match=reason):
        write_files(tmp_path, files)


def test_one_bad_file_stops_the_whole_commit(tmp_path: Path) -> None:
    write_files(tmp_path, both("old"))
    before = (tmp_path / MANIFEST).read_bytes()
    with pytest.raises(IsoglossError, match="missing columns"):
        write_files(tmp_path, [*both("new")[:1], TableFile("runs", "lab", runs().drop_columns(["status"]))])
    assert (tmp_path / MANIFEST).read_bytes() == before


def test_a_store_that_is_being_written_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.store.write, "_LOCK_SECONDS", 0.1)
    with filelock.FileLock(tmp_path / LOCK), pytest.raises(IsoglossError) as caught:
        _write(tmp_path, answers())
    assert caught.value.exit_status == 75
    assert str(tmp_path / LOCK) in str(caught.value)
    assert len(_write(tmp_path, answers()).written) == 1


def _write_as_nobody(folder: Path) -> None:
    """Exits with 1 and the message in a file when the folder may not be written."""
    os.umask(0)
    message = folder.parent / "message"
    message.touch()
    os.setuid(65534)
    try:
        _write(folder, answers())
    except IsoglossError as error:
        message.write_text(str(error), encoding="utf-8")
        os._exit(error.exit_status)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody who may not write")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.is_relative_to(tempfile.gettempdir()) and folder != Path(tempfile.gettempdir()):
            folder.chmod(0o755)
    (tmp_path / "store").mkdir(mode=0o555)
    assert run(_write_as_nobody, tmp_path / "store") == 1
    message = (tmp_path / "message").read_text(encoding="utf-8")
    assert f"cannot write {tmp_path}/store" in message
    assert "Permission denied" in message


def test_a_file_in_the_place_of_the_store_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("not a folder", encoding="utf-8")
    with pytest.raises(IsoglossError, match="cannot write .*/store .File exists"):
        _write(tmp_path / "store", answers())


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "store").mkdir()
    (tmp_path / "store/results").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(IsoglossError, match="results is a symbolic link"):
        _write(tmp_path / "store", answers())
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_broken_manifest_is_never_written_over(tmp_path: Path) -> None:
    write_files(tmp_path, both("old"))
    (tmp_path / MANIFEST).write_text('{"format": "isogloss-store"', encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(IsoglossError, match="manifest.json is broken.*put a copy back"):
        write_files(tmp_path, both("new"))
    assert sorted(tmp_path.rglob("*")) == before


def test_only_what_a_killed_commit_noted_down_is_cleared_away(tmp_path: Path) -> None:
    store = tmp_path / "store"
    write_files(store, both("old"))
    kept = plant(store, parquet(answers()), rows=12)
    noted, foreign = "results/mine-0123456789ab.parquet", "results/other-0123456789ab.parquet"
    hostile = ["../outside", "results/../../outside", "/etc/passwd", MANIFEST, "results/notes.txt", 7, None]
    for path in (
        store / noted,
        store / f"{noted}.tmp",
        store / foreign,
        store / "results/notes.txt",
        tmp_path / "outside",
    ):
        path.write_bytes(b"x")
    (store / UNFINISHED).write_bytes(orjson.dumps([noted, kept, *hostile]))
    _write(store, answers(3))
    assert not (store / noted).exists()
    assert not (store / f"{noted}.tmp").exists()
    assert not (store / UNFINISHED).exists()
    for path in (store / kept, store / foreign, store / "results/notes.txt", tmp_path / "outside"):
        assert path.exists()


def test_files_of_a_lost_manifest_are_kept(tmp_path: Path) -> None:
    (path,) = _write(tmp_path, answers(), name="probed").written
    (tmp_path / MANIFEST).unlink()
    _write(tmp_path, answers(2), name="imported")
    assert (tmp_path / path).exists()
    assert [problem.file for problem in read_snapshot(tmp_path).problems] == [path]
