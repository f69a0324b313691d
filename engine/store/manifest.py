"""The manifest: which files a store consists of, and what each must contain."""

import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import orjson

from engine.errors import IsoglossError
from engine.schema import TABLES, TableName
from engine.store.atomic import BadFile, read_regular

MANIFEST = "manifest.json"
# What a commit is about to make and to delete. A commit that was killed leaves it behind, and the next one tidies up.
UNFINISHED = ".unfinished.json"
# The folder of each table inside a store.
FOLDERS: Mapping[TableName, str] = {
    name: "published" if name.startswith("published_") or name in ("models", "datasets") else name for name in TABLES
}
# 16 MiB: some 60,000 files of 260 bytes each; a store has dozens.
_MAX_MANIFEST_BYTES = 16 * 1024 * 1024
_FORMAT = "isogloss-store"
_VERSION = 1  # of the manifest; each file states that of its table
_NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PLACES = sorted(set(FOLDERS.values()))
_OWN_PATH = re.compile(rf"({'|'.join(_PLACES)})/({_NAME.pattern})-[0-9a-f]{{12}}\.parquet", re.ASCII)


@dataclass(frozen=True)
class Entry:
    """A file of a store: where it lies, whose rows it holds, its hash, its size in bytes and its rows."""

    path: str
    table: TableName
    name: str
    sha256: str
    bytes: int
    rows: int


_FIELDS = tuple(field.name for field in fields(Entry))


def file_path(table: TableName, name: str, sha256: str) -> str:
    """Where a file lies inside its store: its name follows from its content, so it never changes."""
    return f"{FOLDERS[table]}/{name}-{sha256[:12]}.parquet"


def is_valid_name(name: str) -> bool:
    """Whether a name may become part of a file's name: letters, digits, `.`, `_`, `-`; at most 64; no `..`."""
    return _NAME.fullmatch(name) is not None


def read_manifest(folder: Path) -> tuple[Entry, ...]:
    """The files that a store names; () where there is no store. Raises IsoglossError for a broken manifest."""
    try:
        return parse_manifest(manifest_bytes(folder))
    except BadFile as error:
        raise IsoglossError(
            f"{folder / MANIFEST} {error}; put a copy back, or import again into a new folder"
        ) from error


def manifest_bytes(folder: Path) -> bytes:
    """The manifest as it stands; empty where there is none. Raises BadFile."""
    try:
        return read_regular(folder / MANIFEST, limit=_MAX_MANIFEST_BYTES)
    except FileNotFoundError:
        return b""


def parse_manifest(raw: bytes) -> tuple[Entry, ...]:
    """The files named in a manifest. Raises BadFile when anything in it is not as a writer would have put it."""
    if not raw:
        return ()
    try:
        manifest = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadFile(f"is broken: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise BadFile(f'is not the manifest of a store: "format" must be "{_FORMAT}"')
    version = manifest.get("schema_version")
    if type(version) is not int or version < 1:
        raise BadFile('is broken: "schema_version" must be a whole number from 1')
    if version > _VERSION:
        raise BadFile("was made by a newer version of Isogloss: update it")
    files = manifest.get("files")
    if not isinstance(files, list):
        raise BadFile('is broken: "files" must be a list')
    entries = tuple(_entry(file, number) for number, file in enumerate(files, start=1))
    if len({(entry.table, entry.name) for entry in entries}) < len(entries):
        raise BadFile("is broken: it names a file twice")
    return entries


def manifest_of(entries: Sequence[Entry]) -> bytes:
    """The bytes of a manifest that names these files."""
    files = [asdict(entry) for entry in sorted(entries, key=lambda entry: entry.path)]
    manifest = {"format": _FORMAT, "schema_version": _VERSION, "files": files}
    return orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def unfinished_paths(folder: Path) -> set[str]:
    """The files that a commit, running or killed, was about to make or to delete; only such names as a writer gives."""
    try:
        paths = orjson.loads(read_regular(folder / UNFINISHED, limit=_MAX_MANIFEST_BYTES))
    except (FileNotFoundError, BadFile, orjson.JSONDecodeError):
        return set()
    listed = paths if isinstance(paths, list) else []
    return {path for path in listed if isinstance(path, str) and _OWN_PATH.fullmatch(path)}


def unnamed_files(folder: Path, entries: Sequence[Entry]) -> list[str]:
    """Parquet files in the tables' folders that the manifest does not name and no commit is busy with; sorted."""
    named = {entry.path for entry in entries}
    busy = unfinished_paths(folder)
    found = {f"{place}/{name}" for place in _PLACES for name in _names(folder / place)}
    # Asked before and after: a commit that begins or ends in between is seen on one side at least.
    return sorted(found - named - busy - unfinished_paths(folder))


def _names(folder: Path) -> list[str]:
    try:
        if stat.S_ISDIR(folder.lstat().st_mode):
            return [name for name in os.listdir(folder) if name.endswith(".parquet")]  # noqa: PTH208 - names only
    except OSError:  # not there, or not ours to list; what the manifest names in it is reported file by file
        return []
    return []


def _entry(file: object, number: int) -> Entry:
    """One file of the manifest. The path must follow from the rest, so it can never lead out of the store."""
    if not isinstance(file, dict) or set(file) != set(_FIELDS):
        raise BadFile(f"is broken: file {number} must have exactly the fields {', '.join(_FIELDS)}")
    for name in _FIELDS:
        if type(file[name]) is not (int if name in ("bytes", "rows") else str):
            raise BadFile(f'is broken: "{name}" of file {number} has the wrong type')
    entry = Entry(**file)
    if entry.table not in TABLES:
        raise BadFile(f"is broken: file {number} is of the unknown table {entry.table!r}; tables: {', '.join(TABLES)}")
    if not is_valid_name(entry.name) or not _SHA256.fullmatch(entry.sha256):
        raise BadFile(f"is broken: the name or the hash of file {number} is not one that Isogloss writes")
    if entry.path != file_path(entry.table, entry.name, entry.sha256):
        raise BadFile(f"is broken: the path of file {number} does not follow from its table, name and hash")
    if entry.bytes < 0 or entry.rows < 0:
        raise BadFile(f"is broken: the size of file {number} is negative")
    return entry
