"""The registry of importers: an importer is one function and one line, also where another package brings it."""

import csv
import io
import json
from pathlib import Path

import pytest

from engine.cli import main
from engine.importers.importer import IMPORTERS
from engine.locations import PROJECT

PLANTED = "tests.support.planted_importer:import_planted"
GOLD, SAID = (0, 1), {"de": (0, 0), "en": (0, 1), "he": (1, 1)}  # right: de the first fact, en both, he the second
# Shared by two languages, of what is right in either: de and en 1 of 2, de and he 0 of 2, en and he 1 of 2.
OVERLAP = {("de", "en"): "0.500000", ("de", "he"): "0.000000", ("en", "he"): "0.500000"}


def engine(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


@pytest.fixture
def log(tmp_path: Path) -> str:
    lines = [
        {"language": language, "item": f"fact-{number}", "question": f"{number} in {language}?", "options": ["a", "b"]}
        | {"gold": gold, "said": said}
        for language, answers in SAID.items()
        for number, (gold, said) in enumerate(zip(GOLD, answers, strict=True))
    ]
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return str(tmp_path / "log.jsonl")


def overlap_of_an_import(name: str, log: str, store: Path, capsys: pytest.CaptureFixture[str]) -> dict[object, str]:
    assert engine("import", name, log, "--store", str(store)) == 0
    assert capsys.readouterr().out.startswith("Imported 6 answers from 3 files: 1 dataset, 1 model, 3 languages.\n")
    assert engine("metric", "overlap", "--store", str(store), "--no-embedded", "--format", "csv") == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    return {(row["language_a"], row["language_b"]): row["overlap"] for row in rows}


@pytest.mark.slow
def test_an_importer_is_one_function_and_one_line(
    log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(IMPORTERS, "planted", PLANTED)
    assert overlap_of_an_import("planted", log, tmp_path / "store", capsys) == OVERLAP
    assert engine("import", "--help") == 0
    assert "Import a planted log." in capsys.readouterr().out


def package(folder: Path, monkeypatch: pytest.MonkeyPatch, entries: str) -> None:
    """A package of others, as an installer leaves it."""
    source = (PROJECT / "tests" / "support" / "planted_importer.py").read_text(encoding="utf-8")
    (folder / "isogloss_planted.py").write_text(source, encoding="utf-8")
    info = folder / "isogloss_planted-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: isogloss-planted\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[isogloss.importers]\n{entries}\n")
    monkeypatch.syspath_prepend(str(folder))


@pytest.mark.slow
def test_an_importer_of_another_package(
    log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package(tmp_path, monkeypatch, "planted = isogloss_planted:import_planted\nclika = isogloss_planted:import_planted")
    assert overlap_of_an_import("planted", log, tmp_path / "store", capsys) == OVERLAP
    # of two with one name, the other goes by its package as well
    assert overlap_of_an_import("clika@isogloss-planted", log, tmp_path / "other", capsys) == OVERLAP


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("isogloss_nowhere:bring", "cannot be loaded: ModuleNotFoundError: No module named 'isogloss_nowhere'"),
        ("isogloss_planted:LOCAL", "is no function"),
    ],
)
def test_an_importer_that_fails_is_said_by_name_when_it_is_needed(
    entry: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package(tmp_path, monkeypatch, f"broken = {entry}")
    assert engine("--help") == engine("import", "--help") == engine("import", "facts", "--help") == 0
    assert "NOT AVAILABLE" in capsys.readouterr().out
    assert engine("import", "broken") == 1
    said = capsys.readouterr().err
    assert f"error: the importer broken of the package isogloss-planted ({entry}) {reason}" in said
