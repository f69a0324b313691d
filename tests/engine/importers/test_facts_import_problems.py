"""Every fault of a file of facts is named with its row and with what to do, and then nothing is imported."""

from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.errors import IsoglossError
from engine.importers.intake.fact_report import FactsReport
from engine.importers.own_facts.importer import import_facts

HEADER = b"dataset,fact_id,language,relation,subject,question,option_1,option_2,option_3,gold\n"
# Lines 2 to 7: facts 1 and 2 in three languages; each test spoils one of them.
GOOD = [f"d,{fact},{language},,,Q{fact}?,a,b,c,{fact}".encode() for fact in (1, 2) for language in ("en", "de", "he")]


def problems(tmp_path: Path, data: bytes, name: str = "facts.csv") -> list[str]:
    """What is wrong with a file; nothing may then have been written."""
    (tmp_path / name).write_bytes(data)
    report = import_facts(tmp_path / name, tmp_path / "store")
    assert (report.written is None) == bool(report.problems)
    assert (tmp_path / "store").exists() != bool(report.problems)
    return [str(problem) for problem in report.problems]


def with_line(number: int, line: bytes) -> bytes:
    """The good file with line `number` replaced."""
    lines = [*GOOD]
    lines[number - 2] = line
    return HEADER + b"\n".join(lines) + b"\n"


def test_the_good_file_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, HEADER + b"\n".join(GOOD)) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"d,1,,,,Q?,a,b,c,1", "language is empty: write a BCP 47 tag"),
        (b"d,1,klingonese,,,Q?,a,b,c,1", 'language: "klingonese" is no language: write a BCP 47 tag'),
        (b",1,de,,,Q?,a,b,c,1", "dataset is empty: name the dataset"),
        (b"../d,1,de,,,Q?,a,b,c,1", '"../d" cannot name a dataset: use letters'),
        (b"d,,de,,,Q?,a,b,c,1", "fact_id is empty: give the fact an id"),
        (b"d,1,de,,, ,a,b,c,1", "question is empty: write the question in this language"),
        (b"d,1,de,,,Q?,a,b,,1", 'fact "1" has options 2 in de, but 3 in en (line 2): give it the same options'),
        (b"d,1,de,,,Q?,a,b,c,2", 'fact "1" has gold 2 in de, but 1 in en (line 2): keep the options'),
        (b"d,1,en,,,Q?,a,b,c,1", 'fact "1" of d stands in en already, in line 2: delete one'),
        (b"d,1,ENG,,,Q?,a,b,c,1", 'fact "1" of d stands in en already, in line 2: delete one'),
        (b"d,1,de,,,Q?,a,b,c,0", "gold names option number 0, but there are 3 options"),
        (b"d,1,de,,,Q?,a,b,c,4", "gold names option number 4, but there are 3 options"),
        (b"d,1,de,,,Q?,a,b,c,B", 'gold holds "B": write the number of the right option, from 1 (several: 1;3)'),
        (b"d,1,de,,,Q?,a,b,c,1.0", 'gold holds "1.0": write the number'),
        (b"d,1,de,,,Q?,a,b,c,1;1", "gold names an option twice"),
        (b"d,1,de,,,Q?,a,b,c,1;", 'gold holds "": write the number'),
        (b"d,1,de,,,Q?,a,b,c,1;;3", 'gold holds "": write the number'),
        (b"d,1,de,,,Q?,a,b,c,True", 'gold holds "True": write the number'),
        ("d,1,de,,,Q?,a,b,c,\uff11".encode(), 'gold holds "\uff11": write the number'),
        ("d,1,de,,,Q?,a,b,c,1\u200e".encode(), 'gold holds "1\\u200e": write the number'),
        (b"d,1,de,,,Q?,a,b,c,", "gold is empty: name the right option"),
        (b"d,1,de,,,Q?,a,b,a,1", "options 1 and 3 are the same: make them differ"),
        ("d,1,de,,,Q?,Zu\u0308rich,Z\u00fcrich,c,1".encode(), "options 1 and 2 are the same"),  # once composed
        (b"d,1,de,,,Q?,a,,c,1", "option_2 is empty, but option_3 is not: close the gap"),
        (b"d,1,de,,,Q?,a,,,1", "there is only one option: give at least two"),
        (b"d,1,de,,,Q?,,,,1", "gold names an option, but there are none"),
        (b"d,1,de,,,Q\xe9?,a,b,c,1", "question holds the byte 0xE9, which is not UTF-8, at character 2: save the file"),
        (b"d,1,de,,,Q\xed\xa0\x80?,a,b,c,1", "question holds the byte 0xED, which is not UTF-8"),  # a lone surrogate
        (b"d,1,de,,,Q\x00?,a,b,c,1", "question holds the control character U+0000, at character 2: remove it"),
        (b"d,1,de,,,Q?,a\x1b[2J,b,c,1", "option 1 holds the control character U+001B"),
        (b'd,1,de,,,Q?,"a\nb",b,c,1', "option 1 holds the control character U+000A"),
        (b"d,1,de,,," + b"x" * 2_001 + b",a,b,c,1", "question has 2,001 characters, at most 2,000 are taken"),
        (b"d,1,de,,,Q?,a,b," + b"x" * 1_001 + b",1", "option 3 has 1,001 characters, at most 1,000 are taken"),
        (b"d,1,de,,,Q?,a,b,c", "there are 9 cells, but 10 columns: put text that holds the delimiter in quotes"),
        (b"d,1,de,,,Q, too?,a,b,c,1", "there are 11 cells, but 10 columns"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line(line: bytes, said: str, tmp_path: Path) -> None:
    found = problems(tmp_path, with_line(3, line))
    assert len(found) == 1, found
    assert found[0].startswith(f"line 3: {said}")


@pytest.mark.parametrize("length", [2_000, 1_999])
def test_a_text_of_the_full_length_is_taken(length: int, tmp_path: Path) -> None:
    assert problems(tmp_path, with_line(3, b"d,1,de,,," + b"x" * length + b",a,b,c,1")) == []


def test_lines_are_those_of_the_file_after_a_quoted_line_end(tmp_path: Path) -> None:
    data = with_line(2, b'd,1,en,,,"Q1\r\n\r\nstill?",a,b,c,1').replace(b"d,2,de", b"d,2,")
    # the question of line 2 reaches into line 4, so what stood in line 6 stands in line 8
    assert problems(tmp_path, data) == ["line 8: language is empty: write a BCP 47 tag, such as en, zh or pt-PT"]


def test_all_problems_of_all_rows_are_named_at_once_in_their_order(tmp_path: Path) -> None:
    data = with_line(3, b"d,1,,,,,a,b,b,9")
    data = data.replace(b"d,2,he,,,Q2?,a,b,c,2", b"d,2,he,,,Q2?,a,b,c,3")
    found = problems(tmp_path, data)
    assert [problem.partition(":")[0] for problem in found] == ["line 3"] * 4 + ["line 7"]
    words = (
        "language is empty",
        "question is empty",
        "options 2 and 3 are the same",
        "option number 9",
        "gold 3 in he",
    )
    assert all(word in problem for word, problem in zip(words, found, strict=True))


def test_a_row_that_is_wrong_in_itself_is_compared_by_its_key_all_the_same(tmp_path: Path) -> None:
    found = problems(tmp_path, with_line(3, b"d,1,en,,,,a,b,c,1"))
    assert [problem.partition(" in line")[0] for problem in found] == [
        "line 3: question is empty: write the question in this language, or delete the row",
        'line 3: fact "1" of d stands in en already,',
    ]


def test_at_most_fifty_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    data = HEADER + b"\n".join(b"d,%d,,,,Q?,a,b,c,1" % number for number in range(60))
    (tmp_path / "facts.csv").write_bytes(data)
    lines = import_facts(tmp_path / "facts.csv", tmp_path / "store").lines()
    assert lines[0] == "facts.csv: 60 problems; nothing was imported."
    assert len(lines) == 1 + 50 + 1
    assert lines[-1] == "  and 10 more"


def test_a_report_never_holds_what_a_terminal_obeys(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_bytes(with_line(3, b"d,1\x1b[2J,kl\x1b[2Jing,,,Q\xff,a,b,c,1\x9b"))
    report: FactsReport = import_facts(tmp_path / "facts.csv", tmp_path / "store")
    assert len(report.problems) >= 4
    assert all(line.isprintable() for line in report.lines())


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("fact_id,language,question,option_1,option_2,gold", "missing columns: dataset; columns found: fact_id, "),
        ("dataset,fact_id,language,question", "missing columns: option_1, option_2, … (or answer"),
        ("dataset,fact_id,language,question,option_1,option_2", "missing columns: gold"),
        ("dataset,fact_id,language,question,option_1,option_2,gold,gold", "columns given twice: gold"),
        ("dataset,fact_id,language,question,option_1,options,gold", "both option_1 and options are columns"),
        ("a,b,c", "missing columns: dataset, fact_id, language, question, option_1"),
    ],
)
def test_a_missing_column_is_named(header: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(IsoglossError) as caught:
        problems(tmp_path, f"{header}\n{','.join('x' * len(header.split(',')))}\n".encode())
    assert said in str(caught.value) and "facts.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("facts.xlsx", b"", "facts are read from .csv, .tsv, .jsonl, .ndjson, .parquet files: rename or convert it"),
        ("facts.csv", b"", "holds no facts"),
        ("facts.csv", HEADER, "holds no facts"),
        ("facts.csv", b"\xff\xfed\x00", "it is UTF-16: save it as UTF-8"),
        *(
            (name, HEADER.decode().encode(encoding), f"it is {encoding[:6].upper()}: save it as UTF-8")
            for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
            for name in ("facts.csv", "facts.tsv", "facts.jsonl")
        ),
        ("facts.parquet", b"PAR1 no", "cannot be read: "),
        ("facts.jsonl", b"\n", "holds no facts"),
    ],
)
def test_a_file_that_is_none_is_refused(name: str, data: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(IsoglossError) as caught:
        problems(tmp_path, data, name)
    assert said in str(caught.value) and name in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(IsoglossError, match="is a folder: give a file"):
        import_facts(tmp_path / "folder.csv", tmp_path / "store")
    with pytest.raises(IsoglossError, match="there is no such file"):
        import_facts(tmp_path / "none.csv", tmp_path / "store")


def test_an_open_quote_stops_the_reading_and_says_where(tmp_path: Path) -> None:
    found = problems(tmp_path, with_line(4, b'd,1,he,,,"Q?,a,b,c,1'))
    assert len(found) == 1 and found[0].startswith("line 4: ") and "mend the quotes" in found[0]


LISTED = {"dataset": "d", "fact_id": "1", "language": "en", "question": "?", "options": ["a", "b"], "gold": [0]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"gold": [2]}, "gold names option number 3, but there are 2 options"),
        ({"gold": [-1]}, "gold names option number 0, but there are 2 options"),
        ({"gold": 0}, "gold is not a list of whole numbers"),
        ({"gold": [True]}, "gold is not a list of whole numbers"),
        ({"gold": [1.0]}, "gold is not a list of whole numbers"),
        ({"gold": ["1"]}, "gold is not a list of whole numbers"),
        ({"options": "ab"}, "options holds str: write a list of text"),
        ({"options": ["a", None]}, "option 2 is empty"),
        ({"options": ["a", 0.5]}, "options holds a number with a decimal point: write text"),
        ({"options": ["a", "b"], "answers": ["a"]}, "there are options and an accepted answer"),
        ({"options": [], "gold": []}, "there are neither options nor an accepted answer"),
        ({"question": ["?"]}, "question holds a list: write text"),
        ({"question": None}, "question is empty"),
        ({"fact_id": 1.0}, "fact_id holds a number with a decimal point: write text or a whole number"),
        ({"fact_id": True}, "fact_id holds a truth value: write text or a whole number"),
        ({"fact_id": "x" * 201}, "fact_id has 201 characters, at most 200 are taken"),
        ({"stream": "fact"}, 'stream is "fact": write basic, factual, fictional, or leave it empty'),
        ({"origin": "robot"}, 'origin is "robot": write native, human, machine, or leave it empty'),
        ({"source_language": "xx-"}, 'source_language: "xx-" is no language'),
    ],
)  # fmt: skip
def test_faults_of_json_lines(change: dict[str, object], said: str, tmp_path: Path) -> None:
    other = {**LISTED, "fact_id": "2"}
    found = problems(tmp_path, orjson.dumps(other) + b"\n" + orjson.dumps({**LISTED, **change}), "facts.jsonl")
    assert found and found[0].startswith(f"line 2: {said}")


@pytest.mark.parametrize(
    ("gold", "said"),
    [
        (2.0, "gold holds a number with a decimal point: write the number of the right option, from 1 (several: 1;3)"),
        (True, "gold holds a truth value: write the number of the right option, from 1"),
        ([1], "gold holds a list: write the number of the right option, from 1"),
        ("1.0", 'gold holds "1.0": write the number of the right option, from 1'),
    ],
)
def test_where_a_number_is_meant_a_number_is_asked_for(gold: object, said: str, tmp_path: Path) -> None:
    row = {"dataset": "d", "fact_id": "1", "language": "en", "question": "?", "option_1": "a", "option_2": "b"}
    (problem,) = problems(tmp_path, orjson.dumps({**row, "gold": gold}), "facts.jsonl")
    assert problem.startswith(f"line 1: {said}")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_pandas_writes_for_a_gap_is_named_and_hides_nothing(number: str, tmp_path: Path) -> None:
    line = orjson.dumps(LISTED | {"country": "x"}).replace(b'"x"', number.encode())
    said = f"is not JSON: {number}; write null"
    assert problems(tmp_path, line, "facts.jsonl") == [f"line 1: {said}"]
    # beside good rows, other faults, and rows without a column
    assert problems(tmp_path, b"\n".join([line, orjson.dumps(LISTED), b"[1]"]), "facts.jsonl") == [
        f"line 1: {said}", "line 3: is not an object: write one object in each line",
    ]  # fmt: skip
    found = problems(tmp_path, b'{"dataset": "d"}\n' + line, "facts.jsonl")
    assert found[0].startswith("columns: missing columns: fact_id, language, question") and found[1:] == [
        f"line 2: {said}"
    ]
    # within a text it is text
    assert problems(tmp_path, orjson.dumps(LISTED | {"question": f"Is it {number}, ?"}), "facts.jsonl") == []


def test_a_quote_left_open_does_not_hide_a_missing_column(tmp_path: Path) -> None:
    found = problems(tmp_path, HEADER.replace(b"gold", b"right") + GOOD[0] + b'\nd,1,"de\n')
    assert found[0].startswith("columns: missing columns: gold; columns found: dataset, ")
    assert "mend the quotes" in found[1] and len(found) == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"dataset": "d"', "is not JSON"),
        (b"[" * 200_000, "is not JSON"),
        (b'{"dataset": "\\ud800"}', "is not JSON"),
        (b'{"dataset": "\xff"}', "is not JSON"),
        (b"[1]", "is not an object"),
        (b'{"dataset": "d", "gold": [0], "gold": [1]}', 'has "gold" twice: keep one'),
    ],
)
def test_lines_that_are_not_json(line: bytes, said: str, tmp_path: Path) -> None:
    found = problems(tmp_path, orjson.dumps(LISTED) + b"\n\n" + line, "facts.jsonl")
    assert len(found) == 1 and found[0].startswith(f"line 3: {said}")


def test_streams_must_agree_between_languages(tmp_path: Path) -> None:
    rows = [LISTED, {**LISTED, "language": "de", "stream": "basic"}]
    found = problems(tmp_path, b"\n".join(map(orjson.dumps, rows)), "facts.jsonl")
    assert found == [
        'line 2: fact "1" has stream basic in de, but factual in en (line 1): give one stream in every language'
    ]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())])
def test_text_that_is_not_utf8_is_found_in_parquet(kind: pa.DataType, tmp_path: Path) -> None:
    bad = pa.array([b"?", b"\xff?"], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 2, bad.buffers())
    question = text.dictionary_encode() if pa.types.is_dictionary(kind) else text.cast(kind, safe=False)
    columns: dict[str, Any] = {
        "dataset": ["d", "d"],
        "fact_id": ["1", "2"],
        "language": ["en", "he"],
        "question": question,
        "options": [["a", "b"], ["א", "ב"]],
        "gold": pa.array([[0], [0]], pa.list_(pa.int8())),
    }
    pq.write_table(pa.table(columns), tmp_path / "facts.parquet")
    report = import_facts(tmp_path / "facts.parquet", tmp_path / "store")
    assert [str(problem) for problem in report.problems] == [
        "row 2: question holds the byte 0xFF, which is not UTF-8, at character 1: save the file as UTF-8"
    ]
