"""Downloads: a spreadsheet runs nothing of them, and they hold what the table holds."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.elements.table_files import to_csv, to_parquet

LIVE = tuple("=+-@\t\r\n＝＋－＠")
WORDS = st.one_of(
    st.text(max_size=12),
    st.builds(str.__add__, st.sampled_from(LIVE), st.text(max_size=8)),
    st.sampled_from(['=HYPERLINK("http://evil.example";"x")', "@SUM(1)", "-5", "+49 30", "'quoted", "a,b", 'a"b', ""]),
).filter(lambda text: "\x00" not in text)


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("start", LIVE)
def test_text_that_would_be_a_formula_is_marked_as_text(start: str) -> None:
    assert cells(to_csv(pd.DataFrame({"a": [start + "1+1", "1" + start]})))[1:] == [
        ["'" + start + "1+1"],
        ["1" + start],
    ]


@settings(max_examples=200, deadline=None)
@given(header=WORDS, rows=st.lists(st.tuples(WORDS, st.floats(), st.integers()), min_size=1, max_size=6))
def test_no_cell_is_live_and_all_values_come_back(header: str, rows: list[tuple[str, float, int]]) -> None:
    frame = pd.DataFrame(rows, columns=[header, "share" + header, "count" + header])
    (head, *_), *body = cells(to_csv(frame))
    assert not head.startswith(LIVE)
    assert head in (header, "'" + header)
    for (text, share, count), (cell, number, whole) in zip(rows, body, strict=True):
        assert not cell.startswith(LIVE)
        assert cell == ("'" + text if text.startswith(LIVE) else text)
        assert (number == "") if share != share else float(number) == share
        assert int(whole) == count


def test_numbers_stay_numbers_also_below_zero() -> None:
    frame = pd.DataFrame(
        {
            "float": [-0.5, np.nan],
            "integer": pd.array([-3, None], dtype="Int64"),
            "exact": [Decimal("-1.50"), None],
            "mixed": [np.int64(-7), "-7"],
        }
    )
    assert cells(to_csv(frame))[1:] == [["-0.5", "-3", "-1.50", "-7"], ["", "", "", "'-7"]]


def test_lists_are_json_and_truth_is_a_word() -> None:
    frame = pd.DataFrame({"options": [["=1", "שלום"], np.array([1, 2])], "correct": [True, None]})
    (first, right), (second, unknown) = cells(to_csv(frame))[1:]
    assert json.loads(first) == ["=1", "שלום"]
    assert "שלום" in first
    assert json.loads(second) == [1, 2]
    assert (right, unknown) == ("true", "")


def test_a_spreadsheet_sees_that_it_is_utf_8_and_pandas_reads_past_the_mark() -> None:
    frame = pd.DataFrame({"language": ["עברית", "中文"], "n": [1, 2]})
    data = to_csv(frame)
    assert data.startswith(b"\xef\xbb\xbf")
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(data)), frame)


def test_text_that_is_no_unicode_is_shown_as_its_code() -> None:
    assert cells(to_csv(pd.DataFrame({"a": pd.Series(["x\ud800"], dtype=object)})))[1] == ["x\\ud800"]


def test_a_table_without_rows_keeps_its_head() -> None:
    empty = pd.DataFrame({"model": [], "n": []})
    assert cells(to_csv(empty)) == [["model", "n"]]
    assert pq.read_table(io.BytesIO(to_parquet(empty))).column_names == ["model", "n"]


def test_parquet_gives_back_types_and_values_without_the_index() -> None:
    columns: dict[str, Any] = {
        "text": ["=1+1", None],
        "n": [1, 2],
        "share": [0.5, None],
        "options": [["a"], ["b", "c"]],
    }
    table = pq.read_table(io.BytesIO(to_parquet(pd.DataFrame(columns, index=[7, 9]))))
    assert table.to_pydict() == columns
