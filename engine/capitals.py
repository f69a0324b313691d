"""Capitals that CLDR does not name, in the languages that facts are worded in: capitals.toml, which says how."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Capital:
    """A city by its id at GeoNames; its names by language; the languages whose name GeoNames lacks."""

    geonames: int
    names: Mapping[str, str]
    beyond: tuple[str, ...]


@cache
def capitals() -> Mapping[str, Capital]:
    """The capitals by country."""
    rows = tomllib.loads((Path(__file__).parent / "capitals.toml").read_text(encoding="utf-8"))
    return {country: _capital(**row) for country, row in rows.items()}


def _capital(*, geonames: int, beyond: tuple[str, ...] = (), **names: str) -> Capital:
    return Capital(geonames, names, tuple(beyond))
