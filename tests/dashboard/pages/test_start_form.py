"""The form that starts a run: probes, their wordings and their settings come from the catalogue."""

from pathlib import Path

import pytest

from dashboard.app_pages.runs.resume_rights import may_be_resumed
from engine.configured_models import ALLOWED
from tests.support.page import OpenedPage, open_page
from tests.support.planted_probe import NAME, plant_probe
from tests.support.run_progress import made_up
from tests.support.small_runs import write_facts


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Facts in three languages and a list of one model."""
    write_facts(tmp_path / "store")
    (tmp_path / "store" / ALLOWED).write_text('[models]\na = "org/a"\n', encoding="utf-8")
    return tmp_path / "store"


def command(page: OpenedPage) -> str:
    """The command that the form would start."""
    return str(page.app.code[0].value)


@pytest.mark.slow
def test_the_usual_run(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page("runs", monkeypatch, store)
    (probes,) = [control for control in page.app.button_group if control.key == "run_probe"]
    assert probes.options == ["Letter", "Cloze", "Generation"]
    assert "most likely letter is its answer" in page.words
    assert command(page).endswith(f"--probe letter --template plain --store {store} --no-embedded")


@pytest.mark.slow
def test_a_link_of_before_asks_under_every_order(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page("runs", monkeypatch, store, run_orders="all", run_limit="2")
    assert "--probe letter --template plain --permute cyclic --limit 2" in command(page)
    page = open_page("runs", monkeypatch, store, run_orders="all", run_probe="cloze")
    assert "--probe cloze --template plain --store" in command(page)


@pytest.mark.slow
def test_a_planted_probe_is_offered(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant_probe(store.parent, monkeypatch)
    page = open_page("runs", monkeypatch, store, run_probe=NAME, run_ask_twice="on")
    (probes,) = [control for control in page.app.button_group if control.key == "run_probe"]
    assert probes.options[-1] == "Least" and probes.value == NAME
    (wordings,) = [control for control in page.app.selectbox if control.key == "run_wording"]
    assert wordings.options == ["whispered", "shouted"]
    assert "the option that the model finds least likely is its answer" in page.words
    assert [toggle.label for toggle in page.app.toggle] == ["Say the question twice"]
    assert "--probe least --template whispered --ask-twice --store" in command(page)


def test_a_run_of_a_planted_probe_may_be_resumed(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("run", "--model", "org/a", "--dataset", "d", "--probe", NAME, "--ask-twice", "--store", str(store))
    stopped = made_up(state="stopped", command=asked)
    assert not may_be_resumed(store, stopped)
    plant_probe(store.parent, monkeypatch)
    assert may_be_resumed(store, stopped)
