"""The import that this server started: one at a time, whoever asks; what became of it until somebody has read it."""

import signal
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from engine.errors import IsoglossError
from engine.launched_import import ImportProgress, read_progress, start_clika_import
from engine.runs.launchers.local import last_word

_FOLDER = "work"  # of the store, where runs work as well


@dataclass(frozen=True)
class StartedImport:
    """A process that imports a release."""

    source: str
    log: Path
    stated: Path  # where it states how far it is
    process: "subprocess.Popen[bytes]"

    @property
    def is_alive(self) -> bool:
        """Whether the process still goes on."""
        return self.process.poll() is None

    @property
    def has_failed(self) -> bool:
        """Whether it ended without having imported all that it found."""
        return self.process.poll() not in (None, 0)

    @property
    def progress(self) -> ImportProgress | None:
        """How far it is; None before it has found its files."""
        return read_progress(self.stated)

    def said(self) -> str:
        """What became of it, by its log."""
        if self.process.poll() in (-signal.SIGTERM, 130):
            return "it was cancelled"
        return last_word(self.log) or f"it ended without a word (status {self.process.poll()})."


class Imports:
    """The one import of a server, shared by all its visitors."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: StartedImport | None = None

    @property
    def last(self) -> StartedImport | None:
        """The import that goes on, or the last one until somebody has read what became of it."""
        return self._last

    def start(self, source: str, *, store: Path) -> None:
        """Start an import. IsoglossError while another goes on, and where no process can be made."""
        with self._lock:
            if self._last is not None and self._last.is_alive:
                raise IsoglossError("an import is going on already; wait for its end, or cancel it", exit_status=75)
            log, stated = store / _FOLDER / "import.log", store / _FOLDER / "import.json"
            for file in (log, stated):
                file.unlink(missing_ok=True)
            self._last = StartedImport(source, log, stated, start_clika_import(source, store, log=log, progress=stated))

    def forget(self) -> None:
        """Somebody has read what became of it."""
        with self._lock:
            self._last = None if self._last is None or not self._last.is_alive else self._last


@st.cache_resource(show_spinner=False)
def imports() -> Imports:
    """The imports of this server, one object for all its visitors."""
    return Imports()
