"""From rows to the bytes of a parquet file: exact types, sorted, and the same bytes for the same rows."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from engine.errors import IsoglossError
from engine.schema import TABLES, TableName
from engine.store.verify import decoded_bytes

_GROUP_ROWS = 1_000_000
_GROUP_BYTES = 64 * 1024**2  # a quarter of what a reader accepts
# What is asked for together lies together. Other tables are sorted by their key.
_ORDER: dict[TableName, tuple[str, ...]] = {
    "results": ("dataset", "model", "template", "language", "fact_id", "run_id")
}
_MAX_DIGITS = 18  # a longer number is an identifier, not a count; and Python refuses to read very long ones


def encode(table: TableName, rows: pa.Table) -> bytes:
    """The parquet file of these rows, in the table's order.

    Raises IsoglossError for a column that is missing, unknown, of another kind or without a value that it must have,
    for values that do not fit their type, and for two rows with the same key.
    """
    _check_names(rows.column_names, TABLES[table].arrow.names)
    schema = TABLES[table].arrow_of(_oldest_version(table, rows))
    rows = rows.select(schema.names).unify_dictionaries()
    for field in schema:
        _check_column(rows.column(field.name), field)
    order = _sorted(rows, table)
    sink = io.BytesIO()
    with pq.ParquetWriter(
        sink, schema, compression="zstd", use_dictionary=True, write_statistics=False, write_page_checksum=True
    ) as writer:
        for start in range(0, rows.num_rows, _GROUP_ROWS):
            for group in _groups(_typed(rows.take(order[start : start + _GROUP_ROWS]), schema)):
                writer.write_table(group, row_group_size=_GROUP_ROWS)
    return sink.getvalue()


def _oldest_version(table: TableName, rows: pa.Table) -> int:
    """The first version of the schema that holds all that these rows say: the same rows stay the same bytes."""
    needed = {1}
    for column in TABLES[table].columns:
        if column.since == column.nullable_since == 1:
            continue
        n_missing = _null_count(rows.column(column.name))
        if n_missing < rows.num_rows:
            needed.add(column.since)
        if n_missing:
            needed.add(column.nullable_since)
    return max(needed)


def _check_names(names: list[str], wanted: list[str]) -> None:
    if missing := [name for name in wanted if name not in names]:
        raise IsoglossError(f"missing columns: {', '.join(missing)}; the table has {', '.join(wanted)}")
    if unknown := [name for name in names if name not in wanted]:
        raise IsoglossError(f"unknown columns: {', '.join(unknown)}; the table has {', '.join(wanted)}")
    if len(names) != len(wanted):
        raise IsoglossError(f"columns given twice: {', '.join(name for name in wanted if names.count(name) > 1)}")


def _check_column(column: "pa.ChunkedArray[Any]", field: "pa.Field[Any]") -> None:
    if not _is_kind(column.type, field.type):
        raise IsoglossError(f"column {field.name} holds {column.type}, must be {field.type}")
    if not field.nullable and (missing := _null_count(column)):
        raise IsoglossError(f"column {field.name} must not be missing, but is in {missing:,} of {len(column):,} rows")


def _is_kind(given: Any, wanted: Any) -> bool:
    """Whether a cast from one type to the other changes only how a value is held; text never becomes a number."""
    kind = pa.types
    if kind.is_dictionary(given):
        return _is_kind(given.value_type, wanted)
    if kind.is_list(wanted):
        is_list = kind.is_list(given) or kind.is_large_list(given)
        return kind.is_null(given) or (is_list and _is_kind(given.value_type, wanted.value_type))
    if kind.is_timestamp(wanted):
        return kind.is_null(given) or (kind.is_timestamp(given) and (given.tz is None) == (wanted.tz is None))
    pairs = (
        (kind.is_string, (kind.is_string, kind.is_large_string, kind.is_string_view)),
        (kind.is_integer, (kind.is_integer,)),
        (kind.is_floating, (kind.is_floating, kind.is_integer)),
        (kind.is_boolean, (kind.is_boolean,)),
    )
    return kind.is_null(given) or any(is_wanted(wanted) and any(ok(given) for ok in oks) for is_wanted, oks in pairs)


def _null_count(column: Any) -> int:
    if pa.types.is_dictionary(column.type):  # a missing value may hide in the dictionary
        return sum(chunk.dictionary_decode().null_count for chunk in column.chunks)
    return int(column.null_count)


def _sorted(rows: pa.Table, table: TableName) -> npt.NDArray[np.int64]:
    """The rows' order. Raises IsoglossError when two rows have the same key."""
    key = _ORDER.get(table, TABLES[table].key)
    ranks = [_ranks(rows.column(name)) for name in key]
    order = np.lexsort(ranks[::-1]).astype(np.int64)
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for rank in ranks:
        same &= rank[order[1:]] == rank[order[:-1]]
    if same.any():
        first = rows.slice(int(order[1:][same][0]), 1)
        values = ", ".join(f"{name} {first.column(name)[0].as_py()!r}" for name in TABLES[table].key)
        raise IsoglossError(f"{int(same.sum()):,} rows repeat the key of another row; the first: {values}")
    return order


def _ranks(column: Any) -> npt.NDArray[np.int32]:
    """The place of each value among the distinct ones, a missing one first; numbers, also in text, by their size."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    array = encoded.combine_chunks() if encoded.num_chunks else pa.array([], encoded.type)
    if isinstance(array, pa.ChunkedArray):  # more text than one array can hold
        raise IsoglossError("too much text for one file: split it")
    values = [*array.dictionary.to_pylist(), None]  # the last one for the rows without a value
    place = {value: rank for rank, value in enumerate(sorted(set(values), key=_natural))}
    ranks = np.array([place[value] for value in values], dtype=np.int32)
    indices = array.indices.fill_null(len(array.dictionary))
    per_row: npt.NDArray[np.int32] = ranks.take(indices.to_numpy(zero_copy_only=False))
    return per_row


def _natural(value: object) -> tuple[int, int, str]:
    if value is None:
        return (-1, 0, "")
    text = str(value)
    is_number = isinstance(value, int) or (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS)
    return (0, int(text), text) if is_number else (1, 0, text)


def _typed(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = []
    for field in schema:
        try:
            columns.append(rows.column(field.name).cast(field.type))
        except pa.ArrowInvalid as error:
            raise IsoglossError(f"column {field.name}: {error}") from error
    return pa.table(columns, schema=schema).combine_chunks()


def _groups(rows: pa.Table) -> Iterator[pa.Table]:
    """Halve the rows until none of the parts is too big to be decoded at once."""
    needed = sum(decoded_bytes(chunk) for column in rows.columns for chunk in column.chunks)
    if needed <= _GROUP_BYTES or rows.num_rows == 1:
        yield rows
        return
    half = rows.num_rows // 2
    yield from _groups(rows.slice(0, half))
    yield from _groups(rows.slice(half))
