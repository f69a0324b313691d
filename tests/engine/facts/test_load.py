"""Facts out of stores, as questions."""

from pathlib import Path

import pyarrow as pa
import pytest

from engine.errors import IsoglossError
from engine.facts.load import load_questions
from engine.facts.question import Question
from engine.schema import TABLES
from engine.store.manifest import read_manifest
from engine.store.verify import StoreProblem
from engine.store.write import TableFile, write_files
from tests.support.small_runs import write_facts


def _names(questions: list[Question]) -> list[str]:
    return [f"{question.language}{question.fact_id}" for question in questions]


def _write(store: Path, facts: dict[str, tuple[str, ...]], *, dataset: str = "years", name: str = "years") -> None:
    """Open questions: for each fact the languages it stands in."""
    rows = [
        {
            "dataset": dataset,
            "fact_id": fact,
            "language": language,
            "stream": "basic",
            "question": f"{fact} in {language} of {store.name}?",
            "options": [],
            "gold": [],
            "answers": ["1917"],
        }
        for fact, languages in facts.items()
        for language in languages
    ]
    write_files(store, [TableFile("facts", name, pa.Table.from_pylist(rows, schema=TABLES["facts"].arrow))])


def test_a_question_is_a_row_of_the_facts_table(tmp_path: Path) -> None:
    write_facts(tmp_path, facts=2)
    question = load_questions([tmp_path], "capitals", languages=["en"])[1]
    assert question == Question(
        dataset="capitals",
        fact_id="1",
        language="en",
        text="en: Capital of land 1?",
        options=("town 1", "river 1"),
        gold=(1,),
        relation="capital",
        subject="land 1",
    )


def test_by_language_then_by_fact_numbers_by_their_size(tmp_path: Path) -> None:
    _write(tmp_path, {fact: ("en", "de") for fact in ("10", "b", "9", "a2", "1" * 30)})
    in_order = ["9", "10", "1" * 30, "a2", "b"]
    assert _names(load_questions([tmp_path], "years")) == [f"{tag}{fact}" for tag in ("de", "en") for fact in in_order]


def test_a_limit_takes_the_same_facts_in_every_language(tmp_path: Path) -> None:
    _write(tmp_path, {"1": ("en",), "2": ("de", "en"), "3": ("de",), "4": ("de", "en")})
    assert _names(load_questions([tmp_path], "years", limit=3)) == ["de2", "de3", "en1", "en2"]
    assert _names(load_questions([tmp_path], "years", limit=3, languages=["de"])) == ["de2", "de3"]
    for bad in (0, -1):
        with pytest.raises(IsoglossError, match="give 1 or more"):
            load_questions([tmp_path], "years", limit=bad)


def test_the_later_store_holds(tmp_path: Path) -> None:
    _write(tmp_path / "first", {"1": ("en", "de"), "2": ("en",)})
    _write(tmp_path / "second", {"1": ("en",), "3": ("en",)})
    questions = load_questions([tmp_path / "first", tmp_path / "second"], "years")
    texts = {name: question.text for name, question in zip(_names(questions), questions, strict=True)}
    assert texts == {
        "de1": "1 in de of first?",
        "en1": "1 in en of second?",
        "en2": "2 in en of first?",
        "en3": "3 in en of second?",
    }


def test_unknown_names_are_answered_with_those_there(tmp_path: Path) -> None:
    with pytest.raises(IsoglossError, match="no store holds facts"):
        load_questions([tmp_path], "years")
    _write(tmp_path, {"1": ("en", "de")})
    write_facts(tmp_path)
    with pytest.raises(IsoglossError, match="'yaers'; datasets with facts: capitals, years"):
        load_questions([tmp_path], "yaers")
    with pytest.raises(IsoglossError, match="years has no facts in fr, zh; it has de, en"):
        load_questions([tmp_path], "years", languages=["en", "fr", "zh"])


def test_a_damaged_file_is_said_and_nothing_of_it_used(tmp_path: Path) -> None:
    _write(tmp_path, {"1": ("en",)}, name="more")
    write_facts(tmp_path)
    entry = next(entry for entry in read_manifest(tmp_path) if entry.name == "capitals")
    data = (tmp_path / entry.path).read_bytes()
    (tmp_path / entry.path).write_bytes(data[:-1])
    told: list[StoreProblem] = []
    assert _names(load_questions([tmp_path], "years", left_out=told.append)) == ["en1"]
    assert [problem.file for problem in told] == [entry.path]
    with pytest.raises(IsoglossError, match=f"datasets with facts: years; {entry.path} has .* bytes"):
        load_questions([tmp_path], "capitals")
