"""Where the service is reached, and the token that opens it: a file that only its owner can read. Imports no torch."""

import os
import secrets
import stat
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from engine.errors import IsoglossError
from engine.store.atomic import BadFile, read_regular

ADDRESS = "live.json"  # in the user's store


@dataclass(frozen=True)
class Address:
    """A Unix socket, or a URL of this machine."""

    token: str
    socket: str | None = None
    url: str | None = None


def new_token() -> str:
    """A random token of 256 bits, in text that a URL can hold."""
    return secrets.token_urlsafe(32)


def write_address(file: Path, address: Address) -> None:
    """Hand the address over: readable by its owner from the first byte on. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f"{file.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(orjson.dumps(asdict(address)))
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def read_address(file: Path) -> Address:
    """The address that a file holds. Raises IsoglossError when there is none, or when others can read it."""
    try:
        if stat.S_IMODE(file.lstat().st_mode) & 0o077:
            raise IsoglossError(f"{file} can be read by others, and so can its token; start the probe service again")
        stated = orjson.loads(read_regular(file, limit=4096))
        return Address(**stated)
    except FileNotFoundError as error:
        raise IsoglossError(
            "the probe service is not running; start it with: .venv/bin/python -m engine.live"
        ) from error
    except BadFile as error:
        raise IsoglossError(f"{file} {error}") from error
    except (orjson.JSONDecodeError, TypeError) as error:
        raise IsoglossError(f"{file} is no address of a probe service; start the service again") from error
