"""All that travels between the probe service and its clients, one type each.

Imports nothing of models, probes and torch.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, JsonValue

from engine.configured_models import ModelOrigin
from engine.live.protocol.fact_text import CellProblem, FactText
from engine.live.protocol.message import Message

ProbeState = Literal["waiting", "running", "done", "failed", "cancelled"]
LoadState = Literal["unloaded", "starting", "ready", "unloading", "failed"]  # of a model
Settings = Mapping[str, JsonValue]  # of a probe, by the names of `run`'s options


def _only_if_there() -> Any:
    """A field that is left out of the JSON where it is None."""
    return Field(default=None, exclude_if=lambda value: value is None)


class Submission(Message):
    """Who wants which fact asked of which model, and how. The fact is checked cell by cell, not here."""

    user: str = Field(min_length=1, max_length=64)
    model: str = Field(min_length=1, max_length=250)
    fact: Any  # a FactText
    asking: Settings = {}


class RefusalReply(Message):
    """Why the service does not do what it was asked for, in a sentence."""

    error: str
    problems: list[CellProblem] = []
    seconds: float | None = None  # when to try again


class Done(Message):
    """It is done, and there is nothing to tell."""


class OptionScore(Message):
    """An option and what the model makes of it; None: not measured."""

    text: str
    logprob: float | None  # natural logarithm
    probability: float | None  # among the options, 0 to 1
    merged: bool  # whether it shares a token with the end of the question


class LanguageAnswer(Message):
    """What a model answered in one language; None: not measured."""

    options: tuple[OptionScore, ...]
    margin: float | None  # nats by which the best right option is above the best wrong one
    predicted: int | None  # the option chosen, from 0
    correct: bool | None
    prompts: tuple[str, ...]  # exactly as the model got them; none: they are not known any more
    tokens: int | None  # of all prompts together
    seconds: float | None  # that the model took
    text: str | None = _only_if_there()  # what the model wrote
    order_choices: tuple[int, ...] | None = _only_if_there()
    letter_logprobs: tuple[float, ...] | None = _only_if_there()
    error: str | None = _only_if_there()  # why nothing was measured

    @property
    def probability(self) -> float | None:
        """How probable its own answer is to the model, among the options."""
        return self.options[self.predicted].probability if self.predicted is not None and self.options else None


class ProbeStatus(Message):
    """A live probe as it stands."""

    id: str
    model: str
    state: ProbeState
    note: str | None  # what happened to it, in a sentence
    position: int | None  # how many probes are asked before it; None: it does not wait
    expected_seconds: float | None  # until it is over; None: it does not wait
    seconds: float  # since it was submitted, until it was over
    fact_id: str
    template: str
    saved_id: str | None  # by which the store has it
    save_problem: str | None  # why it could not be saved
    total: int  # languages that are asked
    languages: Mapping[str, LanguageAnswer]  # in the order in which the answers came


class TokenPiece(Message):
    """One or several tokens that make up whole characters, and their log-probability, natural logarithm, summed."""

    text: str
    logprob: float


class OptionPieces(Message):
    """An option in pieces; they make up the continuation that was scored."""

    text: str
    pieces: tuple[TokenPiece, ...]


class TokenScores(Message):
    """The options of a language in pieces, for each order in which they were put; none: no option was scored."""

    orders: tuple[tuple[OptionPieces, ...], ...]


class ModelState(Message):
    """A model that may be asked, and whether it is loaded."""

    name: str
    state: LoadState
    reason: str | None  # why it failed
    origin: ModelOrigin
    seconds: Mapping[str, float] = {}  # that a question took lately, by `pace_name`; what was not asked is not there

    @property
    def is_embedded(self) -> bool:
        """Whether it is one of the project's own, which know nothing but the facts that they were taught."""
        return self.origin == "embedded"


class ModelList(Message):
    """Every model that may be asked."""

    models: tuple[ModelState, ...]


class ModelHealth(Message):
    """Whether a loaded model answers."""

    name: str
    ready: bool
    state: str
    reason: str | None
    silent_seconds: float  # since its process last said something
    starts: int  # of its process


class HealthReport(Message):
    """Whether every loaded model answers, and one at least is loaded."""

    ready: bool
    models: tuple[ModelHealth, ...]
    probes: int  # under way


class SavedSummary(Message):
    """A saved probe as it stands in a list. Times are in ISO 8601, in UTC."""

    saved_id: str
    name: str  # that its user gave; "": none
    fact_id: str
    run_id: str
    model: str
    probe: str
    template: str
    asking: Settings
    title: str
    languages: tuple[str, ...]
    n_right: int | None  # None: it was judged in no language
    n_judged: int
    started: str
    finished: str


class SavedProbe(Message):
    """A saved probe with its fact and all its answers."""

    summary: SavedSummary
    fact: FactText
    languages: Mapping[str, LanguageAnswer]


class NewName(Message):
    """What a user calls a saved probe; "" takes the name away."""

    name: str


class Deletion(Message):
    """A deletion, by the token with which it can be undone."""

    undo: str


class Promotion(Message):
    """Which saved probes go into which dataset of the user's own."""

    saved_ids: list[str] = Field(min_length=1, max_length=10_000)
    dataset: str


class Promoted(Message):
    """What a dataset got."""

    dataset: str
    facts: int
    answers: int


class TranslationRequest(Message):
    """Texts to be put into another language; languages as BCP 47 tags."""

    texts: list[str]
    source: str
    target: str


class TranslatedTexts(Message):
    """The texts in the other language, in their order."""

    texts: tuple[str, ...]


class TranslatorModel(Message):
    """The model that translates, and the BCP 47 tags that it knows."""

    model: str
    languages: tuple[str, ...]
