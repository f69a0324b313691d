"""Progress files of runs that never were, for tests of what reads them."""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.runs.folder import RunFolder, run_folder
from engine.runs.progress import RunProgress, progress_bytes

_THEN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def made_up(**changes: Any) -> RunProgress:
    """A run of two shards, the first of them safe."""
    usual: dict[str, Any] = {
        "run_id": "small-d-letter",
        "state": "running",
        "reason": None,
        "done": 300,
        "total": 400,
        "safe": 256,
        "failed": 0,
        "shards_done": 1,
        "shards_total": 2,
        "rate": 20.0,
        "eta_seconds": 5.0,
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "started": _THEN,
        "updated": _THEN,
        "model": "small",
        "dataset": "d",
        "probe": "letter",
        "templates": ("plain@1",),
        "languages": ("de", "en", "he"),
        "command": ("run", "--model", "m", "--dataset", "d"),
    }
    return RunProgress(**(usual | changes))


def put(store: Path, **changes: Any) -> RunFolder:
    """The folder of such a run inside a store; no process holds its lock."""
    run = made_up(**changes)
    folder = run_folder(store, run.run_id)
    folder.path.mkdir(parents=True, exist_ok=True)
    folder.progress.write_bytes(progress_bytes(run))
    return folder
