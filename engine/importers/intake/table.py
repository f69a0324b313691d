"""Rows of a table of the schema, column by column."""

from typing import Any

import pyarrow as pa

from engine.schema import TABLES, TableName


def table(name: TableName, n_rows: int, /, **columns: object) -> pa.Table:
    """A table of the schema. A column is an Arrow array, a list, or one value for all rows; not named: all NULL."""
    schema = TABLES[name].arrow
    unknown = columns.keys() - set(schema.names)
    if unknown:
        raise ValueError(f"table {name} has no column {', '.join(sorted(unknown))}")
    return pa.Table.from_arrays(
        [_column(columns.get(field.name), n_rows, field.type) for field in schema], schema=schema
    )


def _column(values: object, n_rows: int, kind: pa.DataType) -> "pa.Array[Any]":
    if isinstance(values, pa.Array):
        return values.cast(kind)
    if isinstance(values, list):
        return pa.array(values, kind)
    return pa.array([values], kind).take(pa.array([0] * n_rows, pa.int32()))
