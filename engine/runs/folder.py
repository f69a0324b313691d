"""The folder of a run inside a store. Imports no torch."""

import os
from dataclasses import dataclass
from pathlib import Path

from engine.errors import IsoglossError
from engine.runs.lock import is_held
from engine.store.manifest import is_valid_name

_WORK = "work"


@dataclass(frozen=True)
class RunFolder:
    """Where a run keeps what it needs to go on: its plan, its progress, its shards."""

    path: Path

    @property
    def run_id(self) -> str:
        """The run."""
        return self.path.name

    @property
    def plan(self) -> Path:
        """What the run is; written once, before the first answer."""
        return self.path / "plan.json"

    @property
    def progress(self) -> Path:
        """How far it is."""
        return self.path / "progress.json"

    @property
    def lock(self) -> Path:
        """Held by the process that writes the run."""
        return self.path / ".lock"

    @property
    def batch_tokens(self) -> Path:
        """How many tokens a batch could hold when memory had run out."""
        return self.path / "batch_tokens"

    @property
    def shards(self) -> Path:
        """Answers that are safe but not yet in the store's tables."""
        return self.path / "shards"

    @property
    def log(self) -> Path:
        """What a run says that has no terminal."""
        return self.path / "log.txt"

    def is_held(self) -> bool:
        """Whether a process holds the lock; the kernel frees it when the process ends, however it ends."""
        return is_held(self.lock)


def run_folder(store: Path, run_id: str) -> RunFolder:
    """The folder of a run, whether it is there or not. Raises IsoglossError for an id that cannot be a name."""
    if not is_valid_name(run_id):
        allowed = "letters, digits, '.', '_' and '-', at most 64, the first a letter or a digit, no '..'"
        raise IsoglossError(f"{run_id!r} cannot be the id of a run; allowed: {allowed}", exit_status=64)
    return RunFolder(store / _WORK / run_id)


def run_folders(store: Path) -> list[RunFolder]:
    """Every run that a store has a folder for, by its id."""
    try:
        found = sorted(entry.name for entry in os.scandir(store / _WORK) if entry.is_dir(follow_symlinks=False))
    except OSError:  # no run yet, or not ours to list
        return []
    return [RunFolder(store / _WORK / name) for name in found if is_valid_name(name)]
