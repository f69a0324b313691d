"""An import as a process of its own: started, and how far it is by what it states in a file."""

import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from rich.progress import Progress, TaskID

from engine.runs.launchers.local import start_process
from engine.store.atomic import BadFile, read_regular, replace_file

_EVERY = 0.25  # seconds between two statements
_MAX_BYTES = 4096


@dataclass(frozen=True)
class ImportProgress:
    """How many of the files that were found are read; all of them are while the store is written."""

    done: int
    total: int


def start_clika_import(source: str, store: Path, *, log: Path, progress: Path) -> "subprocess.Popen[bytes]":
    """Start the import of a CLiKA release from a folder or a git URL; what it says is added to `log`.

    Raises IsoglossError when the log cannot be written or no process can be made.
    """
    options = ("--store", str(store), "--progress", str(progress))
    return start_process(["import", "clika", *options, "--", source], log=log, what="the import")


def read_progress(file: Path) -> ImportProgress | None:
    """What an import stated last; None before it has found its files, or where that cannot be read."""
    try:
        stated = orjson.loads(read_regular(file, limit=_MAX_BYTES))
        return ImportProgress(done=int(stated["done"]), total=int(stated["total"]))
    except (FileNotFoundError, BadFile, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None


class StatedProgress(Progress):
    """A bar that is not drawn: it states in a file how far its one task is."""

    def __init__(self, file: Path) -> None:
        super().__init__(disable=True)
        self._file = file
        self._last = 0.0  # monotonic

    def advance(self, task_id: TaskID, advance: float = 1) -> None:
        """Count what was done, and state it a few times a second, and in the end. Raises OSError."""
        super().advance(task_id, advance)
        task = self.tasks[task_id]
        total = int(task.total or 0)
        if task.completed >= total or time.monotonic() > self._last + _EVERY:
            self._last = time.monotonic()
            replace_file(self._file, orjson.dumps(asdict(ImportProgress(int(task.completed), total))))
