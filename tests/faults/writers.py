"""What a child process does to a store until it is killed. (No pytest here: a child would import it each time.)"""

import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import engine.store.write
from engine.store.manifest import UNFINISHED
from engine.store.write import write_files
from tests.faults.rows import both
from tests.faults.steps import before_each_step, manifest_first


def write_until(folder: Path, last_step: int, bug: bool) -> None:
    """Write run "new" and be killed before step `last_step`."""

    def die(step: int) -> None:
        if step == last_step:
            os.kill(os.getpid(), signal.SIGKILL)

    if bug:
        manifest_first(setattr)
    before_each_step(die, setattr)
    write_files(folder, both("new"))


def write_for_ever(folder: Path, progress: Connection, bug: bool) -> None:
    """Write run "old" and run "new" in turn, and say so whenever a commit begins."""
    if bug:
        manifest_first(setattr)
    plain = engine.store.write.replace_file  # type: ignore[attr-defined]

    def announced(path: Path, data: bytes) -> None:
        if path.name == UNFINISHED:
            progress.send_bytes(b".")
        plain(path, data)

    engine.store.write.replace_file = announced  # type: ignore[attr-defined]
    for number in range(1_000_000):
        write_files(folder, both(("new", "old")[number % 2]))
