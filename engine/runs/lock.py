"""One process at a time writes a run, and says who it is. Imports no torch."""

import contextlib
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import filelock
import orjson

from engine.errors import IsoglossError
from engine.runs.disk import writing
from engine.runs.folder import RunFolder
from engine.store.atomic import BadFile, read_regular

# Readers hold the lock for microseconds while they look whether it is held.
_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True)
class Holder:
    """The process that writes a run."""

    pid: int
    host: str
    since: datetime  # UTC


@contextlib.contextmanager
def locked(folder: RunFolder) -> Iterator[Holder]:
    """Hold a run's lock. Raises IsoglossError with exit status 75, saying who holds it, when another process does."""
    lock = filelock.FileLock(folder.lock)
    holder = Holder(os.getpid(), socket.gethostname(), datetime.now(UTC))
    with writing(folder.path, lambda: "nothing was changed"):
        folder.path.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=_PATIENCE_SECONDS)
        except filelock.Timeout as error:
            by = _named(read_holder(folder))
            raise IsoglossError(f"run {folder.run_id} is being written by {by}", exit_status=75) from error
    try:
        with writing(folder.path, lambda: "nothing was changed"):
            folder.lock.write_bytes(orjson.dumps(asdict(holder)))
        yield holder
    finally:
        lock.release()


def read_holder(folder: RunFolder) -> Holder | None:
    """Who last took the lock; None where that cannot be read."""
    try:
        stated = orjson.loads(read_regular(folder.lock, limit=4096))
        holder = Holder(stated["pid"], stated["host"], datetime.fromisoformat(stated["since"]))
    except (FileNotFoundError, BadFile, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
    is_sound = type(holder.pid) is int and holder.pid > 1 and isinstance(holder.host, str)
    return holder if is_sound else None


def _named(holder: Holder | None) -> str:
    if holder is None:
        return "another process"
    return f"process {holder.pid} on {holder.host} since {holder.since:%Y-%m-%d %H:%M:%S} UTC"
