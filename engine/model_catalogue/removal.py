"""Taking a model away that was got, whole or not. Its answers stay in the store."""

import contextlib
import shutil
from pathlib import Path

from engine.errors import IsoglossError
from engine.model_catalogue.catalogue import CatalogueModel
from engine.model_catalogue.place import SUMS, ModelPlace
from engine.runs.disk import writing
from engine.runs.lock import locked


def remove_model(model: CatalogueModel, store: Path) -> None:
    """Delete a model's file and what was left of getting it; nothing that somebody else put beside it.

    Raises IsoglossError when nothing of it is here, and with exit status 75 when it is being got.
    """
    place = ModelPlace(model, store)
    if not place.is_here and not place.work.is_dir():
        raise IsoglossError(f"{model.name} is not in {store}: there is nothing to remove", exit_status=64)
    with (
        locked(place.lock, f"{model.name} is being got, or removed,"),
        writing(place.folder, lambda: "what is left can be removed by the same command"),
    ):
        if place.work.is_dir():
            shutil.rmtree(place.work)
        for file in (place.target, place.folder / SUMS):
            file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # it is not there, or holds what is not ours
            place.folder.rmdir()
