"""Every call by which a writer changes the disk, counted, so that a fault can be put at each one of them."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import engine.store.write
from engine.store.atomic import replace_file
from engine.store.manifest import MANIFEST

_CALLS = ("fsync", "replace", "unlink", "mkdir")


def before_each_step(act: Callable[[int], None], patch: Callable[[object, str, object], None]) -> None:
    """Call `act(number)` before each call that creates, syncs, renames or deletes; numbers count from 1."""
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1
        act(taken)

    def watched(call: Callable[..., object]) -> Callable[..., object]:
        def stepping(*arguments: object, **options: object) -> object:
            step()
            return call(*arguments, **options)

        return stepping

    for name in _CALLS:
        patch(os, name, watched(getattr(os, name)))
    plain_open = os.open

    def stepping_open(path: str, flags: int, *arguments: int, **options: Any) -> int:
        if flags & os.O_CREAT:
            step()
        return plain_open(path, flags, *arguments, **options)

    patch(os, "open", stepping_open)


def manifest_first(patch: Callable[[object, str, object], None]) -> None:
    """The planted bug: the manifest is replaced before the files that it names are there."""
    plain = replace_file
    held: list[tuple[Path, bytes]] = []

    def late(path: Path, data: bytes) -> None:
        if str(path).endswith(".parquet"):
            held.append((path, data))
            return
        plain(path, data)
        if str(path).endswith(MANIFEST):
            for file, content in held:
                plain(file, content)
            held.clear()

    patch(engine.store.write, "replace_file", late)
