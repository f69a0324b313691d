"""A model is got once at a time, whoever asks; why it was not got is told, also where there is no status."""

import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.model_catalogue import started_downloads as module
from dashboard.model_catalogue.started_downloads import StartedDownloads
from engine.errors import IsoglossError
from engine.model_catalogue.catalogue import CatalogueModel
from engine.model_catalogue.place import ModelPlace
from engine.model_catalogue.status import DownloadStatus, status_bytes
from tests.support.small_catalogue import tiny_model

TINY, OTHER = tiny_model(), tiny_model("other")


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> StartedDownloads:
    """Each a process that waits until its input ends, says so, and fails where terms are not accepted."""

    def start(model: CatalogueModel, store: Path, *, accepted: bool) -> "subprocess.Popen[bytes]":
        code = "import sys; sys.stdin.read(); print('error: no room'); sys.exit(int(sys.argv[1]))"
        log = ModelPlace(model, store).log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            arguments = [sys.executable, "-c", code, str(int(not accepted))]
            return subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=output)

    monkeypatch.setattr(module, "start_getting", start)
    return StartedDownloads()


def end(downloads: StartedDownloads, model: CatalogueModel = TINY) -> None:
    process = downloads._processes[model.name]
    assert process.stdin is not None
    process.stdin.close()
    process.wait(30)


def test_a_model_is_got_once_at_a_time_and_another_beside_it(downloads: StartedDownloads, tmp_path: Path) -> None:
    downloads.start(TINY, tmp_path, accepted=True)
    with pytest.raises(IsoglossError, match="Tiny is being got already"):
        downloads.start(TINY, tmp_path, accepted=True)
    downloads.start(OTHER, tmp_path, accepted=True)
    assert downloads.is_alive(TINY) and downloads.is_alive(OTHER)
    for model in (TINY, OTHER):
        end(downloads, model)
        assert not downloads.is_alive(model)
        assert downloads.failure(model, tmp_path) is None
    downloads.start(TINY, tmp_path, accepted=True)
    end(downloads)


def test_what_ended_before_it_had_a_status_is_told_by_its_log(downloads: StartedDownloads, tmp_path: Path) -> None:
    downloads.start(TINY, tmp_path, accepted=False)
    assert downloads.failure(TINY, tmp_path) is None
    end(downloads)
    assert downloads.failure(TINY, tmp_path) == "no room"
    downloads.start(TINY, tmp_path, accepted=True)  # tried again, it is no failure any more
    assert downloads.failure(TINY, tmp_path) is None
    end(downloads)


def test_a_status_tells_what_another_process_came_to(downloads: StartedDownloads, tmp_path: Path) -> None:
    place = ModelPlace(TINY, tmp_path)
    place.work.mkdir(parents=True)
    status = DownloadStatus(name=TINY.name, state="failed", message="no network", done=0, total=None)
    place.status.write_bytes(status_bytes(status))
    assert downloads.failure(TINY, tmp_path) == "no network"
    assert downloads.failure(OTHER, tmp_path) is None


def test_what_has_only_been_started_can_be_stopped(downloads: StartedDownloads, tmp_path: Path) -> None:
    with pytest.raises(IsoglossError, match="tiny is not being got"):
        downloads.stop(TINY, tmp_path)
    downloads.start(TINY, tmp_path, accepted=False)
    downloads.stop(TINY, tmp_path)
    end(downloads)
    assert downloads.failure(TINY, tmp_path) is None  # as it was asked to
