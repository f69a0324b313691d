"""Writing to a store: all files of a commit or none, whatever happens meanwhile."""

import contextlib
import errno
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import filelock
import orjson
import pyarrow as pa

from engine.errors import IsoglossError
from engine.schema import TABLES, TableName
from engine.store.atomic import BadFile, read_regular, replace_file, sync_folder, temporary_path
from engine.store.breach import possible_batches
from engine.store.encode import encode
from engine.store.manifest import (
    FOLDERS,
    MANIFEST,
    UNFINISHED,
    Entry,
    file_path,
    is_valid_name,
    manifest_of,
    read_manifest,
    unfinished_paths,
)
from engine.store.verify import open_verified

LOCK = ".lock"
_LOCK_SECONDS = 5.0  # a commit takes well under a second
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class TableFile:
    """The rows of one file of a store: (table, name) is replaced whole."""

    table: TableName
    name: str
    rows: pa.Table


@dataclass(frozen=True)
class WriteReport:
    """What a commit did, by paths inside the store."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


def write_files(folder: Path, files: Sequence[TableFile]) -> WriteReport:
    """Put files into a store, made if need be, in one commit; the same rows a second time change nothing.

    Raises IsoglossError for rows or names that do not fit; with exit status 74 when the disk is full and 75 when
    somebody else is writing. The store is then as it was.
    """
    encoded = _encode_all(files)
    try:
        with _locked(folder):
            return _commit(folder, encoded)
    except OSError as error:
        raise _explained(folder, error) from error


def _encode_all(files: Sequence[TableFile]) -> dict[Entry, bytes]:
    """The bytes of each file, read back once: nothing is written that would be refused when it is read."""
    encoded: dict[Entry, bytes] = {}
    for file in files:
        if file.table not in TABLES:
            raise IsoglossError(f"unknown table {file.table!r}; tables: {', '.join(TABLES)}")
        if not is_valid_name(file.name):
            allowed = "letters, digits, '.', '_' and '-', at most 64, the first a letter or a digit, no '..'"
            raise IsoglossError(f"{file.name!r} cannot be the name of a file of {file.table}; allowed: {allowed}")
        if any((entry.table, entry.name) == (file.table, file.name) for entry in encoded):
            raise IsoglossError(f"{file.table} {file.name!r} is given twice")
        try:
            data = encode(file.table, file.rows)
            sha256 = hashlib.sha256(data).hexdigest()
            path = file_path(file.table, file.name, sha256)
            entry = Entry(path, file.table, file.name, sha256, bytes=len(data), rows=file.rows.num_rows)
            for _ in possible_batches(open_verified(data, entry)):
                pass
        except IsoglossError as error:
            raise IsoglossError(f"{file.table} {file.name!r}: {error}") from error
        encoded[entry] = data
    return encoded


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=_LOCK_SECONDS)
    except filelock.Timeout as error:
        raise IsoglossError(
            f"{folder} is being written by another process, which holds {folder / LOCK}; wait for it, then try again",
            exit_status=75,
        ) from error
    try:
        yield
    finally:
        lock.release()


def _commit(folder: Path, encoded: dict[Entry, bytes]) -> WriteReport:
    """New files first, then the manifest that names them; what no manifest names is cleared away at either end."""
    before = read_manifest(folder)
    _clear_unfinished(folder, before)
    replaced = {(entry.table, entry.name) for entry in encoded}
    after = [entry for entry in before if (entry.table, entry.name) not in replaced] + list(encoded)
    written = [entry.path for entry in encoded if entry not in before or not _holds(folder, entry)]
    removed = sorted({entry.path for entry in before} - {entry.path for entry in after})
    if written or removed:
        try:
            replace_file(folder / UNFINISHED, orjson.dumps(sorted([*written, *removed])))
            for entry, data in encoded.items():
                if entry.path in written:
                    _make_folder(folder / FOLDERS[entry.table])
                    replace_file(folder / entry.path, data)
            replace_file(folder / MANIFEST, manifest_of(after))
        finally:
            _clear_unfinished(folder, read_manifest(folder))
    unchanged = sorted(entry.path for entry in encoded if entry.path not in written)
    return WriteReport(tuple(sorted(written)), tuple(unchanged), tuple(removed))


def _holds(folder: Path, entry: Entry) -> bool:
    """Whether the file is there as the manifest says; writing it again mends one that is not."""
    try:
        return hashlib.sha256(read_regular(folder / entry.path, limit=entry.bytes)).hexdigest() == entry.sha256
    except (FileNotFoundError, BadFile):
        return False


def _make_folder(folder: Path) -> None:
    if folder.is_symlink():
        raise IsoglossError(f"{folder} is a symbolic link; nothing is written through it: put a folder there")
    if not folder.is_dir():
        folder.mkdir()
        sync_folder(folder.parent)


def _clear_unfinished(folder: Path, entries: Sequence[Entry]) -> None:
    """Delete what a commit left: the files it noted down that the manifest does not name. Nobody else's files.

    What cannot be deleted now stays noted down for the next commit.
    """
    named = {entry.path for entry in entries}
    with contextlib.suppress(OSError):
        for path in sorted(unfinished_paths(folder)):
            if (folder / path).parent.is_symlink():
                continue
            temporary_path(folder / path).unlink(missing_ok=True)
            if path not in named:
                (folder / path).unlink(missing_ok=True)
        for name in (MANIFEST, UNFINISHED):
            temporary_path(folder / name).unlink(missing_ok=True)
        (folder / UNFINISHED).unlink(missing_ok=True)


def _explained(folder: Path, error: OSError) -> IsoglossError:
    intact = "nothing in the store is half-written"
    if error.errno in _FULL:
        reason = f"no room to write in {folder} ({error.strerror}); {intact}: free some space, then try again"
        return IsoglossError(reason, exit_status=74)
    where = error.filename or folder
    return IsoglossError(f"cannot write {where} ({error.strerror}); {intact}: check the rights, then try again")
