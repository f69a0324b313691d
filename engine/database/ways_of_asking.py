"""Ways of asking: a model, a probe and a wording, and who asked. Answers of two of them never stand in one figure."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple


class WayOfAsking(NamedTuple):
    """A way of asking a model."""

    model: str  # the name that the model has itself
    probe: str | None  # None: not known
    template: str | None  # the wording, and what was done to it; None: not known
    harness: str | None = None  # whose software asked, of imported answers; None: Isogloss, or not known

    @property
    def is_unknown(self) -> bool:
        """Whether neither the probe nor the wording is known: who asked is all that tells such ways apart."""
        return self.probe is None and self.template is None


def asking_labels(askings: Collection[WayOfAsking]) -> Mapping[WayOfAsking, str]:
    """What each way of asking is called wherever models are shown; no two are called alike.

    The model's own name where it was asked in one way only, and where just one of its ways is not known (an import
    that does not say how it asked); else `model:probe:template`, of an import `model:harness:probe:template`.
    """
    every = set(askings)
    n_ways = Counter(asking.model for asking in every)
    n_unknown = Counter(asking.model for asking in every if asking.is_unknown)
    plain = {ask for ask in every if n_ways[ask.model] == 1 or (ask.is_unknown and n_unknown[ask.model] == 1)}
    labels = {asking: asking.model for asking in plain}
    taken = set(labels.values())
    for asking in sorted(every - plain, key=lambda ask: [(part is not None, part or "") for part in ask]):
        parts = (asking.model, asking.harness, asking.probe, asking.template)
        label = ":".join(part for part in parts if part is not None)
        while label in taken:  # a model may itself be called "m:letter:plain@1"
            label += "'"
        taken.add(label)
        labels[asking] = label
    return labels
