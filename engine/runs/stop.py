"""Stopping a run from another process. Imports no torch: the dashboard does it."""

import os
import signal
import socket
from pathlib import Path

from engine.errors import IsoglossError
from engine.runs.progress import read_run


def stop_run(store: Path, run_id: str) -> None:
    """Ask the process that writes a run to stop; what it has is safe, and the same command goes on from there.

    Raises IsoglossError when the run is not running, or runs on another machine or as another user.
    """
    run = read_run(store, run_id)
    if run is None or run.state != "running":
        state = "has not begun" if run is None else f"is {run.state}"
        raise IsoglossError(f"run {run_id} is not running: it {state}")
    if run.host != socket.gethostname():
        raise IsoglossError(f"run {run_id} runs on {run.host}: stop process {run.pid} there")
    try:
        # Not SIGINT, which a process in the background of a script ignores.
        os.kill(run.pid, signal.SIGTERM)
    except ProcessLookupError as error:
        raise IsoglossError(f"run {run_id} has just ended") from error
    except PermissionError as error:
        raise IsoglossError(f"run {run_id} belongs to another user: stop process {run.pid} as that user") from error
