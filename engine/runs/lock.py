"""One process at a time writes a run, or fetches a model, and says who it is. Imports no torch."""

import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import filelock
import orjson

from engine.errors import IsoglossError
from engine.runs.disk import writing
from engine.store.atomic import BadFile, read_regular

# Readers hold the lock for microseconds while they look whether it is held.
_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True)
class Holder:
    """The process that holds a lock."""

    pid: int
    host: str
    since: datetime  # UTC


@contextlib.contextmanager
def locked(lock: Path, doing: str) -> Iterator[Holder]:
    """Hold a lock, its folder made if need be; `doing` is what is done under it, e.g. "run x is being written".

    Raises IsoglossError with exit status 75, saying who holds it, when another process does.
    """
    file = filelock.FileLock(lock)
    holder = Holder(os.getpid(), socket.gethostname(), datetime.now(UTC))
    with writing(lock.parent, lambda: "nothing was changed"):
        lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            file.acquire(timeout=_PATIENCE_SECONDS)
        except filelock.Timeout as error:
            raise IsoglossError(f"{doing} by {_named(read_holder(lock))}", exit_status=75) from error
    try:
        with writing(lock.parent, lambda: "nothing was changed"):
            lock.write_bytes(orjson.dumps(asdict(holder)))
        yield holder
    finally:
        file.release()


def is_held(lock: Path) -> bool:
    """Whether a process holds the lock; the kernel frees it when the process ends, however it ends."""
    try:
        descriptor = os.open(lock, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        # Shared, so that readers never shut each other out; whoever wants it in this very moment tries again.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def read_holder(lock: Path) -> Holder | None:
    """Who last took the lock; None where that cannot be read."""
    try:
        stated = orjson.loads(read_regular(lock, limit=4096))
        holder = Holder(stated["pid"], stated["host"], datetime.fromisoformat(stated["since"]))
    except (FileNotFoundError, BadFile, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
    is_sound = type(holder.pid) is int and holder.pid > 1 and isinstance(holder.host, str)
    return holder if is_sound else None


def _named(holder: Holder | None) -> str:
    if holder is None:
        return "another process"
    return f"process {holder.pid} on {holder.host} since {holder.since:%Y-%m-%d %H:%M:%S} UTC"
