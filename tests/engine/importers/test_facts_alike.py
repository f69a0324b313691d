"""Options and ids that look the same are the same at import, by the rule that reads answers; others stay."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.facts.question import Question
from engine.importers.intake.fact_report import FactsReport
from engine.importers.own_facts.importer import import_facts
from engine.importers.parallel_sets.importer import import_parallel_set
from engine.probes.scorers import read_exact_match
from engine.store.verify import read_snapshot
from tests.support.parallel_sets_small import json_lines

HEADER = "dataset,fact_id,language,question,option_1,option_2,gold"
MARKS = "\u200b\u200c\u200d\u200e\u200f\u061c\u2060\ufeff\u00ad\u202b\u2067\u034f"


def imported(tmp_path: Path, *lines: str, header: str = HEADER) -> FactsReport:
    (tmp_path / "facts.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    return import_facts(tmp_path / "facts.csv", tmp_path / "store")


def problems(tmp_path: Path, *lines: str) -> list[str]:
    return list(map(str, imported(tmp_path, *lines).problems))


def facts(tmp_path: Path) -> list[dict[str, object]]:
    (file,) = read_snapshot(tmp_path / "store").files
    return [row for batch in file.batches() for row in batch.to_pylist()]


def test_what_looks_the_same_in_a_file_is_named(tmp_path: Path) -> None:
    assert problems(
        tmp_path,
        "d,1,en,Which city?,Tel Aviv,Haifa,1",
        "d,1\u200e,he,איזו עיר?,חיפה,\u200fחיפה\u200e,1",
        "d,2,en,Which?,\u200b,b,1",
        "d,2,de,Welche?,12,１２,1",
    ) == [
        'line 3: options 1 and 2 are the same to the eye ("\\u05d7\\u05d9\\u05e4\\u05d4", '
        '"\\u200f\\u05d7\\u05d9\\u05e4\\u05d4\\u200e"): make them differ',
        'line 4: option 1 is empty (it holds "\\u200b" alone, which nobody sees): fill it, or take it out in every '
        "language",
        'line 5: options 1 and 2 are the same to the eye ("12", "\\uff11\\uff12"): make them differ',
    ]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("he", "חיפה", "חיפה\u200f"), ("en", "New York", "New\u00a0York"), ("ja", "アメリカ", "ｱﾒﾘｶ"),
        ("zh", "ＮＢＡ", "NBA"), ("ar", "مصر", "مـصر"), ("ar", "لا", "\ufefb"), ("en", "office", "o\ufb03ce"),
        ("fa", "می\u200cخواهم", "میخواهم"), ("en", "co\u00adoperate", "cooperate"), ("de", "Haus  Boot", "Haus Boot"),
    ],
)  # fmt: skip
def test_options_that_look_the_same_are_refused_and_generation_reads_neither(
    language: str, one: str, other: str, tmp_path: Path
) -> None:
    (problem,) = problems(tmp_path, f"d,1,{language},Q?,{one},{other},1")
    assert problem.startswith("line 2: options 1 and 2 are the same to the eye (")
    question = Question("d", "1", language, "Q?", (one, other), (0,))
    assert not read_exact_match(one, question).parsed  # why it is refused: the answer would never be right


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Polnisch", "polnisch"), ("en", "AA", "Aa"), ("en", "1.5", "1-5"), ("en", "the Who", "Who"),
        ("ar", "كَتَبَ", "كُتِبَ"), ("en", "10²", "102"), ("ru", "все", "всё"), ("fa", "1", "۱"), ("en", "C#", "C"),
    ],
)  # fmt: skip
def test_what_only_generation_cannot_tell_apart_is_imported_and_counted(
    language: str, one: str, other: str, tmp_path: Path
) -> None:
    report = imported(tmp_path, f"d,1,{language},Q?,{one},{other},1", "d,2,en,Q?,a,b,2", f"d,1,cy,Q?,{one},x{other},1")
    assert not report.problems and facts(tmp_path)[1 if language > "cy" else 0]["gold"] == [0]
    (note,) = [note for note in report.notes if "generation" in note]
    assert note == (
        "d: facts with options that generation cannot tell apart, since they differ in case, punctuation, marks or an "
        f'article alone: 1 (1: "{one}" and "{other}" in {language})'
    )
    question = Question("d", "1", language, "Q?", (one, other), (0,))
    assert not read_exact_match(one, question).parsed


@pytest.mark.parametrize(("one", "other"), [("C", "C++"), ("3", "−3"), ("+", "−"), ("1.5", "15"), ("résumé", "resume")])
def test_options_that_every_way_of_asking_can_tell_apart_are_plain_facts(one: str, other: str, tmp_path: Path) -> None:
    report = imported(tmp_path, f"d,1,en,Q?,{one},{other},2")
    assert not report.problems and not [note for note in report.notes if "generation" in note]


@pytest.mark.parametrize("text", ["\u200b", "\u200f\u200e", "\u3164", "\u2800", "\ufeff", "\u00ad"])
def test_a_text_of_marks_alone_is_empty(text: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, f"d,1,en,Q?,a,{text},1")
    assert problem.startswith('line 2: option 2 is empty (it holds "\\')
    (problem,) = problems(tmp_path, f"d,1,en,{text},a,b,1")
    assert problem.startswith("line 2: question is empty")
    (found,) = imported(tmp_path, f"d,1,en,Q?,{text}", header="dataset,fact_id,language,question,answer").problems
    assert str(found).startswith("line 2: answer 1 is empty")


def test_ids_lose_marks_and_the_report_says_so(tmp_path: Path) -> None:
    report = imported(tmp_path, "d,1,en,Q?,a,b,1", "d,\ufeff1\u200e,he,Q?,א,ב,1", "d,1\u200b,de,Q?,a,b,1")
    assert not report.problems
    assert report.datasets[0].n_facts == 1
    assert "ids with invisible marks, taken off: 2, such as \\ufeff1\\u200e" in report.notes
    (problem,) = problems(tmp_path, "d,1,en,Q?,a,b,1", "d,1\u200e,en,Q?,a,b,1")
    assert problem == 'line 3: fact "1" of d stands in en already, in line 2: delete one'
    assert problems(tmp_path, "d,\u200e,en,Q?,a,b,1") == [
        "line 2: fact_id is empty: give the fact an id, the same in every language"
    ]


@pytest.mark.parametrize(("one", "other"), [("12", "１２"), ("q 1", "q\u00a01"), ("q-1", "q\u20111")])
def test_ids_that_look_the_same_are_named(one: str, other: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, f"d,{one},en,Q?,a,b,1", f"d,{other},ja,Q?,a,b,1", f"e,{other},ja,Q?,a,b,1")
    code = other.encode("unicode_escape").decode()
    assert problem == f'line 3: fact_id "{code}" looks like "{one}" (line 2): write it the same'


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_marks_in_ids_and_options_never_change_what_is_imported(data: st.DataObject, tmp_path: Path) -> None:
    def marked(text: str) -> str:
        place = data.draw(st.integers(0, len(text)))
        return text[:place] + data.draw(st.text(MARKS, max_size=2)) + text[place:]

    def lines(change: object) -> list[str]:
        assert callable(change)
        return [
            f"d,{change(fact)},{language},Q?,{change(one)},{change(two)},{gold}"
            for fact, gold in (("1", 1), ("22", 2))
            for language, one, two in (("en", "Paris", "Rome"), ("he", "פריז", "רומא"), ("ar", "باريس", "روما"))
        ]

    plain = imported(tmp_path, *lines(str)).datasets
    before = [(row["fact_id"], row["language"], row["gold"]) for row in facts(tmp_path)]
    report = imported(tmp_path, *lines(marked))
    assert not report.problems and report.datasets == plain
    assert [(row["fact_id"], row["language"], row["gold"]) for row in facts(tmp_path)] == before
    twins = problems(tmp_path, f"d,1,he,Q?,{marked('רומא')},{marked('רומא')},1")
    assert len(twins) == 1 and "options 1 and 2 are the same" in twins[0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=6),
    form=st.sampled_from(["NFC", "NFD"]),
)
def test_a_text_and_its_other_form_of_unicode_are_never_two_options(text: str, form: str, tmp_path: Path) -> None:
    other = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    rows = [{"dataset": "d", "fact_id": 1, "language": "he", "question": "?", "options": [text, other], "gold": [0]}]
    json_lines(tmp_path / "facts.jsonl", rows)
    found = list(map(str, import_facts(tmp_path / "facts.jsonl", tmp_path / "store").problems))
    assert any("options 1 and 2 are the same" in problem or "is empty" in problem for problem in found)


def test_published_sets_go_by_the_same_rule(tmp_path: Path) -> None:
    row = {"subject": "x", "question": "?", "option_a": "AA", "option_b": "Aa", "option_c": "aa", "option_d": "b"}
    for language in ("en", "he", "ja"):
        rows = [{**row, "sample_id": f"{number}", "answer": "B"} for number in range(3)]
        rows[1]["option_d"] = "A\u200fA" if language == "he" else "b"
        rows[2]["sample_id"] = "\u200e2" if language == "ja" else "2"
        json_lines(tmp_path / "files" / f"{language}.jsonl", rows)
    report = import_parallel_set("global-mmlu", tmp_path / "store", folder=tmp_path / "files")
    assert [str(problem) for problem in report.left_out] == [
        'he row 2: options 1 and 4 are the same to the eye ("AA", "A\\u200fA"): make them differ'
    ]
    assert report.datasets[0].n_facts == 2 and report.datasets[0].languages == {"en": 2, "he": 2, "ja": 2}
    assert "ids with invisible marks, taken off: 1, such as \\u200e2" in report.notes
    # two facts, each in three languages: "AA", "Aa" and "aa" are one answer for generation
    assert any("cannot tell apart" in note and 'alone: 2 (0: "AA" and "Aa" in en)' in note for note in report.notes)
