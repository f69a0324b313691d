"""The same words about other subjects: how likely an option is whatever is asked, to be held against its score."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from engine.facts.question import Question
from engine.probes.fitness import Unfit

_AT_MOST = 16  # other subjects; each costs as many log-likelihoods as the question itself


class Others:
    """Questions about other subjects of the same relation, in the same language."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._alike: dict[tuple[str, str, str | None], list[Question]] = defaultdict(list)
        for question in questions:
            self._alike[_kind(question)].append(question)

    def of(self, question: Question) -> Sequence[Question]:
        """At most 16 of them, drawn by a hash of both facts' ids, so that every language gets the same subjects."""
        alike = self._alike.get(_kind(question), []) if question.relation else []
        other = [q for q in alike if q.fact_id != question.fact_id and q.subject != question.subject]
        return sorted(other, key=lambda q: _draw(question.fact_id, q.fact_id))[:_AT_MOST]

    def check(self, question: Question) -> None:
        """Raises Unfit when there is no other subject."""
        if not self.of(question):
            raise Unfit(
                "no other subject of its relation to compare with; choose by sum, byte, character, token or pmi"
            )


NO_OTHERS = Others(())


def log_mean(nats: Sequence[float]) -> float:
    """The logarithm of the mean of probabilities, given as logarithms."""
    highest = max(nats)
    if highest == -math.inf:
        return highest
    return highest + math.log(math.fsum(math.exp(value - highest) for value in nats) / len(nats))


def _kind(question: Question) -> tuple[str, str, str | None]:
    return question.dataset, question.language, question.relation


def _draw(fact_id: str, other: str) -> bytes:
    return hashlib.sha256(f"{fact_id}\0{other}".encode()).digest()
