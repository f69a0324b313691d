"""What the user has typed, once it can be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TypedFact:
    """A fact that can be asked."""

    fact: Mapping[str, Any]  # as the probe service takes it: relation, texts by language, gold
    title: str  # a short name for it, e.g. "capital · Polska"
    embedded: tuple[str, str] | None  # (dataset, fact_id) where its texts are exactly those of a fact of the store
