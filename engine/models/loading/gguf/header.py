"""What a GGUF file says it holds: its metadata and its tensors, read without trusting any number in it."""

import math
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

from engine.models.loading.unusable import UnusableModel

# https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_ALIGNMENT = 32  # where the file names no other
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_FORMATS = {kind.value: kind for kind in GGMLQuantizationType}
_MOST_KEYS, _MOST_ELEMENTS, _MOST_DIMENSIONS = 65_536, 2**24, 4
_LONGEST_NAME = 65_535  # bytes of a key or of a tensor's name
_AGAIN = "get the file again from where the model came from"


@dataclass(frozen=True)
class StoredTensor:
    """A tensor as the file keeps it: shape as in PyTorch, the last dimension first in memory; where its bytes lie."""

    name: str
    shape: tuple[int, ...]
    type: GGMLQuantizationType
    start: int  # bytes from the beginning of the file
    n_bytes: int

    @property
    def size(self) -> int:
        """Count its elements."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class GgufHeader:
    """A file's metadata by key, and its tensors by name."""

    file: Path
    metadata: Mapping[str, Any]
    tensors: Mapping[str, StoredTensor]


def read_gguf_header(file: Path) -> GgufHeader:
    """Read the header of a GGUF file; every tensor must lie inside the file, and none over another.

    Raises UnusableModel for what is no GGUF file, for a damaged, cut off or hostile one, and for a number format that
    is not known.
    """
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            if opened.read(4) != _MAGIC:
                raise UnusableModel(file, "it does not begin as a GGUF file does", _AGAIN)
            with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
                return _Reader(file, content, size).header()
    except OSError as error:
        raise UnusableModel(file, f"it cannot be read: {error.strerror}", _AGAIN) from error


class _Reader:
    """Reads forward through the header; `at` is where it is."""

    def __init__(self, file: Path, content: mmap.mmap, size: int) -> None:
        self._file, self._content, self._size, self._at = file, content, size, len(_MAGIC)

    def header(self) -> GgufHeader:
        version = self._number("I")
        if version not in _VERSIONS:
            swapped = int.from_bytes(int(version).to_bytes(4, "little"), "big") in _VERSIONS
            what = "its numbers are big-endian" if swapped else f"it is of GGUF version {version}"
            raise UnusableModel(self._file, what, "take a little-endian file of version 2 or 3")
        n_tensors, n_keys = self._count("Q", 24, _MOST_ELEMENTS), self._count("Q", 13, _MOST_KEYS)
        metadata: dict[str, Any] = {}
        for _ in range(n_keys):
            key = self._text(_LONGEST_NAME)
            if key in metadata:
                raise self._damaged(f"its header says {key} twice")
            metadata[key] = self._value(self._number("I"))
        described = [self._tensor() for _ in range(n_tensors)]
        return GgufHeader(self._file, metadata, self._placed(described, _alignment(self._file, metadata)))

    def _tensor(self) -> tuple[str, tuple[int, ...], GGMLQuantizationType, int]:
        name = self._text(_LONGEST_NAME)
        n_dimensions = self._number("I")
        if not 1 <= n_dimensions <= _MOST_DIMENSIONS:
            raise self._damaged(f"its tensor {name} has {n_dimensions} dimensions")
        dimensions = tuple(self._number("Q") for _ in range(n_dimensions))
        number = self._number("I")
        kind = _FORMATS.get(number)
        if kind is None:
            raise UnusableModel(
                self._file, f"its tensor {name} is in number format {number}, which is not known", "take another file"
            )
        return name, tuple(reversed(dimensions)), kind, self._number("Q")

    def _placed(
        self, described: list[tuple[str, tuple[int, ...], GGMLQuantizationType, int]], alignment: int
    ) -> dict[str, StoredTensor]:
        """The tensors where their bytes lie, after seeing that each is inside the file, alone."""
        data = -(-self._at // alignment) * alignment
        placed: dict[str, StoredTensor] = {}
        for name, shape, kind, offset in described:
            per_block, block_bytes = GGML_QUANT_SIZES[kind]
            if name in placed:
                raise self._damaged(f"it holds {name} twice")
            if min(shape) < 1 or shape[-1] % per_block or offset % alignment:
                raise self._damaged(f"its tensor {name} has an impossible shape or place")
            n_bytes = math.prod(shape) // per_block * block_bytes
            if data + offset + n_bytes > self._size:
                missing = data + offset + n_bytes - self._size
                raise self._damaged(f"it ends {missing:,} bytes before its tensor {name} does: it is cut off")
            placed[name] = StoredTensor(name, shape, kind, data + offset, n_bytes)
        if not placed:
            raise self._damaged("it holds no tensor")
        inside = sorted(placed.values(), key=lambda tensor: tensor.start)
        for before, after in zip(inside, inside[1:], strict=False):
            if before.start + before.n_bytes > after.start:
                raise self._damaged(f"its tensors {before.name} and {after.name} lie over each other")
        return placed

    def _value(self, kind: int) -> Any:
        if kind == _STRING:
            return self._text(self._size)
        if kind != _ARRAY:
            return self._number(self._format(kind))
        element = self._number("I")
        if element == _STRING:
            return [self._text(self._size) for _ in range(self._count("Q", 8, _MOST_ELEMENTS))]
        format = self._format(element)
        count = self._count("Q", struct.calcsize(f"<{format}"), _MOST_ELEMENTS)
        return list(struct.unpack(f"<{count}{format}", self._bytes(count * struct.calcsize(f"<{format}"))))

    def _format(self, kind: int) -> str:
        if kind not in _NUMBERS:
            raise self._damaged(f"its header has a value of kind {kind}, which is none")
        return _NUMBERS[kind]

    def _count(self, format: str, least: int, most: int) -> int:
        """How many things follow, each of at least so many bytes."""
        count = int(self._number(format))
        if count > most or count * least > self._size - self._at:
            raise self._damaged(f"its header promises {count:,} entries, more than the file can hold")
        return count

    def _number(self, format: str) -> Any:
        return struct.unpack(f"<{format}", self._bytes(struct.calcsize(f"<{format}")))[0]

    def _text(self, longest: int) -> str:
        length = self._number("Q")
        if length > longest:
            raise self._damaged(f"its header holds a text of {length:,} bytes")
        try:
            return self._bytes(length).decode("utf-8")
        except UnicodeDecodeError as error:
            raise self._damaged("its header holds a text that is not UTF-8") from error

    def _bytes(self, length: int) -> bytes:
        end = self._at + length
        if end > self._size:
            raise self._damaged("it ends inside its header: it is cut off")
        part = self._content[self._at : end]
        self._at = end
        return part

    def _damaged(self, what: str) -> UnusableModel:
        return UnusableModel(self._file, what, _AGAIN)


def _alignment(file: Path, metadata: Mapping[str, Any]) -> int:
    alignment = metadata.get("general.alignment", _ALIGNMENT)
    if type(alignment) is not int or not 1 <= alignment <= 2**20 or alignment % 8:
        raise UnusableModel(file, f"its alignment is {alignment!r}, which is none", _AGAIN)
    return alignment
