"""Things that are no regular file, or not the one named: never opened, never waited for, always named."""

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.store.verify import read_snapshot, store_version
from engine.store.write import TableFile, write_files
from tests.faults.children import run
from tests.faults.rows import answers, contents, runs

_SECONDS = 20  # a reader that waits for a pipe waits for ever


def _link(path: Path) -> None:
    path.rename(path.with_suffix(".elsewhere"))
    path.symlink_to(path.with_suffix(".elsewhere"))


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path must be short
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(here)


def _replaced_by(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def act(path: Path) -> None:
        path.unlink()
        make(path)

    return act


_ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "a pipe": (_replaced_by(os.mkfifo), "is a named pipe"),
    "a folder": (_replaced_by(Path.mkdir), "is a folder"),
    "a link to the right bytes": (_link, "is a symbolic link"),
    "a link to nowhere": (_replaced_by(lambda path: path.symlink_to("nowhere")), "is a symbolic link"),
    "a device": (_replaced_by(lambda path: path.symlink_to("/dev/zero")), "is a symbolic link"),
    "a socket": (_replaced_by(_socket), "is a socket"),
    "nothing": (Path.unlink, "is missing, although the manifest names it"),
    "0 bytes": (lambda path: path.write_bytes(b""), "has 0 bytes, the manifest says"),
    "cut short": (lambda path: os.truncate(path, path.stat().st_size - 1), "bytes, the manifest says"),
    "a longer one": (lambda path: path.write_bytes(path.read_bytes() + b"."), "bytes, the manifest says"),
    "a byte changed": (lambda path: path.write_bytes(path.read_bytes()[:-9] + b"\1" + path.read_bytes()[-8:]), "hash"),
}


def _read_both(folder: Path) -> None:
    """In a child with a deadline: leaves what was seen in a file."""
    versions = {store_version([folder]) for _ in range(2)}
    snapshot = read_snapshot(folder)
    seen = [(problem.file, problem.reason) for problem in snapshot.problems]
    (folder / "seen").write_text(json.dumps([seen, sorted(contents(snapshot)), len(versions)]), encoding="utf-8")


def _store(folder: Path) -> Path:
    """A store of two files; the path of one of them."""
    write_files(folder, [TableFile("results", "good", answers()), TableFile("runs", "bad", runs())])
    (bad,) = (folder / "runs").iterdir()
    return bad


@pytest.mark.parametrize("name", _ODD)
def test_what_is_no_file_of_the_store_is_named(tmp_path: Path, name: str) -> None:
    make, reason = _ODD[name]
    bad = _store(tmp_path)
    make(bad)
    assert run(_read_both, tmp_path, seconds=_SECONDS) == 0
    problems, read, versions = json.loads((tmp_path / "seen").read_text(encoding="utf-8"))
    assert [file for file, _ in problems] == [f"runs/{bad.name}"]
    assert reason in problems[0][1]
    assert read == ["results/good"]
    assert versions == 1


def test_a_folder_behind_a_link_is_not_entered(tmp_path: Path) -> None:
    store = tmp_path / "store"
    bad = _store(store)
    bad.parent.rename(tmp_path / "elsewhere")
    (store / "runs").symlink_to(tmp_path / "elsewhere")
    snapshot = read_snapshot(store)
    assert [(problem.file, problem.reason) for problem in snapshot.problems] == [
        (f"runs/{bad.name}", "lies behind a symbolic link; only regular files are read")
    ]
    assert set(contents(snapshot)) == {"results/good"}


def test_a_manifest_that_is_a_pipe_is_named(tmp_path: Path) -> None:
    _store(tmp_path)
    (tmp_path / "manifest.json").unlink()
    os.mkfifo(tmp_path / "manifest.json")
    assert run(_read_both, tmp_path, seconds=_SECONDS) == 0
    problems, read, _ = json.loads((tmp_path / "seen").read_text(encoding="utf-8"))
    assert problems[0][0].endswith("/manifest.json")
    assert "is a named pipe" in problems[0][1]
    assert read == []


def _open_plainly(path: Path) -> None:
    path.read_bytes()


def test_control_a_plain_reader_hangs_on_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert run(_open_plainly, tmp_path / "pipe", seconds=1) < 0
