"""The rows behind a chart as strict JSON values, one for every place in it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import pandas as pd


def strict_rows(frame: pd.DataFrame, columns: Iterable[str], *, optional: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Rows as strict JSON values: NaN, NA and infinity become None, numpy numbers Python's, an absent optional None.

    Raises KeyError if one of `columns` is absent.
    """
    present = {c: [_plain(value) for value in frame[c].tolist()] for c in columns}
    present |= {c: [_plain(value) for value in frame[c].tolist()] for c in optional if c in frame}
    absent = {c: None for c in optional if c not in frame}
    return [dict(zip(present, row, strict=True)) | absent for row in zip(*present.values(), strict=True)]


def complete(
    cells: pd.DataFrame, keys: Mapping[str, Sequence[str]], *, value: str, also: Sequence[str]
) -> list[dict[str, Any]]:
    """Exactly one row for each combination of the keys' ids, in their order.

    A row holds the keys, `value`, the columns `also`, and `why`: None, or "not measured: " and the reason where the
    value is missing. Raises ValueError if a combination stands twice.
    """
    rows = {
        tuple(row[key] for key in keys): row for row in strict_rows(cells, (*keys, value), optional=(*also, "reason"))
    }
    if len(rows) < len(cells):
        raise ValueError(f"{len(cells) - len(rows)} combinations of {' and '.join(keys)} stand twice")
    absent = {column: None for column in (value, *also)} | {"reason": "no such figure in the data"}
    whole = [rows.get(ids, absent) | dict(zip(keys, ids, strict=True)) for ids in product(*keys.values())]
    for row in whole:
        reason = row.pop("reason")
        row["why"] = None if row[value] is not None else f"not measured: {reason}" if reason else "not measured"
    return whole


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
