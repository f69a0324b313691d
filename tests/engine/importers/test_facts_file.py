"""What programs add to a CSV file: Excel's line with the delimiter, columns without a name, invisible marks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.importers.intake.fact_report import FactsReport
from engine.importers.own_facts.importer import import_facts
from engine.store.verify import read_snapshot


def imported(tmp_path: Path, content: str | bytes) -> FactsReport:
    path = tmp_path / "facts.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_facts(path, tmp_path / "store")


def row(tmp_path: Path, language: str) -> dict[str, object]:
    """The one fact of the store in a language."""
    (file,) = read_snapshot(tmp_path / "store").files
    (found,) = [row for batch in file.batches() for row in batch.to_pylist() if row["language"] == language]
    return found


EXCEL = """sep=;
dataset;fact_id;language;question;option_1;option_2;gold
d;1;en;Capital of Kenya?;Nairobi;Lagos;1
d;1;de;Hauptstadt von Kenia?;Nairobi;Lagos;1
"""


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("sep=;", 'SEP=";"').encode(),
        lambda text: text.replace("sep=;", '"sep=;"').encode(),
        lambda text: text.replace("sep=;", "sep=;;;;;;;").encode(),
        *(lambda text, mark=mark: text.replace(";", mark).encode() for mark in (",", "|", "\t", "^", "§")),
    ],
)
def test_excels_first_line_names_the_delimiter(change: Callable[[str], bytes], tmp_path: Path) -> None:
    report = imported(tmp_path, change(EXCEL))
    assert not report.problems and report.datasets[0].languages == {"de": 1, "en": 1}
    assert row(tmp_path, "de")["options"] == ["Nairobi", "Lagos"]
    (problem,) = imported(tmp_path, change(EXCEL.replace("Hauptstadt von Kenia?", ""))).problems
    assert str(problem).startswith("line 4: question is empty")  # lines are those of the file


@pytest.mark.parametrize(("before", "behind"), [("", ";;"), (";", ""), (";;", ";;;")])
def test_columns_without_a_name_are_passed_over(before: str, behind: str, tmp_path: Path) -> None:
    lines = [f"{before}{line}{behind}" for line in EXCEL.splitlines()[1:]]
    report = imported(tmp_path, "\n".join(lines))
    assert not report.problems and row(tmp_path, "en")["gold"] == [0]
    assert not [note for note in report.notes if "column" in note]


def test_columns_without_a_name_that_hold_something_are_told(tmp_path: Path) -> None:
    header, *others = EXCEL.splitlines()[1:]
    # as pandas writes its index, and with a remark behind
    numbered = [f";{header};;", *(f"{number};{line};;{'?' * number}" for number, line in enumerate(others))]
    report = imported(tmp_path, "\n".join(numbered))
    assert "columns without a name, not used: 1, 10 (counted from 1)" in report.notes
    assert row(tmp_path, "de")["options"] == ["Nairobi", "Lagos"]


def test_rows_may_lack_the_cells_of_columns_without_a_name(tmp_path: Path) -> None:
    header, *others = EXCEL.splitlines()[1:]
    assert not imported(tmp_path, "\n".join([f"{header};;", f"{others[0]};", others[1]])).problems
    (problem,) = imported(tmp_path, "\n".join([f"{header};;", others[0].removesuffix(";1")])).problems
    assert str(problem).startswith("line 2: there are 6 cells, but 9 columns")


def test_marks_in_a_header_are_none(tmp_path: Path) -> None:
    assert not imported(tmp_path, EXCEL[6:].replace("question", "\u200equestion\ufeff")).problems
