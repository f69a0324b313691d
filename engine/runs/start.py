"""Starting a run in a process of its own, which outlives the program that started it. Imports no torch."""

import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.errors import IsoglossError
from engine.locations import EMBEDDED

_PROJECT = EMBEDDED.parent  # where `python -m engine` finds the engine
_LOG_TAIL = 16_384  # bytes of a log that are looked at for its last word


def start_run(arguments: Sequence[str], *, log: Path) -> "subprocess.Popen[bytes]":
    """Start `python -m engine` with these arguments (`run`, `--model`, …); what it says is added to the file `log`.

    Raises IsoglossError when the log cannot be written or no process can be made.
    """
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "engine", *arguments],
                cwd=_PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C meant for the dashboard, or its end, does not reach the run
            )
    except OSError as error:
        raise IsoglossError(f"the run could not be started: {error.strerror} ({log})") from error


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
