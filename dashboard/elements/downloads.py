"""What is shown, as files: tables as CSV and Parquet, charts as SVG and PNG. Made only when asked for."""

import re
from collections.abc import Callable
from typing import Literal

import pandas as pd
import streamlit as st

from dashboard.charts.kit.spec import Spec
from dashboard.charts.kit.theme import Theme
from dashboard.elements.chart import theme
from dashboard.elements.table_files import to_csv, to_parquet

DownloadKind = Literal["CSV", "Parquet", "SVG", "PNG"]
_TYPES: dict[DownloadKind, str] = {
    "CSV": "text/csv",
    "Parquet": "application/vnd.apache.parquet",
    "SVG": "image/svg+xml",
    "PNG": "image/png",
}
_SAFE = re.compile(r"[^A-Za-z0-9._-]+")  # file names are made of what a model or fact is called


def downloads(name: str, *, table: Callable[[], pd.DataFrame] | None = None, chart: Spec | None = None) -> None:
    """A menu with the files of a view; `name` begins their file names. `table` gives all rows, not only those shown."""
    with st.popover("Download", width="content"):
        if table is not None:
            _button(name, "CSV", lambda: to_csv(table()))
            _button(name, "Parquet", lambda: to_parquet(table()))
        if chart is not None:
            seen = theme()
            _button(name, "SVG", lambda: _svg(chart, seen))
            _button(name, "PNG", lambda: _png(chart, seen))


def _button(name: str, kind: DownloadKind, make: Callable[[], bytes]) -> None:
    st.download_button(
        kind,
        make,
        file_name=f"isogloss-{_SAFE.sub('_', name)}.{kind.lower()}",
        mime=_TYPES[kind],
        key=f"download-{name}-{kind}",
        on_click="ignore",
        width="stretch",
    )


# The renderer is imported when it is asked for: it takes seconds to start, and most visitors never need it.
def _svg(chart: Spec, seen: Theme) -> bytes:
    from dashboard.charts.kit.image import to_svg

    return to_svg(chart, seen)


def _png(chart: Spec, seen: Theme) -> bytes:
    from dashboard.charts.kit.image import to_png

    return to_png(chart, seen)
