"""A run that others meet: a second process, a reader, a request to stop, another clock; and how safe a shard is."""

import os
import random
import signal
import stat
import time
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

import engine.runs.meter
import engine.runs.shards
from engine.runs.folder import run_folder
from engine.runs.launchers.local import stop_run
from engine.runs.meter import Meter
from engine.runs.progress import list_runs, read_run, read_runs
from engine.runs.run import run
from engine.store.verify import read_snapshot, store_version
from tests.faults.children import kill, start
from tests.faults.kills import results
from tests.faults.running import answer
from tests.support.fake_model import FakeModel
from tests.support.small_runs import small_job, write_facts


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Four facts in three languages: 12 questions, in shards of four six, since a shard has one language."""
    write_facts(tmp_path, facts=4)
    return tmp_path


def _begun(store: Path, seconds: float) -> BaseProcess:
    """A child that does the small job, `seconds` for each text, and has shown progress."""
    child = start(answer, store, None, None, seconds)
    deadline = time.monotonic() + 60
    while not any(state.state == "running" for state in list_runs(store)):
        assert child.is_alive() and time.monotonic() < deadline, "the run shows no progress"
        time.sleep(0.01)
    return child


def test_of_two_processes_at_once_one_is_told_so(store: Path) -> None:
    children = [start(answer, store, None, None, 0.1) for _ in range(2)]
    for child in children:
        child.join(60)
    assert sorted(child.exitcode or 0 for child in children) == [0, 75]
    (state,) = list_runs(store)
    assert (state.state, state.done, state.failed) == ("finished", 12, 0)
    assert read_snapshot(store).problems == ()


def test_the_lock_is_free_right_after_a_kill(store: Path) -> None:
    for _ in range(5):
        child = _begun(store, 1)
        assert run_folder(store, "small").is_held()
        kill(child)
        assert not run_folder(store, "small").is_held()
        assert list_runs(store)[0].state == "broken"


def test_a_run_stops_when_asked_and_goes_on(store: Path) -> None:
    child = _begun(store, 0.05)
    stop_run(store, "small")
    child.join(60)
    assert child.exitcode == 130
    state = read_run(store, "small")
    assert state is None or (state.state, state.reason) == ("stopped", "stopped on request")
    run(small_job(store, shard_size=4), FakeModel)
    assert list_runs(store)[0].state == "finished"


def test_a_reader_never_stumbles_over_a_live_run(store: Path) -> None:
    child = start(answer, store, None, None, 0.05)
    done = []
    refreshes = 0
    while child.is_alive() or refreshes < 1000:
        runs, problems = read_runs(store)
        assert problems == []
        assert {state.state for state in runs} <= {"running", "finished"}
        assert read_snapshot(store).problems == () if refreshes % 50 == 0 else store_version([store])
        done += [state.done for state in runs]
        refreshes += 1
        time.sleep(0.001)
    child.join()
    assert child.exitcode == 0
    assert done == sorted(done)
    assert done[-1] == 12


@pytest.mark.parametrize("days", [365, -365])
def test_a_clock_that_jumps_changes_no_row(
    store: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    undisturbed = tmp_path_factory.mktemp("undisturbed")
    write_facts(undisturbed, facts=4)
    run(small_job(undisturbed), FakeModel)
    asked = []

    def before() -> None:
        asked.append(1)
        if len(asked) == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(small_job(store), lambda: FakeModel(before=before))
    chance, now = random.Random(days), time.time()
    for path in run_folder(store, "small").shards.iterdir():
        os.utime(path, (now + chance.uniform(-1, 1) * 3e7,) * 2)
    plain = Meter.now
    monkeypatch.setattr(Meter, "now", lambda meter: plain(meter) + timedelta(days=days))
    run(small_job(store), FakeModel)
    assert results(store) == results(undisturbed)
    (state,) = list_runs(store)
    assert (state.state, state.done) == ("finished", 12)
    assert state.rate is not None and state.rate > 0


def _watched_disk(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every sync, rename and deletion from now on, with the path it is done to."""
    events: list[tuple[str, str]] = []
    fsync, replace, unlink = os.fsync, os.replace, os.unlink

    def synced(descriptor: int) -> None:
        kind = "sync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync file"
        events.append((kind, str(Path(f"/proc/self/fd/{descriptor}").readlink())))
        fsync(descriptor)

    def renamed(source: Path, target: Path) -> None:
        events.append(("rename", str(target)))
        replace(source, target)

    def deleted(path: Path) -> None:
        events.append(("delete", str(path))) if os.path.lexists(path) else None
        unlink(path)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    monkeypatch.setattr(os, "unlink", deleted)
    return events


def _unsafe(store: Path, events: list[tuple[str, str]]) -> list[str]:
    """The shards that were not safe on the disk before the next step, or were deleted before the store held them."""
    faults = []
    shards = run_folder(store, "small").shards
    names = sorted({Path(path).name for what, path in events if what == "rename" and Path(path).parent == shards})
    committed = events.index(("rename", str(store / "manifest.json")))
    for name in names:
        place = events.index(("rename", str(shards / name)))
        around = [events[place - 1], events[place + 1]]
        if around != [("sync file", str(shards / f"{name}.tmp")), ("sync folder", str(shards))]:
            faults.append(name)
        if events.index(("delete", str(shards / name))) < committed:
            faults.append(name)
    return faults


def test_every_shard_is_safe_before_the_next_step(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = _watched_disk(monkeypatch)
    run(small_job(store), FakeModel)
    assert sum("/shards/" in path for what, path in events if what == "rename") == 6
    assert _unsafe(store, events) == []


def test_control_a_shard_without_a_sync_is_found(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def replace_file(path: Path, data: bytes) -> None:
        temporary = path.with_name(f"{path.name}.tmp")
        temporary.write_bytes(data)
        temporary.replace(path)

    events = _watched_disk(monkeypatch)
    monkeypatch.setattr(engine.runs.shards, "replace_file", replace_file)
    run(small_job(store), FakeModel)
    assert len(_unsafe(store, events)) == 6


def test_a_signal_means_again_what_it_meant_before(store: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    run(small_job(store), FakeModel)
    assert signal.getsignal(signal.SIGTERM) is before
