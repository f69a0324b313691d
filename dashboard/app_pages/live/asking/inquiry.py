"""What a visitor asked: one or several probes, taken from being asked to their last answer, a small step at a time."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dashboard.app_pages.live.answers.answer_sheet import Answers, Shown, columns
from engine.errors import IsoglossError
from engine.live.client import LiveClient, ServiceRefused

AT_A_TIME = 6  # probes of a visitor under way; the service takes a few more
_RETRY = 0.5  # seconds until what was refused for now is tried again

Role = Literal["main", "free", "other"]
State = Literal["pending", "waiting", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Way:
    """A way of asking: what it is for, in words, and as the service takes it."""

    role: Role
    title: str
    asking: Mapping[str, Any]


@dataclass
class Part:
    """A model asked in one way."""

    model: str
    way: Way
    said: dict[str, Any] = field(default_factory=dict)  # the probe as the service told it last; empty: not yet taken
    problem: str | None = None  # why it was not taken
    retry_at: float = 0.0  # monotonic

    @property
    def state(self) -> State:
        """How far it is."""
        if self.problem is not None:
            return "failed"
        state: State = self.said.get("state", "pending")
        return state

    @property
    def is_over(self) -> bool:
        """Whether no more answers will come."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def is_settled(self) -> bool:
        """Whether, besides, it is kept, or will not be."""
        if self.state != "done":
            return self.is_over
        return bool(self.said.get("kept") or self.said.get("keep_problem")) or "kept" not in self.said

    @property
    def note(self) -> str | None:
        """What happened to it, in a sentence."""
        return self.problem or self.said.get("note")


@dataclass
class Asked:
    """All that one press of the button asks."""

    user: str
    fact: Mapping[str, Any]  # as the service takes it
    title: str
    parts: list[Part]
    is_in_url: bool = False  # whether the address names what was kept of it
    tried: set[str] = field(default_factory=set)  # models that were to be loaded for it: one that failed then, fails

    @property
    def is_over(self) -> bool:
        """Whether no more answers will come."""
        return all(part.is_over for part in self.parts)

    @property
    def is_settled(self) -> bool:
        """Whether nothing will change any more."""
        return all(part.is_settled for part in self.parts)

    @property
    def kept(self) -> tuple[str, ...]:
        """The run ids under which it is kept; none before all is."""
        if not self.is_settled:
            return ()
        return tuple(part.said["kept"] for part in self.parts if part.said.get("kept"))

    def step(self, client: LiveClient, *, wait: float = 0.0, now: Callable[[], float] = time.monotonic) -> None:
        """Ask what is to be asked, and hear what came; waits at most so many seconds. Raises IsoglossError."""
        self._submit(client, now())
        under_way = [part for part in self.parts if part.said and not part.is_settled]
        for part in under_way:
            waits = wait if part is under_way[0] else 0.0
            try:
                part.said = client.poll(part.said["id"], seen=len(part.said["languages"]), wait=waits)
            except ServiceRefused as refused:
                part.problem = str(refused)

    def cancel(self, client: LiveClient) -> None:
        """End all that is under way."""
        for part in self.parts:
            if part.is_over:
                continue
            if not part.said:
                part.problem = "Cancelled."
                continue
            try:
                part.said = client.cancel(part.said["id"])
            except IsoglossError as error:
                part.problem = str(error)

    def give_up(self, reason: str) -> None:
        """Nothing more is heard of it."""
        for part in self.parts:
            if not part.is_settled:
                part.problem = part.problem or reason

    def _submit(self, client: LiveClient, now: float) -> None:
        pending = [part for part in self.parts if part.state == "pending" and now >= part.retry_at]
        if not pending:
            return
        states = {said["model"]: said for said in client.models()}
        room = AT_A_TIME - sum(bool(part.said) and not part.is_over for part in self.parts)
        for part in pending:
            if states.get(part.model, {}).get("state") != "ready":
                continue
            if room > 0:
                room -= 1
                self._submit_one(client, part, now)
        self._load_next(client, [part for part in pending if part.state == "pending"], states, now)

    def _submit_one(self, client: LiveClient, part: Part, now: float) -> None:
        try:
            part.said = client.submit(self.fact, user=self.user, model=part.model, asking=part.way.asking)
        except ServiceRefused as refused:
            others = any(other.said and not other.is_over for other in self.parts)
            if refused.status == 409 or (refused.status == 429 and others):
                part.retry_at = now + _RETRY  # it is being unloaded, or own probes fill the places
            else:
                part.problem = str(refused)

    def _load_next(
        self, client: LiveClient, pending: Sequence[Part], states: Mapping[str, Mapping[str, Any]], now: float
    ) -> None:
        """Have the first model loaded that is needed and not there; one at a time."""
        is_loading = any(said["state"] == "starting" for said in states.values())
        for part in pending:
            said = states.get(part.model, {"state": "failed", "reason": "it may not be asked here"})
            if said["state"] == "failed" and (part.model in self.tried or part.model not in states):
                part.problem = f"{part.model} cannot be loaded: {said.get('reason') or 'the service does not say why'}"
            elif said["state"] in ("failed", "unloaded") and not is_loading:
                is_loading = self._load(client, part, now)

    def _load(self, client: LiveClient, part: Part, now: float) -> bool:
        """Whether a model is being loaded now."""
        try:
            client.load(part.model)
        except ServiceRefused as refused:
            if refused.status != 409:  # 409: another one is just being loaded
                part.problem = str(refused)
                return False
        else:
            self.tried.add(part.model)
        return True


def asked(user: str, fact: Mapping[str, Any], title: str, *, models: Sequence[str], ways: Sequence[Way]) -> Asked:
    """A fact to be asked of each model in each way; the ways that matter most first."""
    return Asked(user, fact, title, [Part(model, way) for way in ways for model in models])


def of_asked(asked: Asked) -> Shown:
    """What is being asked, or has just been."""
    return Shown(asked.fact, asked.title, columns([(part.way.role, _answers(part)) for part in asked.parts]))


def _answers(part: Part) -> Answers:
    return Answers(
        model=part.model,
        title=part.way.title,
        languages=part.said.get("languages", {}),
        state=part.state,
        note=part.note,
        id=part.said.get("id"),
        seconds=part.said.get("seconds"),
        kept=part.said.get("kept"),
    )
