"""What the measurements stand on: a temporary folder, the release, and the stores made of it once."""

import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.browse.queries import browse
from engine.database.database import open_database
from engine.importers.clika.importer import import_clika
from engine.importers.clika.release import find_release
from engine.locations import EMBEDDED
from tests.conftest import SHARED

NO_RELEASE = "no folder ../shared/data/clika beside the project"
WHOLE_RELEASE = 864_800  # answers
_SUFFIX = "_res_bf16_add_simple_example.jsonl"


@dataclass(frozen=True)
class Ground:
    """`folder` is removed in the end; `quick` asks for smaller sizes."""

    folder: Path
    quick: bool

    @property
    def release(self) -> Path | None:
        """The part of the CLiKA release that stands beside the project, if it does."""
        path = SHARED / "clika"
        return path if path.is_dir() else None

    @property
    def stores(self) -> list[Path]:
        """The embedded store and, where the release is, what it was imported into."""
        return [EMBEDDED, self.imported] if self.release else [EMBEDDED]

    @cached_property
    def imported(self) -> Path:
        """A store with the release's part."""
        store = self.folder / "imported"
        import_clika(str(self.release), store)
        return store

    @cached_property
    def whole_release(self) -> Path:
        """As many answers as the whole release has: the part's files again under further models' names.

        The new names are hard links to a copy, so this takes the disk no more than the part does.
        """
        assert self.release
        copy = self.folder / "release"
        shutil.copytree(self.release, copy)
        results = find_release(copy).results
        first = {(file.dataset, file.language): file.path for file in reversed(results)}
        models_wanted = 46  # in each dataset and language
        for (dataset, language), path in first.items():
            n_models = sum((file.dataset, file.language) == (dataset, language) for file in results)
            for number in range(models_wanted - n_models):
                os.link(path, path.with_name(f"copy_{number:02}{_SUFFIX}"))
        return copy


def models(dataset: str) -> list[str]:
    """The models with figures on a dataset of the embedded store."""
    store = open_database([EMBEDDED])
    try:
        return list(browse(store, "catalogue").query("dataset == @dataset")["model"])
    finally:
        store.close()
