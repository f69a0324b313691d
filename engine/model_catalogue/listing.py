"""What can be asked here, and what can be had. Imports no torch: the dashboard reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.configured_models import ALLOWED, allowed_models, origin_of
from engine.model_catalogue.catalogue import CatalogueModel, HubRepository, PackagedFile, catalogue
from engine.model_catalogue.place import ModelPlace
from engine.model_catalogue.status import DownloadStatus, status_of

Presence = Literal["here", "can be had", "half there", "being got"]


@dataclass(frozen=True, kw_only=True)
class ListedModel:
    """A model that can be asked, or had."""

    name: str
    presence: Presence
    origin: str  # where it comes from, or is: packages, hub, embedded, or a path
    bytes: int | None  # of its file or folder; None: not known before it is here
    model: CatalogueModel | None  # None: not of the catalogue
    status: DownloadStatus | None = None  # of one that is not here, where it was begun

    @property
    def state(self) -> str:
        """Its presence in words, with how much of it is there."""
        status = self.status
        if status is None or self.presence == "can be had":
            return self.presence
        total = "" if status.total is None else f" of {status.total:,}"
        return f"{self.presence}, {status.done:,}{total} bytes"


def list_models(store: Path) -> list[ListedModel]:
    """Every model that may be asked by name, then every other one that can be had. Raises IsoglossError."""
    allowed = allowed_models(store / ALLOWED)
    return [*(_here(name, source, store) for name, source in allowed.items()), *_can_be_had(store, set(allowed))]


def _here(name: str, source: str, store: Path) -> ListedModel:
    model = catalogue().get(name)
    if model is not None and not _is_got(model, source, store):  # a name of models.toml
        model = None
    origin = origin_of(source)
    return ListedModel(
        name=name,
        presence="here",
        origin=model.source.kind if model else origin if origin == "embedded" else source,
        bytes=_size(Path(source)),
        model=model,
    )


def _is_got(model: CatalogueModel, source: str, store: Path) -> bool:
    match model.source:
        case PackagedFile():
            return Path(source) == ModelPlace(model, store).target.resolve()
        case HubRepository(id=repository):
            return source == repository


def _can_be_had(store: Path, here: set[str]) -> Iterator[ListedModel]:
    for model in catalogue().values():
        if model.name in here:
            continue
        status = status_of(model, store)
        presence: Presence = "can be had"
        if status is not None and status.is_under_way:
            presence = "being got"
        elif status is not None and status.done:
            presence = "half there"
        yield ListedModel(
            name=model.name,
            presence=presence,
            origin=model.source.kind,
            bytes=model.source.bytes if isinstance(model.source, PackagedFile) else None,
            model=model,
            status=status,
        )


def _size(path: Path) -> int | None:
    """The bytes of a file, or of the files of a folder; None where neither is there."""
    try:
        return path.stat().st_size if path.is_file() else sum(file.stat().st_size for file in path.iterdir())
    except OSError:
        return None
