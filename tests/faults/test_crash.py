"""A writer that is killed: at every single step, and at random moments. The store is the old one or the new one."""

import random
import time
from pathlib import Path

import pytest

from engine.errors import IsoglossError
from engine.store.manifest import MANIFEST, UNFINISHED, read_manifest
from engine.store.verify import read_snapshot
from engine.store.write import LOCK, write_files
from tests.faults.children import CONTEXT, kill, run, start
from tests.faults.rows import both, runs_seen
from tests.faults.writers import write_for_ever, write_until

_KILLS = 30


def _is_bad(folder: Path, allowed: set[str]) -> bool:
    """Whether a store holds anything but one whole commit of those allowed; "" is the empty store."""
    snapshot = read_snapshot(folder)
    seen = runs_seen(snapshot)
    whole = len(snapshot.files) == 2 and len(seen) == 1 and seen <= allowed
    return bool(snapshot.problems) or not (whole or (not snapshot.files and "" in allowed))


def _stray_files(folder: Path) -> set[str]:
    """What lies in a store and is not part of it."""
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return found - {entry.path for entry in read_manifest(folder)} - {MANIFEST, LOCK}


def _bad_crash_points(folder: Path, *, first: str, bug: bool) -> tuple[int, int]:
    """Kill a writer before its 1st, 2nd, ... step, each in a folder of its own: how many points, how many bad."""
    bad, step = 0, 1
    while True:
        store = folder / f"{first}{step}"
        if first:
            write_files(store, both(first))
        if run(write_until, store, step, bug) == 0:
            return step - 1, bad
        bad += _is_bad(store, {first, "new"})
        try:
            write_files(store, both("next"))
            bad += _is_bad(store, {"next"}) or bool(_stray_files(store))
        except IsoglossError:
            bad += 1
        step += 1


@pytest.mark.parametrize("first", ["", "old"], ids=["a new store", "a store with rows"])
def test_no_crash_point_harms_the_store(tmp_path: Path, first: str) -> None:
    points, bad = _bad_crash_points(tmp_path, first=first, bug=False)
    # Three files, each created, synced, renamed and its folder synced, are twelve steps at least.
    assert points >= 12
    assert bad == 0


def test_control_a_manifest_written_first_is_caught(tmp_path: Path) -> None:
    _, bad = _bad_crash_points(tmp_path, first="old", bug=True)
    assert bad > 0


def _random_kills(folder: Path, *, bug: bool, kills: int = _KILLS) -> tuple[int, int]:
    """Kill a writer 0 to 5 ms after it has begun a commit: how many bad stores, how many kills hit the commit.

    With the bug the first bad store is enough.
    """
    write_files(folder, both("old"))
    chance = random.Random(1)
    bad = hits = 0
    for _ in range(kills):
        receiver, sender = CONTEXT.Pipe(duplex=False)
        child = start(write_for_ever, folder, sender, bug)
        sender.close()
        assert receiver.poll(30), "the writer shows no progress"
        receiver.recv_bytes()
        time.sleep(chance.uniform(0, 0.005))
        kill(child)
        receiver.close()
        hits += (folder / UNFINISHED).exists()
        bad += _is_bad(folder, {"old", "new"})
        if bug and bad:
            break
    return bad, hits


def test_random_kills_leave_one_whole_commit(tmp_path: Path) -> None:
    bad, hits = _random_kills(tmp_path, bug=False)
    assert bad == 0
    assert hits > 0, "no kill fell into a commit: the test shows nothing"
    write_files(tmp_path, both("next"))
    assert not _stray_files(tmp_path)


def test_control_random_kills_catch_a_manifest_written_first(tmp_path: Path) -> None:
    bad, _ = _random_kills(tmp_path, bug=True, kills=20 * _KILLS)  # a busy machine hits the moment less often
    assert bad > 0
