"""What a relation does not ask although it could: whose answer people disagree on, or the sources do not know."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.entity_names import names_in
from engine.facts import countries

_DATASET = "world"  # whose countries and cities the list is about


@dataclass(frozen=True)
class NotAsked:
    """A country or a city of which a relation is not asked, and why."""

    code: str  # ISO 3166-1, or a city's time zone
    reason: str

    def name(self, tag: str) -> str:
        """What a language calls it, a BCP 47 tag; else its English name."""
        keys = (f"territory:{self.code}", f"city:{self.code}")
        found = (names_in(language).get(key) for language in (tag, "en") for key in keys)
        return next(filter(None, found), self.code)


def not_asked(dataset: str, relation: str) -> Mapping[str, NotAsked]:
    """What is left out, by the id that the fact would have; empty for facts that others made."""
    if dataset != _DATASET:
        return {}
    return {f"{relation}:{code}": NotAsked(code, reason) for code, reason in countries.left_out(relation).items()}
