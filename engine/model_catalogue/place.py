"""Where the models that were got lie inside a store, and what is needed to get them. Imports no torch."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.model_catalogue.catalogue import CatalogueModel, HubRepository, PackagedFile, catalogue

MODELS = "models"  # in a store, beside models.toml
SUMS = "SHA256SUMS"  # beside a file, so that whatever opens it can tell whether it is undamaged
_GETTING = ".get"
_HUB_NOTE = "hub.txt"  # in place of a file: which model of the hub, whose files its own client keeps
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+:-]{0,127}", re.ASCII)  # that results can bear


@dataclass(frozen=True)
class ModelPlace:
    """The place of one model of the catalogue in a store."""

    model: CatalogueModel
    store: Path

    @property
    def folder(self) -> Path:
        """What it is got into."""
        return self.store / MODELS / self.model.name

    @property
    def target(self) -> Path:
        """What is there once it was got: its file, or the note that it is the hub's."""
        match self.model.source:
            case PackagedFile(file=file):
                return self.folder / file
            case HubRepository():
                return self.folder / _HUB_NOTE

    @property
    def work(self) -> Path:
        """What is there while it is being got, and until that is done."""
        return self.store / MODELS / _GETTING / self.model.name

    @property
    def gathered(self) -> Path:
        """The pieces of its file that are safe, one after the other, and perhaps a part of the next."""
        return self.work / "gathered"

    @property
    def status(self) -> Path:
        """How far it is."""
        return self.work / "status.json"

    @property
    def log(self) -> Path:
        """What is said where there is no terminal."""
        return self.work / "log.txt"

    @property
    def lock(self) -> Path:
        """Held by the process that gets, or removes, it. Outlives the work, since a lock must not be deleted."""
        return self.work.with_name(f"{self.model.name}.lock")

    @property
    def is_here(self) -> bool:
        """Whether it was got; not whether it is undamaged."""
        return self.target.is_file()

    def safe_bytes(self) -> int:
        """How much of its file is here: all of it, or the whole pieces that are kept for the next try; 0 of a hub's."""
        if not isinstance(self.model.source, PackagedFile):
            return 0
        if self.is_here:
            return self.model.source.bytes
        try:
            return whole_pieces(self.model.source, self.gathered.stat().st_size)[1]
        except OSError:
            return 0


def whole_pieces(packaged: PackagedFile, size: int) -> tuple[int, int]:
    """How many pieces of a file are whole in its first `size` bytes, and how many bytes these are."""
    whole = end = 0
    for part in packaged.parts:
        if end + part.bytes > size:
            break
        whole, end = whole + 1, end + part.bytes
    return whole, end


def got_models(folder: Path) -> Mapping[str, str]:
    """The source of each model in the folder `models` of a store, by its name: a file, or a hub's id.

    A folder with exactly one .gguf file is a model, whoever put it there.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not _NAME.fullmatch(path.name) or not path.is_dir():
            continue
        files = sorted(path.glob("*.gguf"))
        if len(files) == 1:
            found[path.name] = str(files[0].resolve())
        elif not files and (path / _HUB_NOTE).is_file():
            source = catalogue()[path.name].source if path.name in catalogue() else None
            if isinstance(source, HubRepository):
                found[path.name] = source.id
    return found
