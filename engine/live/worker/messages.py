"""What the service and its worker say to each other. Imports no torch, so that the service starts at once."""

from dataclasses import dataclass

from engine.facts.question import Question
from engine.models.interface import Identity
from engine.models.settings import USUAL, OpenSettings
from engine.probes.probe import Probe

LOADING = 0  # the number of the first thing that a worker says; a reply has the number of its order


@dataclass(frozen=True)
class ModelSettings:
    """What to open, and how."""

    source: str = ""
    opening: OpenSettings = USUAL
    threads: int | None = None  # that torch may use; None: all but one

    @property
    def name(self) -> str:
        """How the model is called."""
        return self.opening.name or self.source


@dataclass(frozen=True)
class ModelReady:
    """The model is loaded."""

    identity: Identity


@dataclass(frozen=True)
class OrderFailed:
    """What was asked for cannot be done, and why; the worker goes on unless it was the loading."""

    reason: str


@dataclass(frozen=True)
class AskOrder:
    """Questions to be asked, in batches of those that may go together."""

    probe: Probe
    batches: tuple[tuple[Question, ...], ...]
