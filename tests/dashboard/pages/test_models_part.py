"""The models of the Runs page, on a small catalogue: what is here, what can be had and how, what went wrong."""

from pathlib import Path

import pytest

from dashboard.model_catalogue.started_downloads import StartedDownloads, started_downloads
from dashboard.server.visitor_rights import FETCH_VARIABLE
from engine.configured_models import ALLOWED
from engine.model_catalogue.place import ModelPlace
from engine.model_catalogue.status import DownloadStatus, status_bytes
from tests.support.page import OpenedPage, open_page
from tests.support.small_catalogue import tiny_model, use_catalogue
from tests.support.small_runs import write_facts

FREE, BOUND = tiny_model("free"), tiny_model("bound", must_accept=True)
GET_FREE, GET_BOUND = "Get Free (31 kB)", "Get Bound (31 kB)"  # 10,244 + 21,000 + 13 bytes


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Facts in three languages, a model of the user's own, and two that can be had."""
    use_catalogue(monkeypatch.setattr, FREE, BOUND)
    monkeypatch.setenv(FETCH_VARIABLE, "on")
    started_downloads.clear()
    store = tmp_path / "store"
    write_facts(store)
    (store / ALLOWED).write_text('[models]\nown = "org/own"\n', encoding="utf-8")
    return store


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What was started, in place of a process: the model, and whether its terms are accepted."""
    found: list[tuple[str, bool]] = []

    def start(_: StartedDownloads, model: object, store: Path, *, accepted: bool) -> None:
        found.append((getattr(model, "name", ""), accepted))

    monkeypatch.setattr(StartedDownloads, "start", start)
    return found


def buttons(page: OpenedPage) -> dict[str, bool]:
    """The buttons that get a model or stop that, and whether each is disabled."""
    return {one.label: one.disabled for one in page.app.button if str(one.key).startswith("get-")}


def state(store: Path, status: DownloadStatus) -> None:
    place = ModelPlace(FREE, store)
    place.work.mkdir(parents=True)
    place.status.write_bytes(status_bytes(status))


@pytest.mark.slow
def test_terms_are_accepted_before_the_button_works(
    store: Path, started: list[tuple[str, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page("runs", monkeypatch, store)
    assert page.headings[:2] == ["Start a run", "Models"]
    assert buttons(page) == {GET_FREE: False, GET_BOUND: True}
    (tick,) = page.app.checkbox
    assert tick.label == "I accept the Tiny licence"
    assert page.text.count('href="https://example.org/terms"') == 3  # of both models, and beside the tick
    tick.check().run()
    assert buttons(page)[GET_BOUND] is False
    page.app.button(key="get-bound").click().run()
    page.app.button(key="get-free").click().run()
    assert not page.app.exception
    assert started == [("bound", True), ("free", True)]


@pytest.mark.slow
def test_a_model_that_was_got_is_here_and_can_be_asked(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = ModelPlace(FREE, store)
    place.folder.mkdir(parents=True)
    place.target.write_bytes(b"GGUF")
    page = open_page("runs", monkeypatch, store)
    assert buttons(page) == {GET_BOUND: True}
    assert "English and Hebrew · here" in page.words
    assert ".venv/bin/python -m engine models remove NAME" in page.words
    (choice,) = [control for control in page.app.selectbox if control.key == "run_model"]
    assert "free" in choice.options and "bound" not in choice.options


@pytest.mark.slow
def test_what_went_wrong_is_said_and_can_be_tried_again(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state(store, DownloadStatus(name="free", state="failed", message="no network: <b>look</b>", done=0, total=9))
    page = open_page("runs", monkeypatch, store)
    assert "Free was not got: no network: &lt;b&gt;look&lt;/b&gt;" in page.text
    assert buttons(page) == {"Try again": False, GET_BOUND: True}


@pytest.mark.slow
def test_a_visitor_from_elsewhere_gets_the_commands(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FETCH_VARIABLE, "off")
    page = open_page("runs", monkeypatch, store)
    assert buttons(page) == {}
    assert not page.app.checkbox
    assert "engine models get bound --accept-terms" in page.words
    assert "engine models get free" in page.words


@pytest.mark.slow
def test_a_broken_list_of_models_is_said_once(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (store / ALLOWED).write_text("[models", encoding="utf-8")
    page = open_page("runs", monkeypatch, store)
    assert page.words.count(f"{store / ALLOWED} is not TOML") == 1
    assert "Models" not in page.headings
