"""The order in which a commit reaches the disk: each file synced, renamed, its folder synced; the manifest last."""

import os
import stat
from pathlib import Path

import pytest

import engine.store.atomic
import engine.store.write
from engine.store.manifest import MANIFEST, read_manifest
from engine.store.write import write_files
from tests.faults.rows import both
from tests.faults.steps import manifest_first

Event = tuple[str, str]  # what was done, to which path


def _recorded(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Record every sync (of a file with content, or of a folder), rename and deletion from now on."""
    events: list[Event] = []
    plain_fsync, plain_replace, plain_unlink = os.fsync, os.replace, os.unlink

    def fsync(descriptor: int) -> None:
        status = os.fstat(descriptor)
        kind = "sync folder" if stat.S_ISDIR(status.st_mode) else f"sync {status.st_size} bytes"
        events.append((kind, str(Path(f"/proc/self/fd/{descriptor}").readlink())))
        plain_fsync(descriptor)

    def replace(source: Path, target: Path) -> None:
        events.append((f"rename {source} to", str(target)))
        plain_replace(source, target)

    def unlink(path: Path) -> None:
        if os.path.lexists(path):
            events.append(("delete", str(path)))
        plain_unlink(path)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(os, "unlink", unlink)
    return events


def _faults(events: list[Event], folder: Path) -> list[str]:
    """What is wrong with the order: () for a commit that survives a power cut."""
    faults = []
    renames = [number for number, (what, _) in enumerate(events) if what.startswith("rename ")]
    for number in renames:
        what, target = events[number]
        source, size = what.split()[1], Path(target).stat().st_size if Path(target).exists() else None
        before = [done for done, path in events[:number] if path == source]
        synced = before[-1:] == [f"sync {size} bytes"] if size else before[-1:] and before[-1].startswith("sync ")
        if not synced:
            faults.append(f"{target} was renamed before it was synced")
        if events[number + 1 : number + 2] != [("sync folder", str(Path(target).parent))]:
            faults.append(f"the folder of {target} was not synced at once")
    order = [Path(events[number][1]).name for number in renames]
    data = {Path(entry.path).name for entry in read_manifest(folder)}
    named = order.index(MANIFEST) if MANIFEST in order else -1
    if not data <= set(order[:named]):
        faults.append("the manifest was renamed before the files it names")
    manifest_done = (
        events.index(("sync folder", str(folder)), renames[named]) if ("sync folder", str(folder)) in events else 0
    )
    if any(what == "delete" and path.endswith(".parquet") for what, path in events[:manifest_done]):
        faults.append("a file was deleted before the manifest that does without it was safe")
    return faults


def _commit_events(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    write_files(folder, both("old"))
    events = _recorded(monkeypatch)
    write_files(folder, both("new"))
    return events


def test_each_file_is_safe_before_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = _commit_events(tmp_path, monkeypatch)
    assert _faults(events, tmp_path) == []
    renamed = [path for what, path in events if what.startswith("rename ")]
    # The note of what is under way, two files, the manifest.
    assert len(renamed) == 4
    # The two old files, and the note.
    assert len([path for what, path in events if what == "delete"]) == 3


def test_a_new_folder_is_safe_before_a_file_is_put_into_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, both("old")[:1])
    events = _recorded(monkeypatch)
    write_files(tmp_path, both("old")[1:])  # the first file in runs/
    first_inside = next(number for number, (_, path) in enumerate(events) if path.startswith(f"{tmp_path}/runs/"))
    assert ("sync folder", str(tmp_path)) in events[:first_inside]


def _without(call: str) -> object:
    """The planted bug: a replace_file that leaves one of its steps out."""

    def replace_file(path: Path, data: bytes) -> None:
        temporary = engine.store.atomic.temporary_path(path)
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            if call != "sync file":
                os.fsync(file.fileno())
        temporary.replace(path)
        if call != "sync folder":
            engine.store.atomic.sync_folder(path.parent)

    return replace_file


@pytest.mark.parametrize("left_out", ["sync file", "sync folder"])
def test_control_a_missing_sync_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left_out: str) -> None:
    monkeypatch.setattr(engine.store.write, "replace_file", _without(left_out))
    assert len(_faults(_commit_events(tmp_path, monkeypatch), tmp_path)) >= 4


def test_control_the_copied_steps_are_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.store.write, "replace_file", _without("nothing"))
    assert _faults(_commit_events(tmp_path, monkeypatch), tmp_path) == []


def test_control_a_manifest_renamed_first_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest_first(monkeypatch.setattr)
    faults = _faults(_commit_events(tmp_path, monkeypatch), tmp_path)
    assert "the manifest was renamed before the files it names" in faults
