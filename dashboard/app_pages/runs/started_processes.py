"""The runs that this server started: one at a time, whoever asks; what became of each until somebody has read it."""

import secrets
import signal
import socket
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from engine.errors import IsoglossError
from engine.runs.launchers.local import last_word, start_run
from engine.runs.progress import RunProgress, list_runs


@dataclass(frozen=True)
class Launch:
    """A process that was started here. It loads its model first; then it is a run with a progress of its own."""

    title: str
    log: Path
    process: "subprocess.Popen[bytes]"

    @property
    def is_alive(self) -> bool:
        """Whether the process still goes on."""
        return self.process.poll() is None

    def is_told_by(self, run: RunProgress) -> bool:
        """Whether a run's progress says what became of it."""
        return run.pid == self.process.pid and run.host == socket.gethostname()

    def said(self) -> str:
        """The last word of its log."""
        if self.process.poll() == -signal.SIGTERM:
            return "stopped on request"
        return last_word(self.log) or f"it ended without a word (status {self.process.poll()})"


class Launches:
    """The processes started by a server, at most one alive, shared by all its visitors."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._launches: list[Launch] = []

    def start(self, arguments: Sequence[str], *, title: str, store: Path, log: Path | None = None) -> None:
        """Start a run, its log beside the runs' folders unless it has one. IsoglossError while another goes on."""
        with self._lock:
            if any(launch.is_alive for launch in self._launches) or running_here(list_runs(store)):
                raise IsoglossError("a run is going on already; wait for its end, or stop it", exit_status=75)
            log = log or store / "work" / f"started-{secrets.token_hex(4)}.log"
            self._launches.append(Launch(title, log, start_run(arguments, log=log)))

    def untold(self, runs: Sequence[RunProgress]) -> list[Launch]:
        """What no run's progress tells: processes that still load, and those that ended before they were a run."""
        with self._lock:
            self._launches = [launch for launch in self._launches if launch.is_alive or not _is_told(launch, runs)]
            return [launch for launch in self._launches if not _is_told(launch, runs)]

    def forget(self, launch: Launch) -> None:
        """Somebody has read what became of it."""
        with self._lock:
            self._launches = [other for other in self._launches if other is not launch]


@st.cache_resource(show_spinner=False)
def launches() -> Launches:
    """The runs started by this server, one object for all its visitors."""
    return Launches()


def running_here(runs: Sequence[RunProgress]) -> bool:
    """Whether a run goes on on this machine."""
    return any(run.state == "running" and run.host == socket.gethostname() for run in runs)


def _is_told(launch: Launch, runs: Sequence[RunProgress]) -> bool:
    return any(launch.is_told_by(run) for run in runs)
