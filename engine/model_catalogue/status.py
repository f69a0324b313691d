"""How far the getting of a model is, as it states it itself. Imports no torch: the dashboard reads it."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from engine.model_catalogue.catalogue import CatalogueModel, PackagedFile
from engine.model_catalogue.place import ModelPlace
from engine.runs.lock import is_held, read_holder
from engine.store.atomic import BadFile, read_regular

DownloadState = Literal["getting", "checking", "done", "failed", "stopped"]
_LIMIT = 64 * 1024  # bytes; a status has some 300
_KILLED = "the process ended without a word: it was killed, or the machine went down"


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid", strict=True))
class DownloadStatus:
    """How far the getting of a model is."""

    name: str
    state: DownloadState  # checking: all of it is here, and is compared with its hash
    message: str | None = None  # why it failed
    done: int  # bytes so far
    total: int | None  # bytes in all; None: a hub's, whose client does not tell
    pid: int | None = None  # of the process that gets it, or did; None: nobody's
    host: str | None = None
    updated: datetime | None = None  # when this was written, UTC

    @property
    def is_under_way(self) -> bool:
        """Whether a process is at it."""
        return self.state in ("getting", "checking")


_ADAPTER = TypeAdapter(DownloadStatus)


def status_of(model: CatalogueModel, store: Path) -> DownloadStatus | None:
    """How far a model is, corrected by whether a process holds its lock; None where nothing of it is here.

    One that says it is being got and is not held was killed; one that ended and is held is being got again.
    """
    place = ModelPlace(model, store)
    stated, held = _read(place), is_held(place.lock)
    if stated is not None and stated.is_under_way and not held:
        # It may have ended, or have been started again, between the two looks.
        stated, held = _read(place), is_held(place.lock)
    safe = place.safe_bytes()
    total = model.source.bytes if isinstance(model.source, PackagedFile) else None
    if held and (stated is None or not stated.is_under_way):
        holder = read_holder(place.lock)
        pid, host = (holder.pid, holder.host) if holder else (None, None)
        return DownloadStatus(name=model.name, state="getting", done=safe, total=total, pid=pid, host=host)
    if stated is not None and stated.is_under_way and not held:
        stated = replace(stated, state="failed", message=_KILLED, done=safe)
    if place.is_here and not held:
        return DownloadStatus(name=model.name, state="done", done=safe, total=total)
    if stated is None and safe:
        return DownloadStatus(name=model.name, state="stopped", done=safe, total=total)
    return stated


def status_bytes(status: DownloadStatus) -> bytes:
    """The status file."""
    return _ADAPTER.dump_json(status, indent=1) + b"\n"


def _read(place: ModelPlace) -> DownloadStatus | None:
    """What is stated; None where nothing is, or nothing that can be read: the next statement replaces it."""
    try:
        return _ADAPTER.validate_json(read_regular(place.status, limit=_LIMIT))
    except (FileNotFoundError, BadFile, ValidationError):
        return None
