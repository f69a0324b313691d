"""Files that are there whole or not at all: replaced without a torn moment, and read once without being fooled."""

import os
import stat
from pathlib import Path

from engine.errors import IsoglossError

_TEMPORARY = ".tmp"
_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class BadFile(IsoglossError):
    """A file that must be left out; the text is the reason, the caller knows the name."""


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` at `path` so that a crash at any moment leaves the old file or the new one. Raises OSError."""
    temporary = temporary_path(path)
    temporary.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def temporary_path(path: Path) -> Path:
    """Where `replace_file` gathers the bytes of `path`: beside it, so that the rename never crosses a disk."""
    return path.with_name(path.name + _TEMPORARY)


def sync_folder(folder: Path) -> None:
    """Make the names inside a folder durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_regular(path: Path, *, limit: int) -> bytes:
    """The bytes of a regular file of at most `limit` bytes, read once; nothing else is opened, so nothing can hang.

    Raises FileNotFoundError; BadFile for a link, a folder, a pipe, a socket, a file that is too big or unreadable.
    """
    try:
        _refuse_unless_regular(path.lstat())
        # The name may change hands between the look and the opening, hence the flags and the second look.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            _refuse_unless_regular(status)
            if status.st_size > limit:
                raise BadFile(f"is {status.st_size:,} bytes; at most {limit:,} are read")
            return file.read(status.st_size)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise BadFile(f"cannot be read: {error.strerror}") from error


def _refuse_unless_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "not a file")
        raise BadFile(f"is {kind}; only regular files are read")
