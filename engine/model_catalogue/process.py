"""Getting a model in a process of its own: started, and stopped from elsewhere. Imports no torch."""

import subprocess
from pathlib import Path

from engine.errors import IsoglossError
from engine.model_catalogue.catalogue import CatalogueModel
from engine.model_catalogue.place import ModelPlace
from engine.model_catalogue.status import status_of
from engine.runs.launchers.local import ask_to_stop, start_process


def start_getting(model: CatalogueModel, store: Path, *, accepted: bool) -> "subprocess.Popen[bytes]":
    """Start the getting of a model, whose status tells how far it is; what it says is added to its log.

    Raises IsoglossError when no process can be made. What else may go wrong the status and the log tell.
    """
    place = ModelPlace(model, store)
    terms = ("--accept-terms",) if accepted else ()
    arguments = ("models", "get", model.name, "--store", str(store.resolve()), *terms)
    return start_process(arguments, log=place.log, what=f"the getting of {model.name}")


def stop_getting(model: CatalogueModel, store: Path) -> None:
    """Ask the process that gets a model to stop; what it has is kept, and the same command goes on from there.

    Raises IsoglossError when none gets it, or one on another machine or of another user does.
    """
    status = status_of(model, store)
    if status is None or not status.is_under_way or status.pid is None or status.host is None:
        raise IsoglossError(f"{model.name} is not being got")
    ask_to_stop(status.pid, status.host, what=f"the getting of {model.name}")
