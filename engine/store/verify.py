"""Reading a store without trusting it: every file is checked whole before a value of it is used."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.schema import TABLES, TableName
from engine.store.atomic import BadFile, read_regular
from engine.store.footer import MAX_FILE_BYTES, PARQUET_ERRORS, open_parquet, schema_version
from engine.store.manifest import MANIFEST, Entry, manifest_bytes, parse_manifest, unnamed_files
from engine.store.older_versions import has_former_terms, in_todays_terms, speaks_formerly

__all__ = ["BadFile", "Snapshot", "StoreProblem", "VerifiedFile", "open_verified", "read_snapshot", "store_version"]

_BATCH_ROWS = 16_384
# 16 KiB a row: a model's answer is at most a few. Cheap to store, a repeated long text is dear to decode.
MAX_BATCH_BYTES = 256 * 1024**2
# Each try reads only what the last one lacked, so a writer would have to commit at this very moment 20 times.
_TRIES = 20
_NAMED_AT_MOST = 5


@dataclass(frozen=True)
class StoreProblem:
    """What was left out, and why, in words that a user understands."""

    file: str
    reason: str


@dataclass(frozen=True)
class VerifiedFile:
    """A file whose bytes, held in memory, are those of the manifest, and whose footer is as it must be."""

    entry: Entry
    parquet: pq.ParquetFile

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows in their order, in exactly the schema's types, all columns or the named ones in that order.

        Raises BadFile for data that cannot be decoded, that decode to something else or to too much.
        """
        schema = TABLES[self.entry.table].arrow.remove_metadata()
        if columns is not None:
            schema = pa.schema([schema.field(name) for name in columns])
        version = schema_version(self.parquet)
        written = TABLES[self.entry.table].arrow_of(version).names
        stored = [name for name in schema.names if name in written]
        is_former = has_former_terms(self.entry.table, version)
        rows = 0
        try:
            # One thread: as fast for files of this size, and each thread more keeps memory of its own.
            for batch in self._stored(stored):
                rows += batch.num_rows
                batch = in_todays_terms(batch) if is_former else batch
                yield _decoded(_with_younger(batch, schema), schema)
        except PARQUET_ERRORS as error:
            raise BadFile(f"its data cannot be decoded: {str(error):.200}") from error
        if rows != self.entry.rows:
            raise BadFile(f"{rows:,} rows could be decoded, the manifest says {self.entry.rows:,}")

    def rows(self, columns: Sequence[str] | None = None) -> pa.Table:
        """All rows as one table, which must fit into memory; raises BadFile as `batches` does."""
        schema = TABLES[self.entry.table].arrow.remove_metadata()
        wanted = schema if columns is None else pa.schema([schema.field(name) for name in columns])
        return pa.Table.from_batches(self.batches(columns), wanted)

    def _stored(self, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Batches as they are stored. Group by group: pyarrow cannot join lists of text across two groups."""
        for group in range(self.parquet.num_row_groups):
            yield from self.parquet.iter_batches(_BATCH_ROWS, row_groups=[group], columns=columns, use_threads=False)

    def holds(self, column: str) -> bool:
        """Whether any row has a value in a column. Raises BadFile as `batches` does."""
        if column not in self.parquet.schema_arrow.names:  # younger than the file
            return False
        return any(batch.column(0).null_count < batch.num_rows for batch in self.batches([column]))

    def is_outdated(self) -> bool:
        """Whether the file holds terms of an older version of the schema: it would be written in others today."""
        version = schema_version(self.parquet)
        return has_former_terms(self.entry.table, version) and any(map(speaks_formerly, self._stored(["probe"])))


@dataclass(frozen=True)
class Snapshot:
    """A store as one commit left it: the files that hold, and what had to be left out."""

    files: tuple[VerifiedFile, ...]
    problems: tuple[StoreProblem, ...]
    left_out: frozenset[TableName] = frozenset()  # the tables of which a file that the manifest names is missing here


def read_snapshot(folder: Path) -> Snapshot:
    """Everything in a store that can be trusted; an empty snapshot where there is no store. Raises nothing.

    A commit that happens meanwhile is noticed: the snapshot is the old state or the new one, never a mixture.
    """
    verified: dict[Entry, VerifiedFile] = {}
    for _ in range(_TRIES):
        before = _stamp(folder / MANIFEST)
        snapshot = _read_once(folder, verified)
        if not snapshot.problems or _stamp(folder / MANIFEST) == before:
            break
    return snapshot


def store_version(folders: Sequence[Path]) -> str:
    """A hash that changes whenever `read_snapshot` might see something else; reads no data, some 0.2 ms a folder."""
    digest = hashlib.sha256()
    for folder in folders:
        try:
            raw = manifest_bytes(folder)
            entries = parse_manifest(raw)
        except BadFile as error:
            raw, entries = str(error).encode(), ()
        stamps = [(entry.path, _stamp(folder / entry.path)) for entry in entries]
        digest.update(repr((str(folder), raw, stamps, unnamed_files(folder, entries))).encode())
    return digest.hexdigest()


def open_verified(data: bytes, entry: Entry) -> VerifiedFile:
    """Check the bytes of a file against its entry. Raises BadFile with the reason."""
    if len(data) != entry.bytes:
        raise BadFile(f"has {len(data):,} bytes, the manifest says {entry.bytes:,}")
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        raise BadFile("is damaged: its content does not have the hash that the manifest states")
    return VerifiedFile(entry, open_parquet(data, entry))


def _read_once(folder: Path, verified: dict[Entry, VerifiedFile]) -> Snapshot:
    """One try; `verified` keeps what held, for the next: an entry states the hash, so it can only mean these bytes."""
    try:
        entries = parse_manifest(manifest_bytes(folder))
    except BadFile as error:
        return Snapshot((), (StoreProblem(f"{folder.name}/{MANIFEST}", f"{error}; nothing of this store was read"),))
    problems = []
    for entry in entries:
        if entry in verified:
            continue
        try:
            if (folder / entry.path).parent.is_symlink():
                raise BadFile("lies behind a symbolic link; only regular files are read")
            verified[entry] = open_verified(read_regular(folder / entry.path, limit=MAX_FILE_BYTES), entry)
        except FileNotFoundError:
            problems.append(StoreProblem(entry.path, "is missing, although the manifest names it"))
        except BadFile as error:
            problems.append(StoreProblem(entry.path, str(error)))
    problems += _unnamed(unnamed_files(folder, entries))
    return Snapshot(
        tuple(verified[entry] for entry in entries if entry in verified),
        tuple(problems),
        frozenset(entry.table for entry in entries if entry not in verified),
    )


def _unnamed(paths: Sequence[str]) -> list[StoreProblem]:
    reason = "is not named in the manifest, so it was not read; import what it holds, or move it away"
    # A name on disk need not be text.
    problems = [StoreProblem(os.fsencode(path).decode(errors="replace"), reason) for path in paths[:_NAMED_AT_MOST]]
    if further := paths[_NAMED_AT_MOST:]:
        problems.append(StoreProblem(f"{len(further)} further files", reason))
    return problems


def _stamp(path: Path) -> tuple[int, ...] | None:
    """What tells one state of a file from another without reading it; None where there is none."""
    try:
        status = path.lstat()
    except OSError:
        return None
    # The time of the last change of the inode is there as well, for rights that were changed and times set back.
    return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _with_younger(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with the columns that are younger than its file: nothing is known there."""
    for field in schema:
        if field.name not in batch.schema.names:
            batch = batch.append_column(field, pa.nulls(batch.num_rows, field.type))
    return batch


def _decoded(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Turn dictionaries into plain text, having measured what that takes; anything but the schema is refused."""
    needed = sum(decoded_bytes(column) for column in batch.columns)
    if needed > MAX_BATCH_BYTES:
        raise BadFile(f"{batch.num_rows:,} of its rows need {needed:,} bytes; at most {MAX_BATCH_BYTES:,} are decoded")
    decoded = batch.select(schema.names).cast(schema)
    decoded.validate(full=True)
    return decoded


def decoded_bytes(array: Any) -> int:
    """Bytes of the values of an Arrow array, written out in full: what they say, however the array holds them."""
    if pa.types.is_list(array.type):
        return decoded_bytes(array.flatten())
    if pa.types.is_dictionary(array.type):
        return int(pc.sum(pc.binary_length(array.dictionary).take(array.indices)).as_py() or 0)
    if pa.types.is_string(array.type):
        return int(pc.sum(pc.binary_length(array)).as_py() or 0)
    return len(array) * -(-int(array.type.bit_width) // 8)
