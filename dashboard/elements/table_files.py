"""Tables as bytes to download: CSV that a spreadsheet opens without running anything in it, and Parquet."""

import csv
import io
import json
from collections.abc import Sequence
from numbers import Number
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

# What makes a spreadsheet read a cell as a formula; the wide forms count in East Asian settings (OWASP, CSV injection).
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def to_csv(frame: pd.DataFrame) -> bytes:
    """The frame as CSV (RFC 4180), UTF-8 with a byte order mark, without its index.

    Excel takes a CSV file without the mark for the local code page and garbles every other script; pandas, DuckDB and
    R skip the mark. Text that a spreadsheet would run as a formula gets a leading ', the sign for "this is text";
    numbers stay numbers. Lists are JSON text, missing values empty cells.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_text(str(name)) for name in frame.columns])
    columns = [frame[name].tolist() for name in frame.columns]
    writer.writerows([_cell(value) for value in row] for row in zip(*columns, strict=True))
    return out.getvalue().encode("utf-8-sig", errors="backslashreplace")


def to_parquet(frame: pd.DataFrame) -> bytes:
    """The frame as a Parquet file (zstd), without its index."""
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), out, compression="zstd")
    return out.getvalue()


def _cell(value: Any) -> Any:
    if hasattr(value, "tolist"):  # a numpy number or array
        value = value.tolist()
    if isinstance(value, (Sequence, dict)) and not isinstance(value, (str, bytes)):
        return _text(json.dumps(value, ensure_ascii=False, default=str))
    if pd.isna(value):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, Number) else _text(str(value))


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
