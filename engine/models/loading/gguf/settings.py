"""The settings of a GGUF file's architecture: each is used, or the file is refused."""

import math
from typing import Any

from engine.models.loading.gguf.header import GgufHeader
from engine.models.loading.unusable import UnusableModel, some

_SAFETENSORS = "take the model's safetensors version"


class ArchitectureSettings:
    """Reads what stands under the architecture's name, e.g. `llama.block_count`, and remembers what was read."""

    def __init__(self, header: GgufHeader, architecture: str) -> None:
        self._header, self._prefix = header, f"{architecture}."
        self._read: set[str] = set()

    def whole(self, key: str, default: int | None = None) -> int:
        """Read a positive whole number. Raises UnusableModel where there is none and no default."""
        value = self._value(key, default)
        if isinstance(value, list) and value and len(set(value)) == 1:  # said of each layer
            value = value[0]
        if type(value) is not int or not 0 < value < 2**31:
            raise self._unfit(key, value, "a positive whole number")
        return value

    def real(self, key: str, default: float | None = None) -> float:
        """Read a positive number. Raises UnusableModel where there is none and no default."""
        value = self._value(key, default)
        if type(value) not in (int, float) or not (math.isfinite(value) and value > 0):
            raise self._unfit(key, value, "a positive number")
        return float(value)

    def known(self, key: str, *allowed: object) -> object:
        """Read a setting that must be one of those allowed; the first where it is missing. Raises UnusableModel."""
        value = self._value(key, allowed[0])
        if value not in allowed:
            raise UnusableModel(
                self._header.file, f"its {self._prefix}{key} is {value!r}, which is not known here", _SAFETENSORS
            )
        return value

    def refuse_unread(self) -> None:
        """Raise UnusableModel for settings that nothing was made of: the model would be run otherwise than it is."""
        unread = sorted(key for key in self._header.metadata if key.startswith(self._prefix) and key not in self._read)
        if unread:
            raise UnusableModel(
                self._header.file, f"its header sets what is not known here: {some(unread)}", _SAFETENSORS
            )

    def _value(self, key: str, default: object) -> Any:
        self._read.add(f"{self._prefix}{key}")
        value = self._header.metadata.get(f"{self._prefix}{key}", default)
        if value is None:
            raise UnusableModel(
                self._header.file, f"its header lacks {self._prefix}{key}", "get the file again, or take another one"
            )
        return value

    def _unfit(self, key: str, value: object, wanted: str) -> UnusableModel:
        return UnusableModel(
            self._header.file,
            f"its {self._prefix}{key} is {str(value)[:60]}, not {wanted}",
            "get the file again, or take another one",
        )
