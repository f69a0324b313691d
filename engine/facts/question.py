"""A fact as it is asked in one language: what probes turn into prompts."""

from dataclasses import dataclass

BLANK = "___"  # where the answer stands in a statement; a question without it is followed by its answer


@dataclass(frozen=True)
class Question:
    """A fact in a language, a row of the facts table. Options count from 0, in the same order in every language."""

    dataset: str
    fact_id: str
    language: str
    text: str
    options: tuple[str, ...]  # empty: an open question
    gold: tuple[int, ...]
    answers: tuple[str, ...] = ()  # accepted answers of an open question
    relation: str | None = None
    subject: str | None = None

    @property
    def name(self) -> str:
        """How messages name it."""
        return f"{self.dataset} fact {self.fact_id} in {self.language}"
