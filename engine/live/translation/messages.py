"""What the service says to its translation worker. Imports no torch."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TranslationOrder:
    """Texts to be put from one language into another, by their BCP 47 tags."""

    texts: tuple[str, ...]
    source: str
    target: str
