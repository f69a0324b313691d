"""The answers of a run in parts, each a file that is there whole or not at all and whose name states its hash."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from engine.runs.job import Shard
from engine.store.atomic import BadFile, read_regular, replace_file, sync_folder
from engine.store.encode import encode
from engine.store.footer import MAX_FILE_BYTES
from engine.store.manifest import Entry
from engine.store.verify import open_verified

_NAME = re.compile(r"(?P<number>[0-9]{6,9})-(?P<sha256>[0-9a-f]{64})\.parquet(?P<unfinished>\.tmp)?", re.ASCII)

ShardFiles = Mapping[int, tuple[Path, ...]]  # by the shard's number


def shard_files(folder: Path) -> ShardFiles:
    """The files of shards that are there, not yet looked into; what a killed writer left half-written is deleted."""
    found: dict[int, tuple[Path, ...]] = defaultdict(tuple)
    for path, name in _named(folder):
        if name["unfinished"]:
            path.unlink()
        else:
            found[int(name["number"])] += (path,)
    return found


def write_shard(folder: Path, shard: Shard, rows: pa.Table) -> Path:
    """Save the answers of a shard. Raises OSError."""
    data = encode("results", rows)
    if not folder.is_dir():
        folder.mkdir()
        sync_folder(folder.parent)
    path = folder / f"{shard.number:06d}-{hashlib.sha256(data).hexdigest()}.parquet"
    replace_file(path, data)
    return path


def read_shard(path: Path, shard: Shard) -> pa.Table:
    """The answers of a shard. Raises BadFile for anything but what was written for this shard."""
    name = _NAME.fullmatch(path.name)
    assert name is not None
    data = read_regular(path, limit=MAX_FILE_BYTES)
    entry = Entry(path.name, "results", f"{shard.number}", name["sha256"], bytes=len(data), rows=len(shard.questions))
    rows = open_verified(data, entry).rows()
    wanted = {(question.language, question.fact_id, shard.probe.template) for question in shard.questions}
    columns = [rows.column(column).to_pylist() for column in ("language", "fact_id", "template")]
    if set(zip(*columns, strict=True)) != wanted:
        raise BadFile("holds the answers to other questions")
    return rows


def delete_shards(folder: Path) -> None:
    """Delete the files of all shards, and the folder if nothing else lies in it. Raises OSError."""
    for path, _ in _named(folder):
        path.unlink()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _named(folder: Path) -> Iterator[tuple[Path, re.Match[str]]]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if name := _NAME.fullmatch(path.name):
            yield path, name
