"""An inquiry: one press of the button. Its live probes are taken to their last answer, a small step at a time."""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from dashboard.app_pages.live.answers.answer_sheet import AnswerSheet, AnswersInOneWay, by_model
from dashboard.app_pages.live.asking.estimate import Questions
from engine.errors import IsoglossError
from engine.live.client import LiveClient, ServiceRefused
from engine.live.protocol.fact_text import FactText
from engine.live.protocol.messages import ModelState, ProbeState, ProbeStatus, Settings

AT_A_TIME = 6  # probes of a visitor under way; the service takes a few more
_RETRY = 0.5  # seconds until what was refused for now is tried again

Role = Literal["main", "free", "other"]
PartState = ProbeState | Literal["pending"]  # pending: the service has not taken it yet


@dataclass(frozen=True)
class InquiryWay:
    """A way of asking: what it is for, in words, and as the service takes it."""

    role: Role
    title: str
    asking: Settings


@dataclass
class InquiryPart:
    """A model asked in one way."""

    model: str
    way: InquiryWay
    status: ProbeStatus | None = None  # of the live probe, as the service told it last; None: not yet taken
    problem: str | None = None  # why it was not taken
    retry_at: float = 0.0  # monotonic

    @property
    def state(self) -> PartState:
        """How far it is."""
        if self.problem is not None:
            return "failed"
        return "pending" if self.status is None else self.status.state

    @property
    def is_over(self) -> bool:
        """True when no more answers will come."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def is_settled(self) -> bool:
        """True when it is over and saved, or will not be saved."""
        if self.state != "done" or self.status is None:
            return self.is_over
        return bool(self.status.saved_id or self.status.save_problem)

    @property
    def n_answers(self) -> int:
        """How many languages are answered."""
        return len(self.status.languages) if self.status is not None else 0

    @property
    def note(self) -> str | None:
        """What happened to it, in a sentence."""
        return self.problem or (self.status.note if self.status is not None else None)


@dataclass
class Inquiry:
    """A fact asked of each chosen model in each chosen way."""

    user: str
    fact: FactText
    title: str
    parts: list[InquiryPart]
    is_in_url: bool = False  # whether the address names what was saved of it
    id: str = field(default_factory=lambda: secrets.token_hex(4))  # tells it from others of this visitor
    tried: set[str] = field(default_factory=set)  # models that were to be loaded for it: one that failed then, fails
    listed: Mapping[str, ModelState] = field(default_factory=dict)  # the models as the service told them last, by name

    @property
    def models(self) -> tuple[str, ...]:
        """The models that are asked, each once."""
        return tuple(dict.fromkeys(part.model for part in self.parts))

    @property
    def has_picture(self) -> bool:
        """True when the plain answers of all models are there, as far as they will come: what is beside them waits."""
        return all(part.is_over for part in self.parts if part.way.role == "main")

    @property
    def is_over(self) -> bool:
        """True when no more answers will come to any part."""
        return all(part.is_over for part in self.parts)

    @property
    def left(self) -> list[Questions]:
        """The questions that are not answered yet."""
        options = max((len(texts.options) for texts in self.fact.texts.values()), default=0)
        return [
            Questions(part.model, part.way.asking, len(self.fact.texts) - part.n_answers, options)
            for part in self.parts
            if not part.is_over
        ]

    @property
    def is_settled(self) -> bool:
        """True when nothing will change any more."""
        return all(part.is_settled for part in self.parts)

    @property
    def saved_ids(self) -> tuple[str, ...]:
        """The ids by which the store has it; none before all is saved."""
        if not self.is_settled:
            return ()
        return tuple(part.status.saved_id for part in self.parts if part.status is not None and part.status.saved_id)

    def step(self, client: LiveClient, *, wait: float = 0.0, now: Callable[[], float] = time.monotonic) -> None:
        """Ask what is to be asked, and hear what came; waits at most so many seconds. Raises IsoglossError."""
        self._submit(client, now())
        under_way = [(part, part.status) for part in self.parts if part.status is not None and not part.is_settled]
        for part, status in under_way:
            waits = wait if part is under_way[0][0] else 0.0
            try:
                part.status = client.poll(status.id, seen=len(status.languages), wait=waits)
            except ServiceRefused as refused:
                part.problem = str(refused)

    def cancel(self, client: LiveClient) -> None:
        """End all that is under way."""
        for part in self.parts:
            if part.is_over:
                continue
            if part.status is None:
                part.problem = "Cancelled."
                continue
            try:
                part.status = client.cancel(part.status.id)
            except IsoglossError as error:
                part.problem = str(error)

    def give_up(self, reason: str) -> None:
        """Nothing more is heard of it."""
        for part in self.parts:
            if not part.is_settled:
                part.problem = part.problem or reason

    def _submit(self, client: LiveClient, now: float) -> None:
        asked = [part for part in self.parts if part.way.role == "main" or self.has_picture]
        pending = [part for part in asked if part.state == "pending" and now >= part.retry_at]
        if not pending:
            return
        self.listed = models = {model.name: model for model in client.models()}
        room = AT_A_TIME - sum(part.status is not None and not part.is_over for part in self.parts)
        for part in pending:
            model = models.get(part.model)
            if model is not None and model.state == "ready" and room > 0:
                room -= 1
                self._submit_one(client, part, now)
        self._load_next(client, [part for part in pending if part.state == "pending"], models, now)

    def _submit_one(self, client: LiveClient, part: InquiryPart, now: float) -> None:
        try:
            part.status = client.submit(self.fact, user=self.user, model=part.model, asking=part.way.asking)
        except ServiceRefused as refused:
            others = any(other.status is not None and not other.is_over for other in self.parts)
            if refused.status == 409 or (refused.status == 429 and others):
                part.retry_at = now + _RETRY  # it is being unloaded, or own probes fill the places
            else:
                part.problem = str(refused)

    def _load_next(
        self, client: LiveClient, pending: Sequence[InquiryPart], models: Mapping[str, ModelState], now: float
    ) -> None:
        """Have the first model loaded that is needed and not there; one at a time."""
        is_loading = any(model.state == "starting" for model in models.values())
        for part in pending:
            model = models.get(part.model)
            if model is None:
                part.problem = f"{part.model} cannot be loaded: it may not be asked here"
            elif model.state == "failed" and part.model in self.tried:
                part.problem = f"{part.model} cannot be loaded: {model.reason or 'the service does not say why'}"
            elif model.state in ("failed", "unloaded") and not is_loading:
                is_loading = self._load(client, part, now)

    def _load(self, client: LiveClient, part: InquiryPart, now: float) -> bool:
        """Have a model loaded; True when one is being loaded now."""
        try:
            client.load(part.model)
        except ServiceRefused as refused:
            if refused.status != 409:  # 409: another one is just being loaded
                part.problem = str(refused)
                return False
        else:
            self.tried.add(part.model)
        return True


def new_inquiry(user: str, fact: FactText, title: str, *, models: Sequence[str], ways: Sequence[InquiryWay]) -> Inquiry:
    """A fact to be asked of each model in each way: of all models plainly first, then in what is chosen beside that."""
    return Inquiry(user, fact, title, [InquiryPart(model, way) for way in ways for model in models])


def answer_sheet(inquiry: Inquiry) -> AnswerSheet:
    """The answers to an inquiry, as far as they have come."""
    answers = [(part.way.role, _answers(part)) for part in inquiry.parts]
    return AnswerSheet(inquiry.fact, inquiry.title, by_model(answers))


def _answers(part: InquiryPart) -> AnswersInOneWay:
    status = part.status
    return AnswersInOneWay(
        model=part.model,
        title=part.way.title,
        languages=status.languages if status is not None else {},
        state=part.state,
        note=part.note,
        id=status.id if status is not None else None,
        saved_id=status.saved_id if status is not None else None,
    )
