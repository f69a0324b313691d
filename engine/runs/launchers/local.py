"""Commands in processes of their own on this machine: started, and stopped from elsewhere. Imports no torch."""

import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.errors import IsoglossError
from engine.locations import PROJECT
from engine.runs.progress import read_run

_LOG_TAIL = 16_384  # bytes of a log that are looked at for its last word


def start_run(arguments: Sequence[str], *, log: Path) -> "subprocess.Popen[bytes]":
    """Start `python -m engine` with these arguments (`run`, `--model`, …); what it says is added to the file `log`.

    Raises IsoglossError when the log cannot be written or no process can be made.
    """
    return start_process(arguments, log=log, what="the run")


def start_process(arguments: Sequence[str], *, log: Path, what: str) -> "subprocess.Popen[bytes]":
    """Start `python -m engine` with any arguments; `what` it is, for the error. Raises IsoglossError as `start_run`."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "engine", *arguments],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C meant for the dashboard, or its end, does not reach the run
            )
    except OSError as error:
        raise IsoglossError(f"{what} could not be started: {error.strerror} ({log})") from error


def stop_run(store: Path, run_id: str) -> None:
    """Ask the process that writes a run to stop; what it has is safe, and the same command goes on from there.

    Raises IsoglossError when the run is not running, or runs on another machine or as another user.
    """
    run = read_run(store, run_id)
    if run is None or run.state != "running":
        state = "has not begun" if run is None else f"is {run.state}"
        raise IsoglossError(f"run {run_id} is not running: it {state}")
    ask_to_stop(run.pid, run.host, what=f"run {run_id}")


def ask_to_stop(pid: int, host: str, *, what: str) -> None:
    """Ask a process to stop. Raises IsoglossError when it has ended, or is another machine's or another user's."""
    if host != socket.gethostname():
        raise IsoglossError(f"{what} runs on {host}: stop process {pid} there")
    try:
        # Not SIGINT, which a process in the background of a script ignores.
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError as error:
        raise IsoglossError(f"{what} has just ended") from error
    except PermissionError as error:
        raise IsoglossError(f"{what} belongs to another user: stop process {pid} as that user") from error


def command_line(arguments: Sequence[str]) -> str:
    """The same as a line for the shell, to be typed in the project's folder."""
    return shlex.join([".venv/bin/python", "-m", "engine", *arguments])


def last_word(log: Path) -> str:
    """The error that a log ends with, else its last line; empty where nothing was said."""
    try:
        with log.open("rb") as file:
            file.seek(max(log.stat().st_size - _LOG_TAIL, 0))
            lines = file.read().decode("utf-8", errors="replace").splitlines()
    except OSError as error:
        return f"{log} cannot be read: {error.strerror}"
    said = [line.strip() for line in lines if line.strip()]
    errors = [line.removeprefix("error: ") for line in said if line.startswith("error: ")]
    return (errors or said or [""])[-1]
