"""One result file: the rule by which a letter is read, and every way in which a file can be broken."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.importers.clika.answers import first_letter
from engine.importers.clika.answers import read_answers as read_file
from engine.importers.clika.release import ResultFile
from engine.importers.intake.answer_set import AnswerSet
from engine.importers.intake.source_files import UnreadableSource
from tests.support.clika_small import geo_rows, prompt, write_rows


def read_answers(path: Path) -> AnswerSet:
    return read_file(ResultFile(path, path.name, "x_geo", "en", "m"))


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("A", 0), ("B.", 1), ("\n\n C. x", 2), ("\n \n\tD", 3), ("E<", 4), ("Based on", 1), ("Answer: B", 0),
        ("a", None), ("", None), (" \n ", None), ("F", None), ("1", None), ("(A)", None),
        ("The correct answer i", None),
        ("А", None), ("В.", None), ("С", None), ("Е", None),  # Cyrillic look-alikes
        ("\ufffdA", None), ("答案A", None), ("א", None), ("Ａ", None), ("\u200bA", None),
    ],
)  # fmt: skip
def test_first_letter_as_the_release_counts(text: str, index: int | None) -> None:
    assert first_letter(text) == index


@given(st.text())
def test_first_letter_of_any_text(text: str) -> None:
    begins = text.strip()[:1]
    expected = {"A": 0, "B": 1, "C": 2, "D": 3, "E": 4}.get(begins)
    assert first_letter(text) == expected
    assert first_letter(f"\n {text}\n") == expected


def test_columns_of_a_file(tmp_path: Path) -> None:
    # Fact 0 has "A" right, fact 1 "C". E is a letter, but these have four options only.
    answers = read_answers(write_rows(tmp_path / "f.jsonl", geo_rows("he", ["A<", "E"])))
    assert [fact.fact_id for fact in answers.facts] == ["0", "1"]
    assert [fact.gold for fact in answers.facts] == [(0,), (2,)]
    assert answers.facts[0].options == ("צפון", "דרום", "מזרח", "מערב")
    assert answers.columns["text"].to_pylist() == ["A<", "E"]
    assert answers.columns["predicted"].to_pylist() == [0, None]
    assert answers.columns["correct"].to_pylist() == [True, False]
    assert answers.unread == {"a letter beyond the options": 1}


def test_rows_come_by_fact_with_their_lines(tmp_path: Path) -> None:
    rows = geo_rows("en", ["B", "C"])
    answers = read_answers(write_rows(tmp_path / "f.jsonl", rows[::-1]))
    assert [fact.fact_id for fact in answers.facts] == ["0", "1"]
    assert list(answers.numbers) == [2, 1]
    assert answers.columns["text"].to_pylist() == ["B", "C"]


@pytest.mark.parametrize("uuid", ["cbb8e2554edeed45", "0", 501, 2**60])
def test_uuid_is_taken_as_it_stands(tmp_path: Path, uuid: object) -> None:
    path = write_rows(tmp_path / "f.jsonl", [geo_rows("en", "AA")[0] | {"uuid": uuid}])
    assert [fact.fact_id for fact in read_answers(path).facts] == [str(uuid)]


def test_windows_line_ends_and_a_missing_last_one_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_bytes(b"\r\n".join(json.dumps(row).encode() for row in geo_rows("de", "AC")))
    assert read_answers(path).columns["predicted"].to_pylist() == [0, 2]


GOOD = [json.dumps(row).encode() for row in geo_rows("en", "AC")]


def changed(**fields: object) -> bytes:
    return json.dumps(geo_rows("en", "AC")[1] | fields).encode()


def without(field: str) -> bytes:
    return json.dumps({name: value for name, value in geo_rows("en", "AC")[1].items() if name != field}).encode()


@pytest.mark.parametrize(
    ("second_line", "reason"),
    [
        (b"{", "not JSON"),
        (b"A B C", "not JSON"),
        (b"", "blank line"),
        (b"   ", "blank line"),
        (GOOD[1].replace(b"Beta", b"\xff\xfe"), "not JSON .*UTF-8"),
        (GOOD[1].replace(b"Beta", b"\\ud800"), "not JSON"),
        (b"[1]", "not a JSON object"),
        *[(without(field), f'no "{field}"') for field in ("input", "res", "label", "uuid")],
        (changed(res=None), '"res" is null, not a string'),
        (changed(res=["A"]), '"res" is a list'),
        (changed(label=2), '"label" is an integer, not a string'),
        (changed(uuid=True), '"uuid" is true or false, not a string or an integer'),
        (changed(uuid=1.5), '"uuid" is a fraction'),
        (changed(uuid={}), '"uuid" is an object'),
        (changed(uuid="0"), "uuid '0' stands in line 1 already"),
        (changed(label="E"), r"label 'E' is none of the options' letters \(A, B, C, D\)"),
        (changed(label="a"), "label 'a'"),
        (changed(label=""), "label ''"),
        (changed(label="AB"), "label 'AB'"),
        (changed(input="Where?"), 'does not end with "Answer:"'),
        (changed(input=prompt("", "ab")), "no question"),
    ],
)
def test_broken_line_is_named(tmp_path: Path, second_line: bytes, reason: str) -> None:
    path = tmp_path / "f.jsonl"
    path.write_bytes(GOOD[0] + b"\n" + second_line + b"\n")
    with pytest.raises(UnreadableSource, match=reason) as caught:
        read_answers(path)
    assert caught.value.number == 2


def test_empty_file_and_file_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "f.jsonl").write_bytes(b"")
    with pytest.raises(UnreadableSource, match="empty"):
        read_answers(tmp_path / "f.jsonl")
    with pytest.raises(UnreadableSource, match="cannot be read: No such file"):
        read_answers(tmp_path / "gone.jsonl")


def test_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "f.jsonl").open("wb") as file:
        file.truncate((1 << 28) + 1)  # a hole: no disk is used
    with pytest.raises(UnreadableSource, match="larger than 256 MB"):
        read_answers(tmp_path / "f.jsonl")
