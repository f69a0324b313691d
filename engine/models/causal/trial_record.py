"""What was found out about running a model's sequences, kept for the next time that the same model is loaded."""

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import orjson

from engine.models.causal.forward import ForwardMode, MaskForm
from engine.models.interface import Identity


@dataclass(frozen=True)
class TriedMode:
    """A mode that was tried and the length up to which it holds; as a Strategy, without the model."""

    mode: ForwardMode
    mask_form: MaskForm
    longest: int
    alone: bool


class TrialRecord:
    """A file for a model as it was loaded: another device, number format, version or code is another file."""

    def __init__(self, folder: Path, identity: Identity) -> None:
        told = (
            identity.weights_sha256,
            identity.revision,
            identity.dtype,
            identity.device,
            *sorted(identity.versions.items()),
            _code(),
        )
        self._file = folder / f"trial-{hashlib.sha256(repr(told).encode()).hexdigest()[:32]}.json"

    def read(self) -> tuple[TriedMode, ...]:
        """Read what was found; nothing where there is no whole record."""
        try:
            digest, _, written = self._file.read_bytes().partition(b"\n")
            if digest.decode("ascii") != hashlib.sha256(written).hexdigest():
                return ()
            return tuple(TriedMode(**entry) for entry in orjson.loads(written))
        except (OSError, ValueError, TypeError):
            return ()

    def write(self, modes: Sequence[TriedMode]) -> None:
        """Keep what was found. Where that cannot be done, it is tried again the next time."""
        written = orjson.dumps([asdict(mode) for mode in modes])
        temporary = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(hashlib.sha256(written).hexdigest().encode() + b"\n" + written)
            temporary.replace(self._file)


@cache
def _code() -> str:
    """The code that runs and tries models, as one hash."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
