"""TOML values of the type that is expected; every function raises IsoglossError that says where another stands."""

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import cast

from engine.errors import IsoglossError

TomlTable = dict[str, object]


def read_toml(file: Path) -> TomlTable:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise IsoglossError(f"{file}: there is no such file of templates") from error
    except OSError as error:
        raise IsoglossError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise IsoglossError(f"{file} is not UTF-8 text, at byte {error.start}; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise IsoglossError(f"{file} is not TOML: {error}") from error


def check_keys(table: TomlTable, known: Collection[str], where: str) -> None:
    if unknown := sorted(set(table) - set(known)):
        raise IsoglossError(f'{where}: unknown key "{unknown[0]}"; it may have {", ".join(known)}')


def as_table(value: object, where: str) -> TomlTable:
    if not isinstance(value, dict):
        raise IsoglossError(f"{where} must be a table; found {value!r:.60}")
    return value


def as_list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise IsoglossError(f"{where} must be a list; found {value!r:.60}")
    return value


def text_at(table: TomlTable, key: str, where: str, default: str = "") -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise IsoglossError(f"{where}: {key} must be text; found {value!r:.60}")
    return value


def texts_at(table: TomlTable, key: str, where: str) -> tuple[str, ...]:
    values = as_list(table.get(key, []), f"{where}: {key}")
    if not all(isinstance(value, str) and value for value in values):
        raise IsoglossError(f"{where}: {key} must be a list of texts, none of them empty")
    return tuple(cast(list[str], values))
