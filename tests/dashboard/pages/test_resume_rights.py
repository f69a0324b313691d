"""Which runs a visitor may go on with."""

from pathlib import Path

from dashboard.app_pages.runs.resume_rights import may_be_resumed
from engine.configured_models import ALLOWED
from tests.support.run_progress import made_up


def written(store: Path, text: str) -> Path:
    (store / ALLOWED).write_text(text, encoding="utf-8")
    return store


def test_only_runs_of_models_on_the_list_may_be_resumed(tmp_path: Path) -> None:
    store = written(tmp_path, '[models]\na = "org/a"\n')
    usual = ("run", "--model", "org/a", "--dataset", "d", "--languages", "de,en,he", "--store", str(store))

    def may(*command: str) -> bool:
        return may_be_resumed(store, made_up(state="stopped", command=command))

    assert may(*usual)
    assert may(*usual, "--probe", "cloze", "--limit", "5", "--no-embedded")
    assert not may("import", *usual[1:])
    assert not may(*usual[1:])
    assert not may("run", "--model", "org/b", *usual[3:])
    assert not may(*usual, "--model", "org/b")
    assert not may("run", *usual[3:])
    assert not may(*usual, "--adapter", "/elsewhere")
    assert not may(*usual, "--template-file", "/elsewhere")
    assert not may(*usual, "--model=org/b")
    assert not may(*usual[:-1], "/elsewhere")
    assert not may(*usual, "--debug")
    written(tmp_path, "[models")
    assert not may(*usual)


def test_a_tokenizer_is_passed_on_as_it_stands_beside_the_model(tmp_path: Path) -> None:
    store = written(tmp_path, '[models]\na = { model = "org/a", tokenizer = "org/t" }\nb = "org/b"\n')

    def may(*models: str) -> bool:
        command = ("run", *models, "--dataset", "d", "--store", str(store))
        return may_be_resumed(store, made_up(state="stopped", command=command))

    assert may("--model", "org/a", "--tokenizer", "org/t") and may("--model", "org/b")
    assert not may("--model", "org/a") and not may("--model", "org/b", "--tokenizer", "org/t")
    assert not may("--model", "org/a", "--tokenizer", "org/other")
