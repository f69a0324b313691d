"""A table as a command prints it."""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def printed(rows: "pd.DataFrame", format: Format) -> str:
    """The rows as text, with 6 decimals; a missing value is empty, in JSON null."""
    match format:
        case Format.csv:
            return rows.to_csv(index=False, float_format="%.6f")
        case Format.json:
            return rows.to_json(orient="records", double_precision=6, force_ascii=False, indent=1) + "\n"
        case Format.table:
            return rows.to_string(index=False, float_format="%.6f", na_rep="") + "\n" if len(rows) else "no rows\n"
