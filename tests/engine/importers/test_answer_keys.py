"""Answer keys of published sets: one letter or one number is read; all else is named, its fact left out everywhere."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.importers.intake.answer_key import UnreadableKey, identifier, index_of_label, index_of_number
from engine.importers.parallel_sets.importer import import_parallel_set
from engine.store.verify import read_snapshot
from tests.support.parallel_sets_small import LAYOUTS, Rows, json_lines, parquet, x_csqa


@pytest.mark.parametrize(("key", "index"), [("A", 0), ("B", 1), ("D", 3)])
def test_a_letter_is_its_option(key: str, index: int) -> None:
    assert index_of_label("answer", key, "ABCD") == index


@pytest.mark.parametrize(
    "key", ["", "AB", "CD", "ABCD", "b", "B ", " A ", "E", "Ａ", "А", "A\u200e", "(A)", "1", None, 1, True, ["A"], 0.0]
)  # fmt: skip
def test_what_is_no_single_letter_is_named(key: object) -> None:
    with pytest.raises(UnreadableKey, match=r"^answer is .*, and must be one of A, B, C, D$"):
        index_of_label("answer", key, "ABCD")


@given(st.text() | st.integers() | st.floats() | st.booleans() | st.none() | st.lists(st.sampled_from("ABCD")))
def test_any_key_but_the_four_letters_is_named(key: object) -> None:
    if isinstance(key, str) and key in ("A", "B", "C", "D"):
        assert "ABCD"[index_of_label("answer", key, "ABCD")] == key
        return
    with pytest.raises(UnreadableKey):
        index_of_label("answer", key, "ABCD")


@pytest.mark.parametrize("labels", [["A", "A", "B"], ["A", ""], ["A", None], [1, 2]])
def test_labels_that_name_no_option_are_named(labels: list[object]) -> None:
    with pytest.raises(UnreadableKey, match="each must be a text of its own"):
        index_of_label("answerKey", "A", labels)


@pytest.mark.parametrize(
    ("key", "first", "index"), [(1, 1, 0), ("2", 1, 1), (0, 0, 0), ("1", 0, 1), (4, 1, 3), (2.0, 1, 1)]
)
def test_a_number_counts_from_where_the_set_counts(key: object, first: int, index: int) -> None:
    assert index_of_number("label", key, first=first, count=4) == index


@pytest.mark.parametrize(
    "key",
    [0, 5, -1, 2.5, 5.0, "2.0", "1.0", "", " 2", "2 ", "+2", "1_0", "２", "٢", "b", None, True, False, [2], "2\u200f",
     "1;2", float("nan"), float("inf")],
)  # fmt: skip
def test_what_is_no_number_of_an_option_is_named(key: object) -> None:
    with pytest.raises(UnreadableKey, match=r"^label is .*, and must be a whole number from 1 to 4$"):
        index_of_number("label", key, first=1, count=4)


@given(st.text(max_size=3) | st.integers(-9, 9) | st.floats() | st.booleans() | st.none(), st.sampled_from([0, 1]))
def test_any_key_but_the_numbers_is_named(key: object, first: int) -> None:
    numbers = range(first, first + 2)
    if (type(key) in (int, float) and key in numbers) or (isinstance(key, str) and key in map(str, numbers)):
        assert index_of_number("label", key, first=first, count=2) == int(key) - first
        return
    with pytest.raises(UnreadableKey):
        index_of_number("label", key, first=first, count=2)


@pytest.mark.parametrize("value", [None, "", " ", True, 1.5, ["a"], float("nan")])
def test_what_is_no_id_is_named(value: object) -> None:
    with pytest.raises(UnreadableKey, match="idx is .*, and must be text or a whole number"):
        identifier("idx", value)
    assert [identifier("idx", good) for good in (0, "0", 7.0, "a b")] == ["0", "0", "7", "a b"]


def stored(store: Path) -> dict[tuple[str, str], list[int]]:
    """The gold options in a store, by fact and language."""
    files = [file for file in read_snapshot(store).files if file.entry.table == "facts"]
    rows = [row for file in files for batch in file.batches() for row in batch.to_pylist()]
    return {(row["fact_id"], row["language"]): row["gold"] for row in rows}


def mammals(question: str, keys: list[Any]) -> Rows:
    options = dict(
        zip(("option_a", "option_b", "option_c", "option_d"), ("trout", "whale", "gecko", "wasp"), strict=True)
    )
    return [
        {"sample_id": f"zoo/test/{n}", "subject": "zoology", "question": f"{n}. {question}", **options, "answer": key}
        for n, key in enumerate(keys)
    ]  # fmt: skip


def test_keys_that_are_no_single_letter_are_left_out_in_every_language_and_counted(tmp_path: Path) -> None:
    keys = ["B", "", "AB", "b", "B ", "E", None, "CD", "A"]
    for language, question in (("en", "Which is a mammal?"), ("de", "Was ist ein Säugetier?")):
        json_lines(tmp_path / "files" / f"{language}.jsonl", mammals(question, keys))
    # in Hebrew only fact 8 is unreadable: it is left out in all three languages
    json_lines(tmp_path / "files" / "he.jsonl", mammals("מיהו יונק?", ["B"] * 8 + ["AA"]))
    report = import_parallel_set("global-mmlu", tmp_path / "store", folder=tmp_path / "files")
    assert stored(tmp_path / "store") == {("zoo/test/0", language): [1] for language in ("de", "en", "he")}
    assert "Left out in every language: 8 facts, since" in report.lines()
    assert 'en row 3: answer is "AB", and must be one of A, B, C, D' in map(str, report.left_out)
    assert 'he row 9: answer is "AA", and must be one of A, B, C, D' in map(str, report.left_out)


@pytest.mark.parametrize(
    ("name", "config", "values", "said"),
    [
        ("xcopa", "zh", {"label": -1}, "label is -1, and must be a whole number from 0 to 1"),
        ("xcopa", "it", {"label": 2}, "label is 2, and must be a whole number from 0 to 1"),
        ("xcopa", "tr", {"label": 1.5}, "label is 1.5, and must be a whole number from 0 to 1"),
        ("xcopa", "tr", {"idx": None}, "idx is empty, and must be text or a whole number"),
        ("xstorycloze", "es", {"answer_right_ending": 2.5}, "answer_right_ending is 2.5, and must be a whole number"),
        ("xstorycloze", "zh", {"answer_right_ending": 0}, "answer_right_ending is 0, and must be a whole number"),
        ("xstorycloze", "zh", {"answer_right_ending": None}, "answer_right_ending is empty, and must be a"),
    ],
)  # fmt: skip
def test_a_key_is_named_by_the_column_of_its_set_and_the_others_stay(
    name: str, config: str, values: dict[str, Any], said: str, tmp_path: Path
) -> None:
    LAYOUTS[name](tmp_path / "files")
    (path,) = [path for path in (tmp_path / "files" / config).rglob("*.parquet") if "train" not in str(path)]
    first, second = pq.read_table(path).to_pylist()
    # as a column: one fraction or gap makes the whole column one of fractions
    (column,) = values
    plain = [first[column] if values[column] == int(values[column] or 0) else float(first[column]), values[column]]
    parquet(path, [{**row, column: value} for row, value in zip((first, second), plain, strict=True)])
    report = import_parallel_set(name, tmp_path / "store", folder=tmp_path / "files")
    assert any(str(problem).startswith(f"{config} row 2: {said}") for problem in report.left_out)
    assert not any("`gold`" in str(problem) for problem in report.left_out)
    assert len({language for _, language in stored(tmp_path / "store")}) == 3


@pytest.mark.parametrize("key", ["0", "5", "-1", "2.0", "b", "", "２", "1 "])
def test_a_number_of_belebele_that_is_none_is_named(key: str, tmp_path: Path) -> None:
    LAYOUTS["belebele"](tmp_path / "files")
    path = tmp_path / "files" / "data" / "deu_Latn.jsonl"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"correct_answer_num":"3"', f'"correct_answer_num":"{key}"')
    )
    report = import_parallel_set("belebele", tmp_path / "store", folder=tmp_path / "files")
    assert [str(problem) for problem in report.left_out] == [
        f'deu_Latn row 2: correct_answer_num is "{key}", and must be a whole number from 1 to 4'
    ]
    assert set(stored(tmp_path / "store")) == {("https://example.org/rain#1", tag) for tag in ("de", "en", "ko")}


def choices(labels: str, texts: str) -> dict[str, Any]:
    return {"question": {"stem": "?", "choices": {"label": list(labels), "text": list(texts)}}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answerKey": ""}, 'answerKey is "", and must be one of A, B, C, D, E'),
        ({"answerKey": "AB"}, 'answerKey is "AB", and must be one of A, B, C, D, E'),
        (choices("AABCD", "vwxyz"), "the options' labels are \"A\", \"A\", \"B\", \"C\", \"D\": each must"),
        (choices("ABCDE", "vwxy"), "there are 5 labels, but 4 options"),
    ],
)  # fmt: skip
def test_keys_and_labels_of_x_csqa(change: dict[str, Any], said: str, tmp_path: Path) -> None:
    x_csqa(tmp_path / "files")
    path = tmp_path / "files" / "X-CSQA-ur" / "validation" / "0000.parquet"
    first, second = pq.read_table(path).to_pylist()
    parquet(path, [first, {**second, **change}])
    (problem,) = import_parallel_set("x-csqa", tmp_path / "store", folder=tmp_path / "files").left_out
    assert str(problem).startswith(f"X-CSQA-ur row 2: {said}") and problem.fact == ("x-csqa", "f01")


def test_labels_written_as_one_text_are_letters(tmp_path: Path) -> None:
    rows = [
        {"id": n, "question": {"stem": f"{n}?", "choices": {"label": "ABCDE", "text": list("vwxyz")}}, "answerKey": key}
        for n, key in enumerate(("C", "BC", ""))
    ]  # fmt: skip
    for language in ("en", "fr"):
        parquet(tmp_path / "files" / f"X-CSQA-{language}" / "validation.parquet", rows)
    import_parallel_set("x-csqa", tmp_path / "store", folder=tmp_path / "files")
    assert stored(tmp_path / "store") == {("0", "en"): [2], ("0", "fr"): [2]}
