"""Small files that would unfold into huge ones: refused by name, in a child with little memory and little time."""

import functools
import io
import json
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.schema import TABLES
from engine.store.verify import BadFile, StoreProblem, read_snapshot
from engine.store.write import TableFile, write_files
from tests.faults.children import run
from tests.faults.rows import answers, parquet, plant

_MEMORY = 384 * 1024**2  # beyond what the child has mapped when it starts
_CPU_SECONDS = 20
_CELL_BYTES, _ROWS, _COLUMNS = 400_000_000, 200_000_000, 50_000


@functools.cache
def _one_cell() -> tuple[bytes, int]:
    return parquet(pa.table({"text": ["x" * _CELL_BYTES]})), 1


@functools.cache
def _one_value() -> tuple[bytes, int]:
    sink, part = io.BytesIO(), pa.table({"n": pa.array(np.full(1_000_000, 7))})
    with pq.ParquetWriter(sink, part.schema, compression="zstd") as writer:
        for _ in range(_ROWS // part.num_rows):
            writer.write_table(part, row_group_size=part.num_rows)
    return sink.getvalue(), _ROWS


def _many_columns() -> tuple[bytes, int]:
    sink = io.BytesIO()
    rows = pa.table({f"c{number}": [1] for number in range(_COLUMNS)})
    pq.write_table(rows, sink, compression="zstd", write_statistics=False, store_schema=False)
    return sink.getvalue(), 1


def _deep() -> tuple[bytes, int]:
    nested: pa.DataType = pa.int32()
    for _ in range(200):
        nested = pa.struct([pa.field("a", nested)])
    return parquet(pa.table({"a": pa.nulls(1, nested)})), 1


@functools.cache
def _one_text_again_and_again() -> tuple[bytes, int]:
    """A dictionary holds the text once; written out, 1 MB times 300,000 rows is 300 GB."""
    (row,) = answers().slice(0, 1).to_pylist()
    row |= {"text": "x" * 1_000_000, "error": ""}
    columns: list[pa.Array[Any]] = []
    fields = []
    for field in TABLES["results"].arrow:
        values = pa.array([row[field.name]], field.type)
        is_text = field.type == pa.string()
        again = pa.array(np.zeros(300_000, dtype=np.int32), pa.int32())
        columns.append(pa.DictionaryArray.from_arrays(again, values) if is_text else values.take(again))
        fields.append(pa.field(field.name, columns[-1].type, field.nullable))
    sink, schema = io.BytesIO(), pa.schema(fields)
    with pq.ParquetWriter(sink, schema, compression="zstd", store_schema=False) as writer:
        writer.write_table(pa.table(columns, schema=schema))
        writer.add_key_value_metadata(
            {key.decode(): value.decode() for key, value in TABLES["results"].arrow.metadata.items()}
        )
    return sink.getvalue(), 300_000


_BOMBS: dict[str, tuple[Callable[[], tuple[bytes, int]], str]] = {
    "one cell of 400 MB": (_one_cell, "bytes in a row group; at most"),
    "200 million rows of one value": (_one_value, "rows; at most 150,000,000"),
    "50,000 columns": (_many_columns, "states 50,000 columns; at most 64"),
    "200 levels deep": (_deep, "too deeply nested"),
    "one text, 300,000 times": (_one_text_again_and_again, "at most 268,435,456 are decoded"),
    "a footer of 4 GB": (lambda: (b"PAR1" + bytes(100) + b"\xff\xff\xff\xffPAR1", 1), "footer claims 4,294,967,295"),
}


def _with_little_memory() -> None:
    mapped = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGESIZE")
    resource.setrlimit(resource.RLIMIT_AS, (mapped + _MEMORY, mapped + _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read_all(folder: Path) -> None:
    """Read and decode the whole store; leaves the problems and the readable names in a file."""
    _with_little_memory()
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    snapshot = read_snapshot(folder)
    problems, readable = list(snapshot.problems), []
    for file in snapshot.files:
        try:
            for _ in file.batches():
                pass
            readable.append(file.entry.name)
        except BadFile as error:
            problems.append(StoreProblem(file.entry.path, str(error)))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seen = [[problem.file, problem.reason] for problem in problems]
    result = {"problems": seen, "readable": readable, "cpu": used.ru_utime + used.ru_stime, "kib": used.ru_maxrss}
    (folder / "seen").write_text(json.dumps(result), encoding="utf-8")


@pytest.mark.parametrize("name", _BOMBS)
def test_a_bomb_is_refused_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    make, reason = _BOMBS[name]
    write_files(tmp_path, [TableFile("results", "good", answers())])
    data, rows = make()
    bomb = plant(tmp_path, data, rows=rows)
    assert run(_read_all, tmp_path) == 0
    seen = json.loads((tmp_path / "seen").read_text(encoding="utf-8"))
    print(name, f"{len(data):,} bytes", seen)
    ((file, said),) = seen["problems"]
    assert file == bomb
    assert reason in said
    assert seen["readable"] == ["good"]


def _read_plainly(path: Path) -> None:
    """The planted bug: no caps. It has all the time it wants, so that only the memory can end it."""
    _with_little_memory()
    os.close(2)  # what is said when the memory is at an end is not looked at
    table = pq.read_table(path)
    table.combine_chunks().to_pandas()


@pytest.mark.parametrize("name", ["one cell of 400 MB", "200 million rows of one value", "one text, 300,000 times"])
def test_control_a_plain_reader_bursts(tmp_path: Path, name: str) -> None:
    data, rows = _BOMBS[name][0]()
    status = run(_read_plainly, tmp_path / plant(tmp_path, data, rows=rows), seconds=600)
    assert status not in (0, -signal.SIGKILL)  # killed: the 600 seconds were over
