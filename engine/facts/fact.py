"""A fact in no language yet: its subject and its answer are keys, for which every language has a name."""

from dataclasses import dataclass
from typing import Literal

DatasetName = Literal["world", "calendar"]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A subject, a relation and the answer, by keys such as "territory:FR"; see engine.facts.cldr."""

    dataset: DatasetName
    relation: str
    about: str  # the subject inside the fact's id, e.g. FR
    subject: str
    answer: str
    also_true: frozenset[str] = frozenset()  # what must not be offered as a wrong option
    country: str | None = None  # ISO 3166-1

    @property
    def fact_id(self) -> str:
        """Readable, and the same in every language: "capital:FR"."""
        return f"{self.relation}:{self.about}"
