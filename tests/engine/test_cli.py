"""The command line: columns, formats, exit statuses, one clear line for an error."""

import json
from pathlib import Path

import pytest

from engine.cli import main
from tests.support.tables import model_store

COLUMNS = {
    "accuracy": "model,dataset,language,n,correct,accuracy,ci_low,ci_high",
    "ra": "model,dataset,language,n,accuracy,chance,ceiling,ra",
    "overlap": "model,dataset,language_a,language_b,n,n_both,n_either,overlap,expected,above_chance",
    "en_co": "model,dataset,language,n,jaccard,share_of_english",
    "consistency": "model,dataset,k,n,consistency,accuracy,ac3",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    model_store(tmp_path / "store", "ABC", {"en": "ABD", "de": "???", "he": "A?C"}).close()
    return tmp_path / "store"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)


@pytest.mark.slow
@pytest.mark.parametrize("name", COLUMNS)
def test_metric_prints_its_columns_in_order(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("metric", name, "--store", str(folder), "--no-embedded", "--format", "csv") == 0
    assert capsys.readouterr().out.splitlines()[0] == COLUMNS[name]


@pytest.mark.slow
def test_a_missing_figure_is_empty_and_numbers_have_six_decimals(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("metric", "overlap", "--store", str(folder), "--no-embedded", "--format", "csv", "--interval")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("above_chance,ci_low,ci_high")
    # de knows nothing, en two facts: overlap 0/2; de and he: 0/2; en and he: fact 0 of 0, 1, 2
    assert lines[1].startswith("m,d,de,en,3,0,2,0.000000,0.000000,0.000000,")
    assert lines[3].startswith("m,d,en,he,3,1,3,0.333333,")


@pytest.mark.slow
def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("metric", "accuracy", "--store", str(folder), "--no-embedded", "--format", "json", "--languages", "he")
    rows = json.loads(capsys.readouterr().out)
    assert [(row["language"], row["n"], row["correct"]) for row in rows] == [("he", 3, 2)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["metric", "nothing"], 64, "there are: accuracy"),
        (["metric", "accuracy", "--model", "nobody"], 64, "there are: m"),
        (["metric", "accuracy", "--languages", "en,qqq"], 64, "qqq"),
        (["metric", "accuracy", "--format", "xml"], 64, "xml"),
        (["import", "clika", "/nowhere"], 1, "/nowhere"),
        (["import", "published", "/nowhere"], 1, "clika_accuracy.csv"),
        (["dance"], 64, "dance"),
    ],
)
def test_errors_are_one_clear_line(
    arguments: list[str], status: int, words: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ["--store", str(folder)] if arguments[0] != "dance" else []
    embedded = ["--no-embedded"] if arguments[0] == "metric" else []
    assert run(*arguments, *store, *embedded) == status
    printed = capsys.readouterr().err.strip()
    assert words in printed
    assert len(printed.splitlines()) == 1
    assert "Traceback" not in printed


@pytest.mark.slow
def test_check_of_a_sound_store(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--store", str(folder), "--no-embedded") == 0
    assert "all is well" in capsys.readouterr().out


@pytest.mark.slow
def test_check_names_a_damaged_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damaged = next((folder / "results").glob("*.parquet"))
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    assert run("check", "--store", str(folder), "--no-embedded") == 1
    assert damaged.name in capsys.readouterr().out


@pytest.mark.slow
def test_check_finds_rows_that_contradict_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.support.tables import fact_rows, make_store, result_rows, run_rows

    rows = result_rows("m", "d", "AB", {"en": "AB", "de": "BB", "he": "AA"})
    orphan = {**rows[1], "fact_id": "77"}
    facts = fact_rows("d", "AB", ["en", "de", "he"])
    make_store(tmp_path / "a", facts=facts, results=[*rows, orphan], runs=run_rows("m")).close()
    assert run("check", "--store", str(tmp_path / "a"), "--no-embedded") == 1
    printed = capsys.readouterr().out
    assert "1 facts that no language tells" in printed and "d 77" in printed

    rows[0]["correct"] = False  # says A, which is the gold option
    make_store(tmp_path / "b", facts=facts, results=rows, runs=run_rows("m")).close()
    assert run("check", "--store", str(tmp_path / "b"), "--no-embedded") == 1
    printed = capsys.readouterr().out
    assert "1 of 6 rows: is called right and is not, or wrong and is right (e.g. run_id run" in printed
