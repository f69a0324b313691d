"""A kind of models without weights, for sources like "fake:loud", as a package beside Isogloss may bring it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from engine.errors import IsoglossError
from engine.models.interface import Model
from engine.models.settings import OpenSettings
from tests.support.fake_model import IDENTITY, FakeModel

_PREFIX = "fake:"


class FakeKind:
    """Implements engine.models.registry.ModelKind."""

    takes = f"{_PREFIX}NAME"

    def recognises(self, source: str) -> bool:
        """By its beginning."""
        return source.startswith(_PREFIX)

    def model_name(self, source: str, settings: OpenSettings) -> str:
        """What stands after the beginning."""
        return settings.name or source.removeprefix(_PREFIX)

    def open(self, source: str, settings: OpenSettings) -> Model:
        """A fake model of that name; raises IsoglossError for an adapter."""
        if settings.adapter is not None:
            raise IsoglossError(f"{source}: fake models take no adapter; leave --adapter out")
        return FakeModel(identity=replace(IDENTITY, name=self.model_name(source, settings), source=source))


FAKE = FakeKind()


def install(folder: Path, kinds: Mapping[str, str], *, package: str = "planted") -> Path:
    """Put a package's metadata into a folder, with entry points for kinds of models; gives the folder."""
    info = folder / f"{package}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8")
    lines = [f"{name} = {value}" for name, value in kinds.items()]
    (info / "entry_points.txt").write_text("\n".join(["[isogloss.model_kinds]", *lines, ""]), encoding="utf-8")
    return folder
