"""Which countries the facts are about, and what is not asked of them and why: countries.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


def members() -> list[str]:
    """The countries, ISO 3166-1, in alphabetical order."""
    return sorted(_list()["members"].split())


def left_out(relation: str) -> Mapping[str, str]:
    """Why something is not asked, by country or by the city's time zone; empty where everything is."""
    reasons: Mapping[str, str] = _list()["left_out"].get(relation, {})
    return reasons


@cache
def _list() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "countries.toml").read_text(encoding="utf-8"))
