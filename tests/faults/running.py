"""What a child process does to a run until it is killed. (No pytest here: a child would import it each time.)"""

import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

import engine.runs.run
from engine.errors import IsoglossError
from engine.models.interface import Model
from engine.runs.job import Job, Shard
from engine.runs.progress import RunProgress
from engine.runs.run import run
from engine.store.encode import encode
from tests.faults.steps import before_each_step
from tests.support.fake_model import FakeModel
from tests.support.small_runs import small_job

Load = Callable[[], Model]
Bug = Literal["torn shards"] | None
Patch = Callable[[object, str, object], None]


def unhurried(seconds: float) -> Load:
    """Loads a model that takes so long for each text."""
    return lambda: FakeModel(before=lambda: time.sleep(seconds))


def torn_shards(patch: Patch) -> None:
    """The planted bug: a shard is half there for a while, and whoever finds it trusts it."""

    def write_shard(folder: Path, shard: Shard, rows: pa.Table) -> None:
        folder.mkdir(exist_ok=True)
        path = folder / f"{shard.number:06d}-{'0' * 64}.parquet"
        for end in (rows.num_rows // 2, rows.num_rows):
            path.write_bytes(encode("results", rows.slice(0, end)))
            time.sleep(0.02)

    def read_shard(path: Path, shard: Shard) -> pa.Table:
        return pq.read_table(pa.BufferReader(path.read_bytes()))

    patch(engine.runs.run, "write_shard", write_shard)
    patch(engine.runs.run, "read_shard", read_shard)


def answer(store: Path, progress: Connection | None, bug: Bug, seconds: float = 0.001) -> None:
    """Do the small job, and say so at every step; exits with the error's status."""
    finish(small_job(store, shard_size=4), unhurried(seconds), progress, bug)


def answer_with(model: Path, dtype: str, store: Path, progress: Connection | None, bug: Bug) -> None:
    """Do the small job with a model of transformers."""
    finish(small_job(store, shard_size=4), partial(load_small, model, dtype), progress, bug)


def load_small(model: Path, dtype: str) -> Model:
    """Load a model of transformers, with one thread, as a child must."""
    import torch

    from engine.models.registry import open_model
    from engine.models.settings import OpenSettings

    torch.set_num_threads(1)
    return open_model(str(model), OpenSettings(dtype=dtype, device="cpu"))


def finish(job: Job, load: Load, progress: Connection | None, bug: Bug) -> None:
    """Do a job to its end; exits with the error's status, 130 when it is stopped."""

    def watch(state: RunProgress) -> None:
        if progress is not None and state.done:
            progress.send_bytes(b".")

    if bug:
        torn_shards(setattr)
    try:
        run(job, load, watch=watch)
    except IsoglossError as error:
        print(error, file=sys.stderr, flush=True)
        os._exit(error.exit_status)
    except KeyboardInterrupt:
        os._exit(130)
    except pa.ArrowException:  # what the planted bug leads to
        os._exit(1)


def answer_until(store: Path, last_step: int, bug: Bug) -> None:
    """Do the small job and be killed before step `last_step`."""

    def die(step: int) -> None:
        if step == last_step:
            os.kill(os.getpid(), signal.SIGKILL)

    before_each_step(die, setattr)
    answer(store, None, bug, seconds=0)
