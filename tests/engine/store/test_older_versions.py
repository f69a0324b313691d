"""Files of older versions of the schema: read in today's terms, noted by `engine check`, and written anew."""

from pathlib import Path

import pandas as pd
import pytest

from engine.cli import main
from engine.database.check import check_store
from engine.database.compute import compute
from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.locations import EMBEDDED
from engine.schema import SCHEMA_VERSION, TABLES, TableName
from engine.store.encode import encode
from engine.store.rewrite import outdated_files, rewrite_store
from engine.store.verify import read_snapshot
from tests.faults.rows import contents, parquet, plant
from tests.support.tables import fact_rows, result_rows, rows_to_table, run_rows

GOLD, SAID = "AB", {"de": "AB", "en": "A?", "he": "BB"}  # right: 2, 1, 1 of 2


def old_store(folder: Path, version: int) -> Path:
    """An import and a run of the lab, in files as a version of the schema wrote them."""
    tables: dict[TableName, list[dict[str, object]]] = {
        "facts": fact_rows("d", GOLD, list(SAID)),
        "results": [
            *result_rows("m", "d", GOLD, SAID, "clika", probe="import"),
            *result_rows("lab", "d", GOLD, SAID, "own", template="plain@1"),
        ],
        "runs": [
            *run_rows("m", "clika", source="import", probe="import", n_expected=6, n_done=6),
            *run_rows("lab", "own", n_expected=6, n_done=6),
        ],
    }
    for name, rows in tables.items():
        table = rows_to_table(name, rows).select(TABLES[name].arrow_of(version).names)
        data = parquet(table.cast(TABLES[name].arrow_of(version)), table=name, schema_version=str(version))
        plant(folder, data, rows=len(rows), name="old", table=name)
    return folder


def figures(folder: Path) -> pd.DataFrame:
    opened = open_database([folder])
    assert opened.problems == ()
    overlap, accuracy = (compute(opened, name, interval=True) for name in ("overlap", "accuracy"))
    opened.close()
    return pd.concat([overlap, accuracy])


@pytest.mark.parametrize("version", [1, 2])
def test_an_import_of_an_older_version_is_a_probe_that_is_not_known(tmp_path: Path, version: int) -> None:
    found = contents(read_snapshot(old_store(tmp_path, version)))
    runs = {row["run_id"]: row for row in found["runs/old"].to_pylist()}
    assert (runs["clika"]["source"], runs["clika"]["probe"], runs["clika"]["harness"]) == ("import", None, None)
    assert (runs["own"]["source"], runs["own"]["probe"], runs["own"]["harness"]) == ("probe", "letter", None)
    assert {(row["model"], row["probe"]) for row in found["results/old"].to_pylist()} == {
        ("m", None),
        ("lab", "letter"),
    }
    opened = open_database([tmp_path])
    assert opened.names("model") == ("lab", "m")
    accuracy = compute(opened, "accuracy", models=["m"])
    assert dict(zip(accuracy["language"], accuracy["correct"], strict=True)) == {"de": 2, "en": 1, "he": 1}
    opened.close()


@pytest.mark.slow
@pytest.mark.parametrize("version", [1, 2])
def test_a_store_is_written_anew_with_the_same_rows_and_figures(tmp_path: Path, version: int) -> None:
    folder = old_store(tmp_path / "store", version)
    before, rows = figures(folder), contents(read_snapshot(folder))
    assert {file.entry.table for file in outdated_files(folder)} == {"results", "runs"}
    written = rewrite_store(folder)
    assert (len(written.written), len(written.removed)) == (2, 2)
    assert outdated_files(folder) == ()
    pd.testing.assert_frame_equal(figures(folder), before)
    after = contents(read_snapshot(folder))
    for name, table in rows.items():
        assert sorted(after[name].to_pylist(), key=str) == sorted(table.to_pylist(), key=str)
    assert rewrite_store(folder).written == ()


@pytest.mark.slow
def test_a_check_names_the_command_that_writes_anew_and_the_command_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = old_store(tmp_path / "store", 2)
    report = check_store([folder])
    (note,) = report.notes
    assert not report.findings and report.lines()[-2:] == ["all is well", note]
    command = note.partition("to write anew: python -m engine ")[2].split()
    assert command == ["check", "--rewrite", "--store", str(folder)]
    with pytest.raises(SystemExit) as ended:
        main([*command, "--no-embedded"])
    assert not ended.value.code
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("written anew: results/old-") and ", runs/old-" in first
    assert rest == check_store([folder]).lines() and rest[-1] == "all is well"


def test_a_store_that_another_process_writes_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = old_store(tmp_path, 1)
    before = {path: path.read_bytes() for path in folder.rglob("*.parquet")}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.store.write.replace_file", full)
    with pytest.raises(IsoglossError, match="no room"):
        rewrite_store(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*.parquet")} == before


def test_what_needs_no_younger_version_keeps_its_bytes() -> None:
    own = rows_to_table("runs", run_rows("lab"))
    assert b"isogloss.schema_version\x18\x011" in encode("runs", own)
    for change in ({"probe": None}, {"source": "import", "harness": "CLiKA"}):
        younger = encode("runs", rows_to_table("runs", run_rows("lab", **change)))
        assert f"isogloss.schema_version\x18\x01{SCHEMA_VERSION}".encode() in younger


def test_today_nobody_writes_import_for_a_probe(tmp_path: Path) -> None:
    rows = rows_to_table("results", result_rows("m", "d", GOLD, SAID, probe="import"))
    plant(tmp_path, parquet(rows.cast(TABLES["results"].arrow)), rows=rows.num_rows)
    opened = open_database([tmp_path])
    assert "and not import, which says who asked" in opened.problems[0].reason
    opened.close()


def test_the_embedded_store_needs_no_writing_anew() -> None:
    assert outdated_files(EMBEDDED) == ()
