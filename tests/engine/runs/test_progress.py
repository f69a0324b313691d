"""How far runs are, as others see it: the progress file, the lock, stopping from outside, the bar."""

import io
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from rich.console import Console

from engine.errors import IsoglossError
from engine.runs.folder import RunFolder, run_folder
from engine.runs.launchers.local import stop_run
from engine.runs.lock import locked
from engine.runs.meter import Meter
from engine.runs.progress import RunProgress, list_runs, progress_bytes, read_run, read_runs
from engine.runs.progress_bar import RunBar, pace_of
from tests.support.small_runs import small_job, write_facts

WRITING = "run small is being written"  # what is done under the lock
_BEGAN = datetime(2026, 5, 1, 12, tzinfo=UTC)
_RUN = RunProgress(
    run_id="small",
    state="running",
    reason=None,
    done=30,
    total=100,
    safe=20,
    failed=3,
    shards_done=2,
    shards_total=10,
    rate=10.0,
    eta_seconds=7.0,
    pid=os.getpid(),
    host=socket.gethostname(),
    started=_BEGAN,
    updated=_BEGAN,
    model="fake",
    dataset="capitals",
    probe="letter",
    templates=("small@1",),
    languages=("de", "en"),
    command=("run", "--model", "fake"),
)


def _put(store: Path, progress: RunProgress) -> RunFolder:
    folder = run_folder(store, progress.run_id)
    folder.path.mkdir(parents=True, exist_ok=True)
    folder.progress.write_bytes(progress_bytes(progress))
    return folder


def test_what_a_run_writes_is_what_is_read(tmp_path: Path) -> None:
    stopped = replace(_RUN, state="stopped", reason="stopped on request", rate=None, eta_seconds=None)
    _put(tmp_path, stopped)
    assert list_runs(tmp_path) == [stopped]


def test_runs_are_listed_with_the_last_started_first(tmp_path: Path) -> None:
    for hour, name in ((3, "b"), (5, "a"), (4, "c")):
        _put(tmp_path, replace(_RUN, run_id=name, state="finished", started=_BEGAN.replace(hour=hour)))
    assert [run.run_id for run in list_runs(tmp_path)] == ["a", "c", "b"]
    assert list_runs(tmp_path / "nowhere") == []


def test_a_run_that_says_running_but_holds_no_lock_was_killed(tmp_path: Path) -> None:
    folder = _put(tmp_path, _RUN)
    run = list_runs(tmp_path)[0]
    assert run.state == "broken"
    assert run.reason is not None and "killed" in run.reason
    assert (run.done, run.safe, run.rate, run.eta_seconds) == (20, 20, None, None)
    with locked(folder.lock, WRITING):
        assert list_runs(tmp_path) == [_RUN]
    assert list_runs(tmp_path)[0].state == "broken"


def test_a_stopped_run_whose_lock_is_held_is_being_taken_up_again(tmp_path: Path) -> None:
    folder = _put(tmp_path, replace(_RUN, state="stopped", reason="stopped on request", pid=99999, host="elsewhere"))
    with locked(folder.lock, WRITING) as holder:
        run = list_runs(tmp_path)[0]
    assert (run.state, run.reason, run.pid, run.host) == ("running", None, holder.pid, holder.host)


def test_a_finished_run_that_is_looked_at_again_stays_finished(tmp_path: Path) -> None:
    with locked(_put(tmp_path, replace(_RUN, state="finished")).lock, WRITING):
        assert list_runs(tmp_path)[0].state == "finished"


def test_the_second_process_is_told_who_holds_the_run(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, "small")
    with locked(folder.lock, WRITING) as holder, pytest.raises(IsoglossError) as refused, locked(folder.lock, WRITING):
        pass
    since = f"{holder.since:%Y-%m-%d %H:%M:%S} UTC"
    told = f"run small is being written by process {os.getpid()} on {socket.gethostname()} since {since}"
    assert (str(refused.value), refused.value.exit_status) == (told, 75)
    with locked(folder.lock, WRITING):  # and it is free again
        pass


def test_readers_do_not_shut_each_other_out_and_leave_the_lock_free(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, "small")
    assert not folder.is_held()  # nothing there yet
    with locked(folder.lock, WRITING):
        assert all(folder.is_held() for _ in range(100))
    assert not any(folder.is_held() for _ in range(100))


_FAULTS: dict[str, Callable[[dict[str, object]], object]] = {
    "no object": lambda stated: [stated],
    "field missing": lambda stated: {name: value for name, value in stated.items() if name != "done"},
    "unknown field": lambda stated: stated | {"more": 1},
    "unknown state": lambda stated: stated | {"state": "lost"},
    "negative": lambda stated: stated | {"done": -1},
    "text for a number": lambda stated: stated | {"total": "100"},
    "true for a number": lambda stated: stated | {"total": True},
    "number for a text": lambda stated: stated | {"model": 1},
    "text for a list": lambda stated: stated | {"templates": "small@1"},
    "everybody's process": lambda stated: stated | {"pid": 0},
    "negative rate": lambda stated: stated | {"rate": -0.5},
    "no time": lambda stated: stated | {"started": "yesterday"},
    "time of no zone": lambda stated: stated | {"updated": "2026-05-01T12:00:00"},
    "reason": lambda stated: stated | {"reason": ["x"]},
}


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_progress_file_that_no_run_wrote_is_named(tmp_path: Path, fault: str) -> None:
    folder = _put(tmp_path, _RUN)
    folder.progress.write_bytes(orjson.dumps(_FAULTS[fault](orjson.loads(progress_bytes(_RUN)))))
    _put(tmp_path, replace(_RUN, run_id="other", state="finished"))
    runs, problems = read_runs(tmp_path)
    assert [run.run_id for run in runs] == ["other"]
    assert [problem.file for problem in problems] == ["work/small/progress.json"]
    assert "is broken" in problems[0].reason
    assert read_run(tmp_path, "small") is None


def test_odd_entries_are_no_runs(tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "empty").mkdir(parents=True)
    (work / "file").write_text("x")
    (work / "-bad name").mkdir()
    (work / "link").symlink_to(tmp_path)
    (work / "folder").mkdir()
    (work / "folder" / "progress.json").mkdir()
    os.mkfifo(work / "empty" / "other")
    runs, problems = read_runs(tmp_path)
    assert runs == []
    assert [problem.file for problem in problems] == ["work/folder/progress.json"]


class _Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_rate_and_time_left_go_by_a_clock_that_never_steps_back(tmp_path: Path) -> None:
    write_facts(tmp_path)
    job, clock = small_job(tmp_path), _Clock()
    seen: list[RunProgress] = []
    folder = run_folder(tmp_path, job.run_id)
    with locked(folder.lock, WRITING) as holder:
        meter = Meter(folder, job, holder, watch=seen.append, clock=clock)
        # An hour passes while the model is loaded, then 4 of 15 answers are there from before, in two of nine shards.
        clock.seconds += 3600
        meter.begin(shards=2, answers=4, failed=1)
        clock.seconds += 2
        meter.advance(1)
        # One new answer in two seconds; ten are left.
        assert (seen[-1].done, seen[-1].safe, seen[-1].rate, seen[-1].eta_seconds) == (5, 4, 0.5, 20.0)
        clock.seconds += 2
        meter.shard_done(2, failed=2)
        # Two new answers in four seconds; nine are left.
        assert (seen[-1].done, seen[-1].safe, seen[-1].failed, seen[-1].shards_done) == (6, 6, 3, 3)
        assert (seen[-1].rate, seen[-1].eta_seconds) == (0.5, 18.0)


def test_progress_is_written_twice_a_second_at_most(tmp_path: Path) -> None:
    write_facts(tmp_path)
    job, clock = small_job(tmp_path), _Clock()
    folder = run_folder(tmp_path, job.run_id)
    with locked(folder.lock, WRITING) as holder:
        meter = Meter(folder, job, holder, clock=clock)
        meter.begin(shards=0, answers=0, failed=0)
        written = []
        for _ in range(15):  # an answer every 0.2 s, for three seconds
            clock.seconds += 0.2
            meter.advance(1)
            written.append(orjson.loads(folder.progress.read_bytes())["done"])
    # Written when 0.5 s have passed since the last time: at every third answer.
    assert written == [0, 0, 3, 3, 3, 6, 6, 6, 9, 9, 9, 12, 12, 12, 15]


def test_only_a_running_run_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    with pytest.raises(IsoglossError, match="it has not begun"):
        stop_run(tmp_path, "small")
    folder = _put(tmp_path, _RUN)
    with pytest.raises(IsoglossError, match="is not running: it is broken"):
        stop_run(tmp_path, "small")
    with locked(folder.lock, WRITING):
        stop_run(tmp_path, "small")
        assert sent == [(os.getpid(), signal.SIGTERM)]
        _put(tmp_path, replace(_RUN, host="elsewhere"))
        with pytest.raises(IsoglossError, match=f"runs on elsewhere: stop process {os.getpid()} there"):
            stop_run(tmp_path, "small")
    assert len(sent) == 1


def test_pace_in_words() -> None:
    # 7 s; 3 of the answers failed. Two hours, one minute and five seconds are 7265 s.
    assert pace_of(_RUN) == "10.0 answers/s, 0:00:07 left, 3 failed"
    assert pace_of(replace(_RUN, eta_seconds=7265.2, failed=0)) == "10.0 answers/s, 2:01:05 left"
    assert pace_of(replace(_RUN, rate=None, eta_seconds=None, failed=0)) == ""


def test_without_a_terminal_a_line_is_printed_now_and_then() -> None:
    output, clock = io.StringIO(), _Clock()
    with RunBar(Console(file=output, width=200), clock=clock) as bar:
        bar.note("[red]not markup[/red]")
        for done in (30, 40, 50):  # four seconds apart: the first at once, the next after ten seconds
            bar.show(replace(_RUN, done=done, failed=0))
            clock.seconds += 4
        bar.show(replace(_RUN, done=60, failed=0))
        bar.show(replace(_RUN, done=100, shards_done=10, state="finished", eta_seconds=None))
    assert output.getvalue().splitlines() == [
        "[red]not markup[/red]",
        "30 of 100 answers (2 of 10 shards), 10.0 answers/s, 0:00:07 left",
        "60 of 100 answers (2 of 10 shards), 10.0 answers/s, 0:00:07 left",
        "100 of 100 answers (10 of 10 shards), 10.0 answers/s, 3 failed",
    ]


def test_on_a_terminal_a_bar_is_drawn() -> None:
    output = io.StringIO()
    with RunBar(Console(file=output, width=120, force_terminal=True, color_system=None)) as bar:
        bar.show(_RUN)
    assert "30/100 10.0 answers/s, 0:00:07 left, 3 failed" in output.getvalue()
