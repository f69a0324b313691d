"""A store that is written again and again while it is read: every reading is one whole commit, old or new."""

import os
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

import engine.store.verify
import engine.store.write
from engine.errors import IsoglossError
from engine.store.atomic import read_regular
from engine.store.manifest import MANIFEST
from engine.store.verify import read_snapshot, store_version
from engine.store.write import WriteReport, write_files
from tests.faults.children import CONTEXT, kill, start
from tests.faults.rows import both, runs_seen
from tests.faults.writers import write_for_ever

_READS = 400
_PATIENCE = 60  # seconds, against a writer that stands still


def _write_in_place(path: Path, data: bytes) -> None:
    """The planted bug: the file is emptied and filled again, in two strokes."""
    with path.open("wb") as file:
        file.write(data[: len(data) // 2])
        file.flush()
        time.sleep(0.02)
        file.write(data[len(data) // 2 :])


def _write_in_place_for_ever(folder: Path, progress: Connection) -> None:
    engine.store.write.replace_file = _write_in_place  # type: ignore[attr-defined]
    write_for_ever(folder, progress, False)


def _readings(folder: Path, *, bug: bool) -> tuple[int, int, int]:
    """Read while a child writes: how many readings were bad, how many changes were seen, in how many readings."""
    write_files(folder, both("old"))
    receiver, sender = CONTEXT.Pipe(duplex=False)
    child = start(_write_in_place_for_ever, folder, sender) if bug else start(write_for_ever, folder, sender, False)
    sender.close()
    assert receiver.poll(30), "the writer shows no progress"
    bad = changes = readings = 0
    last, end = "", time.monotonic() + _PATIENCE
    while (readings < _READS or changes < 20) and time.monotonic() < end and not (bug and bad):
        while receiver.poll():
            receiver.recv_bytes()
        snapshot = read_snapshot(folder)
        try:
            seen = runs_seen(snapshot)
        except IsoglossError:
            seen = set()
        bad += bool(snapshot.problems) or len(snapshot.files) != 2 or len(seen) != 1
        version = store_version([folder])
        changes += version != last
        last, readings = version, readings + 1
    kill(child)
    receiver.close()
    return bad, changes, readings


def test_a_reader_sees_old_or_new_never_a_mixture(tmp_path: Path) -> None:
    bad, changes, readings = _readings(tmp_path, bug=False)
    print(f"{readings} readings, {changes} changes seen, {bad} bad")
    assert bad == 0
    assert readings >= _READS
    assert changes >= 20, "the store hardly changed: the test shows nothing"


def test_control_writing_in_place_is_caught(tmp_path: Path) -> None:
    bad, _, _ = _readings(tmp_path, bug=True)
    assert bad > 0


def test_a_commit_between_the_manifest_and_its_files_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer commits at the worst moment: the reader has the old manifest, and the old files are gone."""
    write_files(tmp_path, both("old"))
    commits: list[WriteReport] = []

    def read_after_a_commit(path: Path, *, limit: int) -> bytes:
        if not commits and path.name != MANIFEST:
            commits.append(write_files(tmp_path, both("new")))
        return read_regular(path, limit=limit)

    monkeypatch.setattr(engine.store.verify, "read_regular", read_after_a_commit)
    snapshot = read_snapshot(tmp_path)
    assert len(commits) == 1
    assert not any(os.path.lexists(tmp_path / path) for path in commits[0].removed)
    assert snapshot.problems == ()
    assert runs_seen(snapshot) == {"new"}
