"""A run whose model ran out of memory: what a batch may hold is kept for the run, over stops."""

from pathlib import Path

import pytest

from engine.runs.folder import run_folder
from engine.runs.run import run
from tests.support.fake_model import FakeModel
from tests.support.small_runs import small_job, stopping, write_facts


def test_smaller_batches_are_remembered_when_the_run_goes_on(tmp_path: Path) -> None:
    write_facts(tmp_path)
    first = FakeModel(batch_tokens=1024)

    def halves_then_stops() -> None:
        if len(first.asked) == 2:
            first.batch_tokens = 512
        stop()

    stop = stopping(9, KeyboardInterrupt())  # in the third shard: two shards of two questions and two letters are safe
    first.before = halves_then_stops
    with pytest.raises(KeyboardInterrupt):
        run(small_job(tmp_path), lambda: first)
    assert run_folder(tmp_path, "small").batch_tokens.read_text() == "512"

    second = FakeModel(batch_tokens=1024)
    run(small_job(tmp_path), lambda: second)
    assert second.batch_tokens == 512


def test_a_broken_note_is_as_good_as_none(tmp_path: Path) -> None:
    write_facts(tmp_path)
    folder = run_folder(tmp_path, "small")
    folder.path.mkdir(parents=True)
    folder.batch_tokens.write_bytes(b"\xff many")
    model = FakeModel(batch_tokens=1024)
    run(small_job(tmp_path), lambda: model)
    assert model.batch_tokens == 1024
