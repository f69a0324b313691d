"""How long asking takes, from what the service knows of the pace of each model."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dashboard.elements.figures import duration
from engine.live.protocol.messages import ModelState, Settings
from engine.live.protocol.pace_name import pace_name


class Questions(NamedTuple):
    """Questions that a model is asked in one way."""

    model: str
    asking: Settings
    languages: int  # a question in each
    options: int  # of each


def expected_seconds(questions: Iterable[Questions], models: Mapping[str, ModelState]) -> float | None:
    """How long they take one after another; None where the pace of a model in one of the ways is not known.

    As long as a model was not asked in every order of the options, that is taken for as many times the usual order.
    """
    total = 0.0
    for asked in questions:
        known = models[asked.model].seconds if asked.model in models else {}
        probe = str(asked.asking["probe"])
        pace, once = known.get(pace_name(probe, asked.asking)), known.get(probe)
        if pace is None and once is not None:
            pace = once * asked.options
        if pace is None:
            return None
        total += asked.languages * pace
    return total


def about(seconds: float) -> str:
    """A time that is guessed, as it is said: no less than a second, and to five of them from twenty on."""
    return f"about {duration(5 * round(seconds / 5) if seconds >= 20 else max(seconds, 1.0))}"
