"""Starting a run as a process of its own, one at a time, and what its log says in the end."""

import fcntl
import os
import time
from pathlib import Path
from typing import Any

import pytest

from dashboard.app_pages.runs.started_processes import Launches
from engine.errors import IsoglossError
from engine.runs.launchers import local
from engine.runs.launchers.local import command_line, last_word, start_run
from tests.support.run_progress import made_up, put


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the engine: it says its arguments, then waits for the file `go` and ends with status 3."""
    package = tmp_path / "project" / "engine"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(
        "import os, sys, time, pathlib\n"
        "print(sys.argv[1:], os.getsid(0) == os.getpid(), flush=True)\n"
        "while not pathlib.Path('go').exists(): time.sleep(0.01)\n"
        "sys.exit('error: nothing to do')\n"
    )
    monkeypatch.setattr(local, "PROJECT", package.parent)
    return package.parent


def wait_until(holds: Any) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def end(engine: Path, launches: Launches) -> None:
    """Let all of them go, and wait for their end."""
    (engine / "go").touch()
    for launch in launches.untold([]):
        launch.process.wait(30)


def test_a_run_is_a_process_of_its_own_with_a_log(engine: Path, tmp_path: Path) -> None:
    log = tmp_path / "work" / "one.log"
    process = start_run(["run", "--model", "a; touch b", "--limit", "5"], log=log)
    wait_until(lambda: log.read_text())
    assert log.read_text() == "['run', '--model', 'a; touch b', '--limit', '5'] True\n"  # a session of its own
    (engine / "go").touch()
    assert process.wait(30) == 1
    assert last_word(log) == "nothing to do"
    start_run(["run"], log=log).wait(30)
    assert log.read_text().startswith("['run', '--model'") and "['run'] True" in log.read_text()  # added, not replaced


def test_a_log_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "work").touch()
    with pytest.raises(IsoglossError, match="could not be started"):
        start_run(["run"], log=tmp_path / "work" / "one.log")


def test_the_command_line_can_be_pasted_into_a_shell() -> None:
    assert command_line(["run", "--model", "my model"]) == ".venv/bin/python -m engine run --model 'my model'"


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (b"", ""),
        (b"one\ntwo\n\n", "two"),
        (b"error: first\nerror: no such folder\nthe lock was freed\n", "no such folder"),
        (b"\xff\xfe broken", "\ufffd\ufffd broken"),
        (b"x" * 100_000 + b"\nlast\n", "last"),
    ],
)
def test_the_last_word_of_a_log(tmp_path: Path, said: bytes, word: str) -> None:
    log = tmp_path / "log.txt"
    log.write_bytes(said)
    assert last_word(log) == word


def test_a_log_that_is_gone_is_said(tmp_path: Path) -> None:
    assert "cannot be read" in last_word(tmp_path / "log.txt")


def test_one_run_at_a_time(engine: Path, tmp_path: Path) -> None:
    store, launches = tmp_path / "store", Launches()
    launches.start(["run", "a"], title="a", store=store)
    with pytest.raises(IsoglossError, match="going on already"):
        launches.start(["run", "b"], title="b", store=store)
    (launch,) = launches.untold([])
    assert launch.is_alive and launch.log.parent == store / "work"
    (engine / "go").touch()
    wait_until(lambda: not launch.is_alive)
    assert launches.untold([]) == [launch] and launch.said() == "nothing to do"
    launches.forget(launch)
    assert launches.untold([]) == []
    launches.start(["run", "b"], title="b", store=store)
    assert [launch.title for launch in launches.untold([])] == ["b"]
    end(engine, launches)


def test_a_run_started_elsewhere_counts(engine: Path, tmp_path: Path) -> None:
    held = put(tmp_path, state="running")
    put(tmp_path, run_id="far", host="another machine")
    descriptor = os.open(held.lock, os.O_RDWR | os.O_CREAT)
    try:
        killed = Launches()  # nobody holds the lock: that run was killed
        killed.start(["run"], title="a", store=tmp_path)
        end(engine, killed)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(IsoglossError, match="going on already"):
            Launches().start(["run"], title="a", store=tmp_path)
    finally:
        os.close(descriptor)


def test_a_launch_gives_way_to_the_run_that_it_became(engine: Path, tmp_path: Path) -> None:
    launches = Launches()
    launches.start(["run"], title="a", store=tmp_path)
    (launch,) = launches.untold([])
    run = made_up(pid=launch.process.pid)
    assert launches.untold([made_up(pid=launch.process.pid, host="another machine")]) == [launch]
    assert launches.untold([run]) == []
    assert launches.untold([]) == [launch]  # it still goes on
    launch.process.terminate()
    wait_until(lambda: not launch.is_alive)
    assert launch.said() == "stopped on request"
    assert launches.untold([run]) == [] and launches.untold([]) == []
