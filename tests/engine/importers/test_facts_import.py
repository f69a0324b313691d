"""The user's own facts: three formats, two ways to write options, what is stored, and what a second import does."""

import csv
import unicodedata
from collections.abc import Callable
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.database.check import check_store
from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.facts.appearance import appearance
from engine.importers.importer import app
from engine.importers.intake.fact_report import FactsReport
from engine.importers.own_facts.importer import import_facts
from engine.store.manifest import read_manifest
from engine.store.verify import read_snapshot
from engine.store.write import TableFile, write_files
from tests.support.tables import fact_rows, rows_to_table

HEADER = "dataset,fact_id,language,relation,subject,question,option_1,option_2,option_3,gold"
CAPITALS = f"""{HEADER}
rivers,1,en,capital,Egypt,What is the capital of Egypt?,Giza,Cairo,Luxor,2
rivers,1,de,capital,Ägypten,Was ist die Hauptstadt von Ägypten?,Gizeh,Kairo,Luxor,2
rivers,1,he,capital,מצרים,מהי בירת מצרים?,גיזה,קהיר,לוקסור,2
rivers,2,en,primes,,Which are prime?,2,4,5,1;3
rivers,2,de,primes,,Welche sind prim?,2,4,5,3;1
rivers,2,he,primes,,אילו ראשוניים?,2,4,5,1;3
"""
GIZA = ["Giza", "Cairo", "Luxor"]


def imported(tmp_path: Path, content: str | bytes, name: str = "facts.csv") -> FactsReport:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_facts(path, tmp_path / "store")


def rows(tmp_path: Path) -> list[dict[str, object]]:
    """What stands in the store, in its order."""
    return [
        row
        for file in read_snapshot(tmp_path / "store").files
        if file.entry.table == "facts"
        for batch in file.batches()
        for row in batch.to_pylist()
    ]


def row(tmp_path: Path, fact_id: str, language: str) -> dict[str, object]:
    (found,) = [row for row in rows(tmp_path) if (row["fact_id"], row["language"]) == (fact_id, language)]
    return found


def test_a_csv_file_becomes_rows_of_the_facts_table(tmp_path: Path) -> None:
    report = imported(tmp_path, CAPITALS)
    assert not report.problems
    (count,) = report.datasets
    assert (count.dataset, count.n_facts, count.languages) == ("rivers", 2, {"de": 2, "en": 2, "he": 2})
    assert row(tmp_path, "1", "en") == {
        "dataset": "rivers", "fact_id": "1", "language": "en", "stream": "factual", "relation": "capital",
        "subject": "Egypt", "question": "What is the capital of Egypt?", "options": GIZA, "gold": [1], "answers": [],
        "source_language": None, "country": None, "origin": None,
    }  # fmt: skip
    # "1;3" are the indices 0 and 2; German names them the other way round, which is the same set.
    assert row(tmp_path, "2", "en")["gold"] == row(tmp_path, "2", "de")["gold"][::-1] == [0, 2]
    assert row(tmp_path, "2", "en")["subject"] is None


@pytest.mark.slow
def test_the_reader_finds_the_facts_and_their_chance(tmp_path: Path) -> None:
    imported(tmp_path, CAPITALS)
    assert not check_store([tmp_path / "store"]).findings
    store = open_database([tmp_path / "store"])
    # one of three, and two of three: (1/3 + 2/3) / 2
    assert store.frame("select chance, title from dataset_scales").values.tolist() == [[pytest.approx(0.5), "rivers"]]
    store.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("1;3", '"1;3"').replace("3;1", '"3;1"').replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: text.replace(HEADER, HEADER.upper().replace(",", " , ")).encode(),
        lambda text: (text + "\n,,,,,,,,,\n").encode(),
    ],
    ids=["BOM", "CRLF", "semicolons", "tabs", "upper case", "empty rows"],
)
def test_any_usual_csv_gives_the_same_rows(change: Callable[[str], bytes], tmp_path: Path) -> None:
    imported(tmp_path, CAPITALS)
    plain = rows(tmp_path)
    report = imported(tmp_path, change(CAPITALS))
    assert rows(tmp_path) == plain
    assert report.written is not None and not report.written.report.written  # not a byte changed


def test_quoted_lines_and_delimiters_are_text(tmp_path: Path) -> None:
    text = f'{HEADER}\nd,1,en,,,"Which, of\r\nthe ""two""?",a,"b, c",,1\nd,2,en,,,?,a,b,,1\n'
    assert not imported(tmp_path, text).problems
    assert row(tmp_path, "1", "en")["question"] == 'Which, of\nthe "two"?'
    assert row(tmp_path, "1", "en")["options"] == ["a", "b, c"]


def test_text_is_composed_and_trimmed_and_both_are_counted(tmp_path: Path) -> None:
    loose = unicodedata.normalize("NFD", "Zürich")
    report = imported(tmp_path, f"{HEADER}\nd,1,de,,,{loose}?,{loose},  Bern ,,1\n")
    assert row(tmp_path, "1", "de")["question"] == "Zürich?"
    assert row(tmp_path, "1", "de")["options"] == ["Zürich", "Bern"]
    assert "texts put into Unicode's composed form (NFC): 2" in report.notes
    assert "texts with white space at an end, cut off: 1" in report.notes


def test_open_questions_have_answers(tmp_path: Path) -> None:
    text = "dataset,fact_id,language,question,answer\nd,1,en,How many?,7; seven\nd,1,de,Wie viele?,7;sieben\n"
    assert not imported(tmp_path, text).problems
    assert row(tmp_path, "1", "en")["answers"] == ["7", "seven"]
    assert row(tmp_path, "1", "de")["options"] == row(tmp_path, "1", "de")["gold"] == []


def test_languages_are_written_in_any_usual_way(tmp_path: Path) -> None:
    imported(tmp_path, f"{HEADER}\nd,1,zho_Hans,,,?,a,b,,1\nd,1,pt_BR,,,?,a,b,,1\n")
    assert [row["language"] for row in rows(tmp_path)] == ["pt", "zh"]


def test_further_columns_are_read_and_unknown_ones_named(tmp_path: Path) -> None:
    text = (
        "dataset,fact_id,language,question,option_1,option_2,gold,stream,source_language,country,origin,mood\n"
        "d,1,en,?,a,b,1,fictional,ENG,Egypt,native,glad\n"
    )
    report = imported(tmp_path, text)
    found = row(tmp_path, "1", "en")
    assert [found[name] for name in ("stream", "source_language", "country", "origin")] == [
        "fictional", "en", "Egypt", "native",
    ]  # fmt: skip
    assert "columns not used: mood" in report.notes


LISTED = [
    {"dataset": "d", "fact_id": 1, "language": "en", "question": "?", "options": ["a", "b"], "gold": [1]},
    {"dataset": "d", "fact_id": 1, "language": "he", "question": "?", "options": ["א", "ב"], "gold": [1]},
    {"dataset": "d", "fact_id": 2, "language": "en", "question": "?", "answers": ["7", "seven"]},
]
NUMBERED = [
    {"dataset": "d", "fact_id": "1", "language": "en", "question": "?", "option_1": "a", "option_2": "b", "gold": 2},
    {"dataset": "d", "fact_id": "1", "language": "he", "question": "?", "option_1": "א", "option_2": "ב", "gold": "2"},
    {"dataset": "d", "fact_id": "2", "language": "en", "question": "?", "answer": "7;seven"},
]


@pytest.mark.parametrize("form", [LISTED, NUMBERED], ids=["lists", "numbers"])
@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_json_lines_and_parquet_take_both_forms(form: list[dict[str, object]], kind: str, tmp_path: Path) -> None:
    if kind == "jsonl":
        imported(tmp_path, b"\xef\xbb\xbf" + b"\r\n".join(map(orjson.dumps, form)) + b"\n\n", "facts.jsonl")
    else:
        typed = [{key: str(value) if isinstance(value, int) else value for key, value in row.items()} for row in form]
        names = dict.fromkeys(name for row in typed for name in row)
        columns = {name: [row.get(name) for row in typed] for name in names}
        pq.write_table(pa.table(columns), tmp_path / "facts.parquet")
        import_facts(tmp_path / "facts.parquet", tmp_path / "store")
    assert row(tmp_path, "1", "en")["options"] == ["a", "b"]
    assert row(tmp_path, "1", "he")["gold"] == [1]
    assert row(tmp_path, "2", "en")["answers"] == ["7", "seven"]


def test_what_the_store_holds_can_be_imported_again(tmp_path: Path) -> None:
    imported(tmp_path, CAPITALS)
    before = rows(tmp_path)
    (entry,) = read_manifest(tmp_path / "store")
    report = import_facts(tmp_path / "store" / entry.path, tmp_path / "copy")
    assert not report.problems
    assert read_manifest(tmp_path / "copy") == (entry,)
    assert len(before) == 6


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    facts=st.lists(st.tuples(*[st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1)] * 3), min_size=1)
)
def test_any_text_comes_back_as_it_was(facts: list[tuple[str, str, str]], tmp_path: Path) -> None:
    kept = [[unicodedata.normalize("NFC", text.strip()) for text in fact] for fact in facts]
    kept = [fact for fact in kept if all(map(appearance, fact)) and appearance(fact[1]) != appearance(fact[2])]
    path = tmp_path / "facts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["dataset", "fact_id", "language", "question", "option_1", "option_2", "gold"])
        writer.writerows(["d", number, "he", *fact, 1] for number, fact in enumerate(kept))
    if not kept:
        with pytest.raises(IsoglossError, match="holds no facts"):
            import_facts(path, tmp_path / "store")
        return
    assert not import_facts(path, tmp_path / "store").problems
    assert [[row["question"], *row["options"]] for row in rows(tmp_path)] == kept  # type: ignore[misc]


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    imported(tmp_path, CAPITALS)
    before = (tmp_path / "store" / "manifest.json").read_bytes()
    report = imported(tmp_path, CAPITALS)
    assert report.written is not None
    assert report.written.report.written == report.written.report.removed == report.written.replaced == ()
    assert (tmp_path / "store" / "manifest.json").read_bytes() == before


def test_another_version_replaces_the_dataset_whole_and_says_so(tmp_path: Path) -> None:
    imported(tmp_path, CAPITALS)
    report = imported(tmp_path, "\n".join(CAPITALS.splitlines()[:4]))
    assert report.written is not None and report.written.replaced == ("6 rows of rivers that were there before",)
    assert [row["fact_id"] for row in rows(tmp_path)] == ["1", "1", "1"]


def test_a_dataset_of_another_import_is_replaced_and_its_others_stay(tmp_path: Path) -> None:
    other = fact_rows("rivers", "AB", ["en", "de"]) + fact_rows("x_geo", "ABC", ["en", "de", "he"])
    scale = {"title": "Old", "stream": "factual", "chance": 0.25, "ceiling": 1.0, "ceiling_source": "guessed"}
    titles: list[dict[str, object]] = [{"dataset": name, **scale} for name in ("rivers", "x_geo")]
    write_files(
        tmp_path / "store",
        [
            TableFile("facts", "clika", rows_to_table("facts", other)),
            TableFile("datasets", "clika", rows_to_table("datasets", titles)),
        ],
    )
    report = imported(tmp_path, CAPITALS)
    assert report.written is not None
    assert [line.partition(",")[0] for line in report.written.replaced] == [
        "4 rows that the import clika had brought"
    ]  # fmt: skip
    found = rows(tmp_path)
    assert len(found) == 6 + 9 and {row["dataset"] for row in found} == {"rivers", "x_geo"}
    store = open_database([tmp_path / "store"])
    # the old title and chance of rivers went with its facts
    scales = store.frame("select dataset::varchar as d, title, chance from dataset_scales").values.tolist()
    assert scales == [["rivers", "rivers", pytest.approx(0.5)], ["x_geo", "Old", 0.25]]
    store.close()


def test_a_name_that_another_import_uses_for_several_datasets_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path / "store", [TableFile("facts", "rivers", rows_to_table("facts", fact_rows("x", "A", ["en"])))])
    with pytest.raises(IsoglossError, match=r'the name "rivers" is taken .* holds x; give the dataset another name'):
        imported(tmp_path, CAPITALS)
    assert [row["dataset"] for row in rows(tmp_path)] == ["x"]


def test_a_file_may_hold_several_datasets(tmp_path: Path) -> None:
    report = imported(tmp_path, CAPITALS.replace("rivers,2", "primes,2"))
    assert [(count.dataset, count.n_facts) for count in report.datasets] == [("primes", 1), ("rivers", 1)]
    assert sorted(entry.name for entry in read_manifest(tmp_path / "store")) == ["primes", "rivers"]


def test_missing_languages_are_counted_for_each_language(tmp_path: Path) -> None:
    lines = CAPITALS.splitlines()
    report = imported(tmp_path, "\n".join([*lines[:3], lines[4]]))  # fact 1 in en, de; fact 2 in en
    assert not report.problems
    assert "rivers: 1 of 2 facts are missing in de (2)" in report.notes
    assert not [note for note in report.notes if "missing in en" in note]


def test_a_relation_that_is_translated_is_noted(tmp_path: Path) -> None:
    report = imported(tmp_path, CAPITALS.replace("de,capital", "de,Hauptstadt"))
    assert (
        "rivers: facts whose relation differs between languages, so that one of them is shown for all: 1"
        in report.notes
    )


def command(*arguments: str) -> None:
    app([*arguments], standalone_mode=False)


def test_the_command_prints_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "facts.csv").write_text(CAPITALS, encoding="utf-8")
    command("facts", str(tmp_path / "facts.csv"), "--store", str(tmp_path / "store"))
    assert "Imported rivers: 2 facts (de 2, en 2, he 2)." in capsys.readouterr().out
    assert len(rows(tmp_path)) == 6


def test_the_command_names_the_problems_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "facts.csv").write_text(CAPITALS.replace("2,4,5,3;1", "2,4,5,4"), encoding="utf-8")
    with pytest.raises(IsoglossError, match="nothing was imported; the lines above say what to mend"):
        command("facts", str(tmp_path / "facts.csv"), "--store", str(tmp_path / "store"))
    assert "  line 6: gold names option number 4, but there are 3 options" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()
