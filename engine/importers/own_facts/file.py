"""A file of the user's own facts as cells: CSV, JSON lines or Parquet, by its extension; nothing is judged here."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from engine.errors import IsoglossError
from engine.facts.appearance import unmarked
from engine.importers.intake.fact_row import FactProblem
from engine.printable_text import printable
from engine.store.footer import PARQUET_ERRORS

_BOM = b"\xef\xbb\xbf"
# Excel's own first line: the delimiter of the others, perhaps once more for each column.
_SEPARATOR_LINE = re.compile(r'"?sep="?([^"\r\n])"?\1*[ \t]*(\r\n|\r|\n)', re.IGNORECASE)
_DELIMITERS = ",;\t"
_WORDS_OF_A_HEADER = ("dataset", "fact_id", "language", "question", "gold", "answer", "option_1")


@dataclass(frozen=True, slots=True)
class Cells:
    """A row as it stands in the file: its place, and what each column holds."""

    place: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class FactsFile:
    """The columns and rows of a file, and what of it could not be read."""

    columns: tuple[str, ...]
    rows: tuple[Cells, ...]
    problems: tuple[FactProblem, ...]
    n_empty: int = 0  # rows without anything in them
    nameless: tuple[int, ...] = ()  # columns, from 1, that hold something and have no name: not read


def read_facts_file(path: Path) -> FactsFile:
    """The cells of a file. Raises IsoglossError when there is no such file or nothing in it can be read."""
    shown = printable(str(path))
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise IsoglossError(f"{shown}: facts are read from {', '.join(_READERS)} files: rename or convert it")
    if not path.is_file():
        raise IsoglossError(f"{shown}: {'is a folder: give a file' if path.is_dir() else 'there is no such file'}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IsoglossError(f"{shown} cannot be read: {error.strerror}") from error
    try:
        if path.suffix.lower() != ".parquet" and (encoding := foreign_encoding(data)):
            raise ValueError(f"it is {encoding}: save it as UTF-8")
        return read(data)
    except PARQUET_ERRORS as error:
        raise IsoglossError(f"{shown} cannot be read: {printable(f'{error!s:.200}')}") from error


def foreign_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32, with a byte order mark or without, by the first four bytes; None: neither."""
    found = json.detect_encoding(data[:4]).upper()
    return None if found.startswith("UTF-8") else found[:6]


def _read_csv(data: bytes) -> FactsFile:
    # Bytes that are no UTF-8 become surrogates, so that each cell that holds one is named.
    text = data.removeprefix(_BOM).decode("utf-8", "surrogateescape")
    named = _SEPARATOR_LINE.match(text)
    text = text[named.end() :] if named else text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=named[1] if named else _delimiter(text), strict=True)
    columns: tuple[str, ...] = ()
    filled: set[int] = set()  # the columns without a name that hold something
    rows: list[Cells] = []
    problems: list[FactProblem] = []
    n_empty = 0
    before = 1 if named else 0  # lines that the reader does not see
    line = 1 + before
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problems.append(FactProblem(f"line {line}", f"{error}: mend the quotes; nothing after it was read"))
            break
        if cells is None:
            break
        place, line = f"line {line}", reader.line_num + before + 1
        if not any(cell.strip() for cell in cells):
            n_empty += 1
        elif not columns:
            columns = tuple(unmarked(cell).strip().lower() for cell in cells)
            n_named = max((number for number, name in enumerate(columns, start=1) if name), default=0)
        elif not n_named <= len(cells) <= len(columns):
            text = (
                f"there are {len(cells)} cells, but {len(columns)} columns: put text that holds the delimiter in quotes"
            )
            problems.append(FactProblem(place, text))
        else:
            pairs = list(zip(columns, cells, strict=False))
            rows.append(Cells(place, {name: cell for name, cell in pairs if name}))
            filled |= {number for number, (name, cell) in enumerate(pairs, start=1) if cell.strip() and not name}
    names = tuple(filter(None, columns))
    return FactsFile(names, tuple(rows), tuple(problems), n_empty, tuple(sorted(filled)))


def _delimiter(text: str) -> str:
    """The delimiter with which most of the known columns are found in the first line."""
    header = text.lstrip().partition("\n")[0].lower()
    found = {mark: {cell.strip(' "\r') for cell in header.split(mark)} for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: len(found[mark].intersection(_WORDS_OF_A_HEADER)))


def _read_json_lines(data: bytes) -> FactsFile:
    columns: dict[str, None] = {}
    rows: list[Cells] = []
    problems: list[FactProblem] = []
    n_empty = 0
    for number, line in enumerate(data.removeprefix(_BOM).splitlines(), start=1):
        if not line.strip():
            n_empty += 1
            continue
        try:
            values = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            what = _no_number(line) or f" ({error.msg}): write one object in each line"
            problems.append(FactProblem(f"line {number}", f"is not JSON{what}"))
            continue
        if not isinstance(values, dict):
            problems.append(FactProblem(f"line {number}", "is not an object: write one object in each line"))
            continue
        if twice := _given_twice(line):
            problems.append(FactProblem(f"line {number}", f'has "{printable(twice)}" twice: keep one'))
            continue
        columns.update(dict.fromkeys(values))
        rows.append(Cells(f"line {number}", values))
    return FactsFile(tuple(columns), tuple(rows), tuple(problems), n_empty)


def _no_number(line: bytes) -> str:
    """What is wrong with a line that is JSON but for NaN and the infinities, which Python's json writes; or ""."""
    found: list[str] = []
    with suppress(ValueError, RecursionError):
        json.loads(line, parse_constant=found.append)
    return f": {found[0]}; write null" if found else ""


def _given_twice(line: bytes) -> str | None:
    """A name that the object of a line has twice; readers of JSON take the last without a word."""
    objects: list[Counter[str]] = []
    with suppress(RecursionError):
        json.loads(line, object_pairs_hook=lambda pairs: objects.append(Counter(name for name, _ in pairs)))
    outermost = objects[-1] if objects else Counter()
    return next((name for name, times in outermost.items() if times > 1), None)


def _read_parquet(data: bytes) -> FactsFile:
    file = pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True)
    rows = (values for batch in file.iter_batches() for values in _decoded(batch))
    cells = tuple(Cells(f"row {number}", values) for number, values in enumerate(rows, start=1))
    return FactsFile(tuple(file.schema_arrow.names), cells, ())


def _decoded(batch: pa.RecordBatch) -> Iterator[dict[str, object]]:
    """The rows of a batch; text is decoded here, so that what is no UTF-8 can be named cell by cell."""
    columns = [_as_bytes(column).to_pylist() for column in batch.columns]
    for values in zip(*columns, strict=True):
        yield dict(zip(batch.schema.names, map(_text, values), strict=True))


def _as_bytes(column: Any) -> Any:
    """A column of text, or of lists of text, as bytes; any other as it is."""
    kind = pa.types
    if kind.is_dictionary(column.type):
        column = column.dictionary_decode()
    if kind.is_string(column.type) or kind.is_large_string(column.type) or kind.is_string_view(column.type):
        return column.cast(pa.large_binary())
    is_list = kind.is_list(column.type) or kind.is_large_list(column.type)
    if is_list and (kind.is_string(column.type.value_type) or kind.is_large_string(column.type.value_type)):
        return column.cast(pa.list_(pa.binary()))
    return column


def _text(value: object) -> object:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return [_text(part) for part in value] if isinstance(value, list) else value


_READERS: Mapping[str, Callable[[bytes], FactsFile]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".jsonl": _read_json_lines,
    ".ndjson": _read_json_lines,
    ".parquet": _read_parquet,
}
