"""An import as a process of its own: what it states of how far it is, and what it leaves when it is stopped."""

import signal
import socket
from pathlib import Path

import pytest

from engine.launched_import import ImportProgress, StatedProgress, read_progress, start_clika_import
from engine.runs.launchers.local import last_word
from engine.store.manifest import read_manifest
from tests.support.clika_small import write_geo

SAID = {"m": {"en": ["A", "C"], "de": ["A", "B"], "he": ["D", "C"]}}


@pytest.mark.slow
def test_an_import_states_how_far_it_is_and_fills_the_store(tmp_path: Path) -> None:
    release = write_geo(tmp_path / "release", SAID)
    store, log, stated = tmp_path / "store", tmp_path / "work" / "log", tmp_path / "work" / "progress"
    process = start_clika_import(str(release), store, log=log, progress=stated)
    assert process.wait(60) == 0, log.read_text(encoding="utf-8")
    assert read_progress(stated) == ImportProgress(done=3, total=3)  # a file for each language
    assert {entry.table for entry in read_manifest(store)} == {"facts", "results", "runs"}


@pytest.mark.slow
@pytest.mark.parametrize("source", ["--help", "nowhere"])
def test_what_is_no_release_is_said_and_is_no_option(tmp_path: Path, source: str) -> None:
    log = tmp_path / "log"
    assert start_clika_import(source, tmp_path / "store", log=log, progress=tmp_path / "p").wait(60) != 0
    assert source in last_word(log)


@pytest.mark.slow
def test_a_stopped_import_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://127.0.0.1:{silent.getsockname()[1]}/release.git"
        process = start_clika_import(address, tmp_path / "store", log=tmp_path / "log", progress=tmp_path / "p")
        asking, _ = silent.accept()  # git asks, and nobody answers
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 130
        asking.close()
    assert read_progress(tmp_path / "p") is None
    assert not (tmp_path / "store").exists()
    assert not list((tmp_path / "temporary").iterdir())


def test_a_statement_is_what_was_done_last(tmp_path: Path) -> None:
    progress = StatedProgress(tmp_path / "p")
    task = progress.add_task("reading", total=2)
    progress.advance(task)
    progress.advance(task)
    assert read_progress(tmp_path / "p") == ImportProgress(done=2, total=2)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"done": 1}', '{"done": "x", "total": 2}', '{"done": [], "total": 2}']
)
def test_a_statement_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "p").write_text(text, encoding="utf-8")
    assert read_progress(tmp_path / "p") is None
