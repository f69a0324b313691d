"""What is known of each CLiKA set: stream, relation, subject, origin, culture."""

from pathlib import Path

import pytest

from engine.importers.clika.culture import read_cultures
from engine.importers.clika.facts import fact_rows
from engine.importers.intake.answer_row import AskedFact
from engine.importers.intake.fact_row import facts_table
from engine.importers.intake.source_files import LeftOut
from engine.schema import TABLES
from tests.support.clika_small import write_rows

PEOPLE = [f"{name} {number}" for number in range(30) for name in ("Ada", "Bo", "Cy")]  # 90
CAUSE, EFFECT = "What was the cause of this?", "What happened as a result?"


def fact(fact_id: object, question: str, *, premise: str | None = None) -> AskedFact:
    return AskedFact(str(fact_id), f"{premise}\n{question}" if premise else question, ("a", "b"), (1,))


def rows(dataset: str, language: str, facts: list[AskedFact], **cultures: str) -> list[dict[str, object]]:
    table = facts_table(fact_rows(dataset, language, facts, cultures=cultures))
    assert table.schema == TABLES["facts"].arrow
    return table.to_pylist()


def lives(people: list[str]) -> list[AskedFact]:
    births = [fact(k, f"In what year was {name} born?") for k, name in enumerate(people)]
    return births + [fact(k + 90, f"In what year did {name} die?") for k, name in enumerate(people)]


def test_x_copa_relation_comes_from_each_languages_own_question() -> None:
    facts = [fact(501, CAUSE, premise="Ciao."), fact(502, EFFECT, premise="Sì."), fact(503, "Why?", premise="No.")]
    found = rows("x_copa", "it", facts)
    assert [row["relation"] for row in found] == ["cause", "effect", None]
    assert found[0]["question"] == f"Ciao.\n{CAUSE}"


@pytest.mark.parametrize(
    ("dataset", "language", "origin", "source_language", "stream"),
    [
        ("x_csqa", "en", "native", "en", "basic"), ("x_csqa", "it", "machine", "en", "basic"),
        ("x_copa", "en", "native", "en", "basic"), ("x_copa", "it", "human", "en", "basic"),
        ("x_copa", "zh", "human", "en", "basic"), ("x_copa", "he", "machine", "en", "basic"),
        ("x_geo", "en", "native", None, "factual"), ("x_geo", "he", None, None, "factual"),
        ("x_name", "zh", None, None, "factual"), ("x_logic", "en", None, None, "basic"),
    ],
)  # fmt: skip
def test_origin_and_stream(dataset: str, language: str, origin: str, source_language: str, stream: str) -> None:
    (row,) = rows(dataset, language, [fact("0", "Where?")])
    assert (row["origin"], row["source_language"], row["stream"]) == (origin, source_language, stream)


def test_x_name_subject_is_what_the_two_questions_share() -> None:
    found = rows("x_name", "en", lives(PEOPLE))
    assert [row["subject"] for row in found] == PEOPLE + PEOPLE
    assert [row["relation"] for row in found] == ["birth year"] * 90 + ["death year"] * 90


def test_x_name_subject_is_missing_where_the_questions_differ_about_it() -> None:
    facts = lives(PEOPLE)
    facts[90] = fact(90, "In what year did Ada the Elder die?")
    subjects = [row["subject"] for row in rows("x_name", "en", facts)]
    assert (subjects[0], subjects[90]) == (None, None)
    assert subjects[1:90] == subjects[91:] == PEOPLE[1:]


@pytest.mark.parametrize("facts", [lives(PEOPLE)[:-1], lives(["Ada", "Albert"])])
def test_x_name_subject_needs_the_whole_set(facts: list[AskedFact]) -> None:
    # Of Ada and Albert, "A" would pass for a part of the template.
    assert {row["subject"] for row in rows("x_name", "en", facts)} == {None}


def test_x_name_relation_of_other_ids_is_missing() -> None:
    facts = [fact(89, "?"), fact(90, "?"), fact(180, "?"), fact("89b", "?"), fact("²", "?")]
    assert [row["relation"] for row in rows("x_name", "en", facts)] == ["birth year", "death year", None, None, None]


def source(tmp_path: Path, language: str, *cultures: str, question: str = "Where? ") -> LeftOut:
    name = f"{language}_geo_data.jsonl"
    source_rows = [{"id": k, "questions": question, "original_lang": culture} for k, culture in enumerate(cultures)]
    return LeftOut(write_rows(tmp_path / language / name, source_rows), f"x_geo/{language}/{name}", "source questions")


FACTS = {language: [fact(0, "Where?"), fact(1, "Where?")] for language in ("en", "de", "he")}


def test_cultures_are_those_that_all_languages_agree_on(tmp_path: Path) -> None:
    files = [source(tmp_path, "en", "ar", "zh"), source(tmp_path, "de", "ar", "ja"), source(tmp_path, "he", "ar")]
    assert read_cultures(files, FACTS) == (
        {"0": "ar"}, ["facts whose culture differs between languages, left empty: 1"],
    )  # fmt: skip
    assert rows("x_geo", "he", FACTS["he"], **{"0": "ar"})[0]["country"] == "ar"


def test_cultures_of_other_questions_are_not_used(tmp_path: Path) -> None:
    files = [source(tmp_path, "en", "ar", "zh", question="Who?"), source(tmp_path, "de", "fr", "it")]
    assert read_cultures(files, FACTS)[0] == {"0": "fr", "1": "it"}


def test_broken_source_of_cultures_is_noted(tmp_path: Path) -> None:
    good, bad = source(tmp_path, "en", "ar", "zh"), source(tmp_path, "de", "klingonese", "zh")
    cultures, notes = read_cultures([good, bad], FACTS)
    assert cultures == {"0": "ar", "1": "zh"}
    assert notes[0].startswith("x_geo/de/de_geo_data.jsonl: cultures not read (")
    assert '"klingonese" is no language' in notes[0]
