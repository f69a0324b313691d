"""A run whose disk is full or not ours to write on: one clear error, and a run that goes on to the same results."""

import errno
import itertools
import os
import resource
import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from engine.errors import IsoglossError
from engine.runs.folder import run_folder
from engine.runs.job import Shard
from engine.runs.progress import read_run
from engine.runs.run import run
from engine.runs.shards import write_shard
from tests.faults.children import run as run_child
from tests.faults.kills import results
from tests.faults.running import answer
from tests.faults.steps import before_each_step
from tests.support.fake_model import FakeModel
from tests.support.small_runs import small_job, write_facts


def _fault(store: Path, step: int, code: int) -> tuple[bool, IsoglossError | None]:
    """Do the small job with the disk full from one step on: whether the step was reached, and the error, if any."""
    reached = False

    def fail(number: int) -> None:
        nonlocal reached
        if number >= step:
            reached = True
            raise OSError(code, os.strerror(code))

    with pytest.MonkeyPatch.context() as patched:
        before_each_step(fail, patched.setattr)
        try:
            run(small_job(store, shard_size=4), FakeModel)
        except IsoglossError as error:
            return reached, error
    return reached, None


def test_no_room_from_any_step_on(tmp_path: Path) -> None:
    undisturbed = tmp_path / "0"
    write_facts(undisturbed, facts=1)
    shutil.copytree(undisturbed, tmp_path / "store")
    run(small_job(undisturbed, shard_size=4), FakeModel)
    refused = 0
    for step in itertools.count(1):
        store = tmp_path / str(step)
        shutil.copytree(tmp_path / "store", store)
        code = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)[step % 3]
        reached, error = _fault(store, step, code)
        if not reached:
            break
        assert error is not None, step
        refused += 1
        assert error.exit_status == 74
        assert str(error).startswith(f"disk full at {run_folder(store, 'small').path}")
        assert "free space, then run the same command again" in str(error)
        run(small_job(store, shard_size=4), FakeModel)
        assert results(store) == results(undisturbed)
        left = {path.name for path in run_folder(store, "small").path.iterdir()}
        assert left == {"plan.json", "progress.json", ".lock"}
    assert refused >= 48  # as many crash points as there are at least, see test_run_kills.py


def test_the_message_says_what_is_safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_facts(tmp_path, facts=2)
    written = 0

    def fill_up(folder: Path, shard: Shard, rows: pa.Table) -> Path:
        nonlocal written
        written += 1
        if written == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write_shard(folder, shard, rows)

    monkeypatch.setattr("engine.runs.run.write_shard", fill_up)
    with pytest.raises(IsoglossError, match="No space left on device.*; 2 of 3 shards are safe: free space") as full:
        run(small_job(tmp_path), FakeModel)
    assert full.value.exit_status == 74
    broken = read_run(tmp_path, "small")
    assert broken is not None
    assert (broken.state, broken.safe, broken.reason) == ("broken", 4, str(full.value))


def test_a_folder_that_is_not_ours_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_facts(tmp_path, facts=2)

    def refuse(folder: Path, *_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder / "x"))

    monkeypatch.setattr("engine.runs.run.write_shard", refuse)
    with pytest.raises(
        IsoglossError, match="cannot write .*/shards/x .*0 of 3 shards are safe: check the rights"
    ) as bad:
        run(small_job(tmp_path), FakeModel)
    assert bad.value.exit_status == 1


def _answer_with_little_room(store: Path, room: int) -> None:
    """Do the small job where no file may have more bytes. (Python ignores SIGXFSZ: the write fails.)"""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    answer(store, None, None, seconds=0)


def test_files_that_outgrow_the_room(tmp_path: Path) -> None:
    undisturbed = tmp_path / "undisturbed"
    write_facts(undisturbed, facts=40)
    store = tmp_path / "store"
    shutil.copytree(undisturbed, store)
    run(small_job(undisturbed, shard_size=4), FakeModel)
    sizes = {room: run_child(_answer_with_little_room, store, room) for room in (300, 700, 3000, 7000, 20_000)}
    # No room for the progress (some 600 bytes), the plan (800), a shard (5,300), the results (9,500); then enough.
    assert sizes == {300: 74, 700: 74, 3000: 74, 7000: 74, 20_000: 0}
    assert results(store) == results(undisturbed)
    assert not run_folder(store, "small").shards.exists()
