"""What all importers of answers share: sound answers, which fact an item is in another language, tables and report."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.database.compute import compute
from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.importers.intake.answer_import import import_answers
from engine.importers.intake.answer_row import AnswerRow, AskedFact
from engine.importers.intake.answer_set import AnswerSet, answer_set
from engine.importers.intake.answer_writing import ImportedRun
from engine.importers.intake.fact_alignment import aligned
from engine.importers.intake.source_files import UnreadableSource
from engine.store.verify import read_snapshot

RUN = ImportedRun("log", "lm-evaluation-harness 0.4.13", probe="cloze", template="xcopa")


def fact(key: str, gold: int, language: str = "en", n_options: int = 2) -> AskedFact:
    return AskedFact(key, f"{key} in {language}?", tuple(f"option {n} {language}" for n in range(n_options)), (gold,))


def answers(language: str, golds: str, said: str, *, keys: Sequence[str] = (), model: str = "m") -> AnswerSet:
    """A set: a digit of `golds` and of `said` for each item; `?` could not be read."""
    rows = [
        AnswerRow(
            number,
            fact(keys[number - 1] if keys else f"{language}-{number}", int(gold), language),
            predicted=None if sign == "?" else int(sign),
            unread="no option" if sign == "?" else None,
            text=sign,
        )
        for number, (gold, sign) in enumerate(zip(golds, said, strict=True), start=1)
    ]
    return answer_set(rows, place=f"{language}.jsonl", model=model, dataset="d", language=language)


def ids(sets: Sequence[AnswerSet]) -> dict[str, list[str]]:
    return {each.language: [one.fact_id for one in each.facts] for each in sets}


def test_answers_come_by_fact_and_are_right_or_wrong_or_not_measured() -> None:
    rows = [
        AnswerRow(1, fact("b", 1), predicted=1, option_logprobs=(-3.0, -1.0)),
        AnswerRow(2, fact("a", 0), unread="no option", text="perhaps"),
        AnswerRow(3, fact("c", 0), error="too long"),
        AnswerRow(4, AskedFact("d", "How many?", (), (), ("7",)), correct=True, text="7"),
    ]
    made = answer_set(rows, place="x", model="m", dataset="d", language="en")
    assert [one.fact_id for one in made.facts] == ["a", "b", "c", "d"] and list(made.numbers) == [2, 1, 3, 4]
    columns = {name: column.to_pylist() for name, column in made.columns.items()}
    assert columns["correct"] == [False, True, None, True]  # not measured is neither
    assert columns["parsed"] == [False, True, False, True]
    assert columns["option_logprobs"] == [None, [-3.0, -1.0], None, None]
    assert made.unread == {"no option": 1}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (AnswerRow(2, fact("a", 0), predicted=0), "doc_id 'a' stands in line 1 already"),
        (AnswerRow(2, fact("b", 2)), "doc_id 'b' has a right option beyond its 2 options"),
        (AnswerRow(2, fact("b", 0), predicted=2), "doc_id 'b' has option number 3 as its answer, but 2 options"),
        (AnswerRow(2, fact("b", 0), option_logprobs=(-1.0,)), "doc_id 'b' has 1 log-likelihoods, but 2 options"),
        (AnswerRow(2, fact("b", 0), predicted=0, error="e"), "has an error, and an answer"),
    ],
)
def test_an_answer_that_cannot_be_is_named(row: AnswerRow, reason: str) -> None:
    with pytest.raises(UnreadableSource, match=reason) as caught:
        answer_set(
            [AnswerRow(1, fact("a", 0), predicted=1), row],
            place="x",
            model="m",
            dataset="d",
            language="en",
            key="doc_id",
        )
    assert caught.value.number == 2


def test_by_index_an_item_is_what_stands_at_its_place_in_every_language() -> None:
    sets = [answers("de", "010", "000"), answers("en", "010", "010"), answers("he", "010", "111")]
    kept, problems = aligned(sets, by="index")
    assert not problems
    assert ids(kept) == {"de": ["0", "1", "2"], "en": ["0", "1", "2"], "he": ["0", "1", "2"]}
    assert kept[1].facts[1].question == "en-2 in en?"
    assert kept[1].columns["text"].to_pylist() == ["0", "1", "0"]


def test_by_index_the_order_is_the_sources_and_not_that_of_the_keys() -> None:
    (kept,), _ = aligned([answers("en", "01", "10", keys=("z", "a"))], by="index")
    assert [one.question for one in kept.facts] == ["z in en?", "a in en?"]
    assert kept.columns["correct"].to_pylist() == [False, False] and list(kept.numbers) == [1, 2]


def test_by_index_a_shifted_language_is_left_out_and_said() -> None:
    # Hebrew lacks the first item: its second would pass for the others' first
    sets = [answers("de", "0110", "0000"), answers("en", "0110", "0000"), answers("he", "110", "000")]
    kept, problems = aligned(sets, by="index")
    assert set(ids(kept)) == {"de", "en"}
    (problem,) = problems
    assert str(problem) == "he.jsonl: line 1: place '0' has the right option 'B', but 'A' in 2 files of the dataset"


def test_by_id_a_fact_is_found_wherever_it_stands_and_one_more_is_not_passed_over() -> None:
    keys = ("x", "y")
    sets = [answers("de", "01", "01", keys=keys), answers("en", "10", "10", keys=("y", "x"))]
    kept, problems = aligned([*sets, answers("he", "011", "011", keys=("x", "y", "z"))])
    assert ids(kept) == {"de": ["x", "y"], "en": ["x", "y"]}
    assert [str(problem) for problem in problems] == [
        "he.jsonl: line 3: item 'z' is not among the 2 facts of 2 files of the dataset"
    ]


def test_each_dataset_is_aligned_on_its_own() -> None:
    other = [answer_set([AnswerRow(1, fact("q", 1))], place="o", model="m", dataset="e", language="en")]
    kept, problems = aligned([*other, answers("en", "01", "01")])
    assert [each.dataset for each in kept] == ["d", "e"] and not problems


def test_an_import_is_one_commit_of_facts_answers_and_runs(tmp_path: Path) -> None:
    sets = [answers("de", "01", "00"), answers("en", "01", "01"), answers("he", "01", "?1")]
    report = import_answers("log", tmp_path, RUN, sets, by="index", unread=("no option",))
    assert report.complete
    assert report.lines()[:2] == [
        "Imported 6 answers from 3 files: 1 dataset, 1 model, 3 languages.",
        "  d: 1 model × 3 languages, 6 answers, of them 1 no option",
    ]
    tables = {file.entry.table: file.rows().to_pylist() for file in read_snapshot(tmp_path).files}
    assert len(tables["facts"]) == len(tables["results"]) == 6
    assert {(row["probe"], row["template"]) for row in tables["results"]} == {("cloze", "xcopa")}
    (run,) = tables["runs"]
    assert (run["source"], run["harness"], run["probe"]) == ("import", RUN.harness, "cloze")
    assert (run["n_done"], run["n_expected"]) == (6, 6)
    opened = open_database([tmp_path])
    assert opened.problems == ()
    accuracy = compute(opened, "accuracy")
    assert dict(zip(accuracy["language"], accuracy["correct"], strict=True)) == {"de": 1, "en": 2, "he": 1}
    opened.close()


def test_what_is_left_out_is_counted_as_expected_and_the_next_import_says_what_is_gone(tmp_path: Path) -> None:
    sets = [answers("de", "01", "00"), answers("en", "01", "01"), answers("he", "0", "0")]
    report = import_answers("log", tmp_path, RUN, sets, by="index")
    assert not report.complete and "FAILED, not imported: 1 result file." in report.lines()
    (run,) = next(file for file in read_snapshot(tmp_path).files if file.entry.table == "runs").rows().to_pylist()
    assert (run["n_done"], run["n_expected"]) == (4, 5)
    again = import_answers("log", tmp_path, RUN, sets[1:2], by="index")
    assert again.dropped == (("d", "m", "de"),)


def test_nothing_to_import_leaves_no_store(tmp_path: Path) -> None:
    with pytest.raises(IsoglossError, match="log: no answers could be imported"):
        import_answers("log", tmp_path / "store", RUN, [], by="id")
    assert not (tmp_path / "store").exists()
