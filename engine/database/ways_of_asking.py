"""Ways of asking: a model, a probe and a wording. Answers of two of them never stand in one figure."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

_IMPORT = "import"


class WayOfAsking(NamedTuple):
    """A way of asking a model."""

    model: str  # the name that the model has itself
    probe: str
    template: str | None  # the wording, and what was done to it; None: not known


def asking_labels(askings: Collection[WayOfAsking]) -> Mapping[WayOfAsking, str]:
    """What each way of asking is called wherever models are shown; no two are called alike.

    The model's own name where it was asked in one way only, and always for what was imported without a wording; else
    `model:probe:template`.
    """
    every = set(askings)
    n_ways = Counter(asking.model for asking in every)
    plain = {ask for ask in every if n_ways[ask.model] == 1 or (ask.probe == _IMPORT and ask.template is None)}
    labels = {asking: asking.model for asking in plain}
    taken = set(labels.values())
    for asking in sorted(every - plain, key=lambda ask: (*ask[:2], ask.template is not None, ask.template or "")):
        label = ":".join(part for part in asking if part is not None)
        while label in taken:  # a model may itself be called "m:letter:plain@1"
            label += "'"
        taken.add(label)
        labels[asking] = label
    return labels
