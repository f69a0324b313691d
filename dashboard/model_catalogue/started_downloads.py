"""The getting of models that this server started. How far each is, its status tells, whoever started it."""

import signal
import subprocess
import threading
from pathlib import Path

import streamlit as st

from engine.errors import IsoglossError
from engine.model_catalogue.catalogue import CatalogueModel
from engine.model_catalogue.place import ModelPlace
from engine.model_catalogue.process import start_getting, stop_getting
from engine.model_catalogue.status import status_of
from engine.runs.launchers.local import last_word

_ON_REQUEST = (0, 130, -signal.SIGTERM)  # how a process ends that did what it was asked to


class StartedDownloads:
    """The processes that get models, one a model, shared by all visitors of a server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, model: CatalogueModel, store: Path, *, accepted: bool) -> None:
        """Start to get a model. IsoglossError while it is being got, and where no process can be made."""
        with self._lock:
            status = status_of(model, store)
            if self.is_alive(model) or (status is not None and status.is_under_way):
                raise IsoglossError(f"{model.title} is being got already", exit_status=75)
            self._processes[model.name] = start_getting(model, store, accepted=accepted)

    def is_alive(self, model: CatalogueModel) -> bool:
        """Whether a process that was started here is at it; at first it has no status yet."""
        process = self._processes.get(model.name)
        return process is not None and process.poll() is None

    def stop(self, model: CatalogueModel, store: Path) -> None:
        """Stop the process that gets a model, whoever started it. IsoglossError where that cannot be done from here."""
        status = status_of(model, store)
        if status is None and self.is_alive(model):
            self._processes[model.name].terminate()
        else:
            stop_getting(model, store)

    def failure(self, model: CatalogueModel, store: Path) -> str | None:
        """Why a model was not got: by its status, or by the log of a process that came to none; None: no failure."""
        status, process = status_of(model, store), self._processes.get(model.name)
        if status is not None and (status.is_under_way or status.state == "done"):
            return None
        if status is not None and status.state == "failed":
            return status.message
        if process is None or process.poll() is None or process.poll() in _ON_REQUEST:
            return None
        return last_word(ModelPlace(model, store).log) or f"it ended without a word (status {process.poll()})"


@st.cache_resource(show_spinner=False)
def started_downloads() -> StartedDownloads:
    """The getting of models by this server, one object for all its visitors."""
    return StartedDownloads()
