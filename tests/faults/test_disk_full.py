"""A disk that is full, at any step of a commit: exit status 74, one clear line, and a store that is whole."""

import errno
import itertools
import os
import random
import resource
from pathlib import Path

import pyarrow as pa
import pytest

import engine.store.write
from engine.errors import IsoglossError
from engine.schema import TABLES
from engine.store.manifest import MANIFEST, read_manifest
from engine.store.verify import read_snapshot
from engine.store.write import LOCK, TableFile, write_files
from tests.faults.children import run
from tests.faults.rows import answers, both, contents, runs_seen
from tests.faults.steps import before_each_step


def _state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _commit_with_fault(folder: Path, step: int, code: int) -> tuple[bool, IsoglossError | None]:
    """Write run "new", with the disk full at one step: whether the step was reached, and the error, if any."""
    reached = []

    def fail(number: int) -> None:
        if number == step:
            reached.append(step)
            raise OSError(code, os.strerror(code))

    with pytest.MonkeyPatch.context() as patched:
        before_each_step(fail, patched.setattr)
        try:
            write_files(folder, both("new"))
        except IsoglossError as error:
            return bool(reached), error
    return bool(reached), None


def test_no_room_at_any_step(tmp_path: Path) -> None:
    refused = 0
    for step in itertools.count(1):
        code = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)[step % 3]
        folder = tmp_path / str(step)
        write_files(folder, both("old"))
        reached, error = _commit_with_fault(folder, step, code)
        if not reached:
            break
        snapshot = read_snapshot(folder)
        assert snapshot.problems == ()
        assert len(snapshot.files) == 2
        if error is None:  # deleting needs no room: what could not be deleted waits for the next commit
            assert runs_seen(snapshot) == {"new"}
        else:
            refused += 1
            assert error.exit_status == 74
            assert str(folder) in str(error)
            assert os.strerror(code) in str(error)
            assert "free some space" in str(error)
            assert runs_seen(snapshot) in ({"old"}, {"new"})
        write_files(folder, both("new"))
        assert runs_seen(read_snapshot(folder)) == {"new"}
        assert set(_state(folder)) == {entry.path for entry in read_manifest(folder)} | {MANIFEST, LOCK}
    # Each of four files is created, synced, renamed, and its folder synced.
    assert refused >= 16


def _big() -> list[TableFile]:
    """Some 80 KB that no compression shrinks."""
    chance = random.Random(0)
    texts = pa.array([f"{chance.getrandbits(512):x}" for _ in range(1200)])
    rows = answers(400, run="new")
    index = rows.schema.get_field_index("text")
    return [TableFile("results", "lab", rows.set_column(index, TABLES["results"].arrow.field(index), texts))]


def _write_in_place(path: Path, data: bytes) -> None:
    """The planted bug: no temporary file."""
    path.write_bytes(data)


def _write_with_little_room(folder: Path, bug: bool) -> None:
    """Write more than a file may hold: exits with the error's status. (Python ignores SIGXFSZ: the write fails.)"""
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, 16_384))
    if bug:
        engine.store.write.replace_file = _write_in_place  # type: ignore[attr-defined]
        engine.store.write._clear_unfinished = lambda folder, entries: None
    try:
        write_files(folder, _big())
    except IsoglossError as error:
        os._exit(error.exit_status)


def test_a_file_that_outgrows_the_room(tmp_path: Path) -> None:
    write_files(tmp_path, both("old"))
    before = _state(tmp_path)
    assert run(_write_with_little_room, tmp_path, False) == 74
    assert _state(tmp_path) == before
    assert contents(read_snapshot(tmp_path))["results/lab"].column("run_id").unique().to_pylist() == ["old"]


def test_control_writing_in_place_leaves_a_torn_file(tmp_path: Path) -> None:
    write_files(tmp_path, both("old"))
    before = _state(tmp_path)
    assert run(_write_with_little_room, tmp_path, True) == 74
    assert _state(tmp_path) != before
    torn = [path for path, data in _state(tmp_path).items() if path.endswith(".parquet") and data[-4:] != b"PAR1"]
    assert len(torn) == 1
