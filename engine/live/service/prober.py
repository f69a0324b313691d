"""The heart of the service, without its door: who asks, what is loaded, what becomes of each probe."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.facts.question import Question
from engine.live.refusals import Conflict, NotFound
from engine.live.service.fair_queue import IN_ALL, PER_USER, FairQueue
from engine.live.service.live_probe import Probing
from engine.live.service.model_queue import Lane
from engine.live.service.supervisor import serve_model
from engine.live.worker.messages import Ask, ModelSettings
from engine.live.worker.process import Serve
from engine.probes.answer import Answer
from engine.probes.fitness import Unfit
from engine.probes.probe import Probe

_LOG = logging.getLogger("isogloss.live")
_COUNT_SECONDS = 1.0
_SWEEP_SECONDS = 0.25
_UNKNOWN_PACE = 1.0  # seconds per question, for a model that was not asked yet


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much is taken on, and for how long; seconds."""

    per_user: int = PER_USER  # probes under way
    in_all: int = IN_ALL
    deadline: float = 60.0  # without an answer
    waiting: float = 300.0  # for a turn
    left: float = 15.0  # a probe that nobody looked at for so long is dropped
    kept: float = 600.0  # a probe that is over can be looked at for so long
    loaded: int = 1  # models at a time


@dataclass
class Prober:
    """All methods belong to the event loop that `run` runs in. `sources`: folder or hub id of each model by name."""

    sources: Callable[[], Mapping[str, str]]
    settings: ModelSettings  # device, dtype and threads of every model
    limits: Limits = field(default_factory=Limits)
    serve: Serve = serve_model

    def __post_init__(self) -> None:
        self._queue = FairQueue(per_user=self.limits.per_user, in_all=self.limits.in_all)
        self._probings: dict[str, Probing] = {}
        self._lanes: dict[str, Lane] = {}
        self._failed: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Look after what nobody asks about; at the end end the workers."""
        try:
            while True:
                await asyncio.sleep(_SWEEP_SECONDS)
                self._sweep()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def load(self, name: str) -> None:
        """Begin to load a model; the ones that are there serve on until it can. Raises IsoglossError."""
        sources = self.sources()
        if name not in sources:
            raise NotFound(f"no model {name[:60]!r} may be asked here; choose from {', '.join(sources) or 'none'}")
        if lane := self._lanes.get(name):
            if lane.is_retiring:
                raise Conflict(f"{name} is just being unloaded; try again in a moment")
            return
        if loading := [lane.name for lane in self._lanes.values() if lane.supervisor.identity is None]:
            raise Conflict(f"{loading[0]} is being loaded; wait until it is ready")
        settings = replace(self.settings, source=sources[name], opening=replace(self.settings.opening, name=name))
        lane = Lane(settings, self._queue, deadline=self.limits.deadline, serve=self.serve)
        self._lanes[name] = lane
        self._failed.pop(name, None)
        self._go(self._serve_lane(lane))

    def unload(self, name: str) -> None:
        """Let a model go once what waits for it is done. Raises NotFound."""
        self._lane(name).is_retiring = True
        self._lanes[name].wake()

    async def submit(self, *, user: str, model: str, questions: Sequence[Question], probe: Probe) -> Probing:
        """Take on a probe, or raise QueueFull or Conflict; what cannot be asked is answered at once with the reason."""
        self.limits_check(user, model)
        unfit = {question.language: reason for question in questions if (reason := _unfit(probe, question))}
        probing = Probing(user, model, probe, tuple(questions))
        self._queue.add(probing)
        self._probings[probing.id] = probing
        lane = self._lanes[model]
        fit = tuple(question for question in questions if question.language not in unfit)
        counted = None
        if fit and not getattr(probe, "chat", False):
            counted = await lane.supervisor.count(Ask(probe, (fit,)), seconds=_COUNT_SECONDS)
        refused = unfit | (counted or {})
        probing.deliver(
            [
                Answer(question, probe.name, probe.template, error=refused[question.language])
                for question in questions
                if question.language in refused
            ]
        )
        probing.is_counted = True
        self._queue.drop_over()
        lane.wake()
        return probing

    def limits_check(self, user: str, model: str) -> None:
        """Raises Conflict when the model is not loaded, QueueFull when there is no place."""
        lane = self._lanes.get(model)
        if lane is None or lane.is_retiring:
            there = ", ".join(name for name, lane in self._lanes.items() if not lane.is_retiring) or "none"
            reason = f": it could not be loaded: {self._failed[model]}" if model in self._failed else ""
            raise Conflict(f"the model {model[:60]!r} is not loaded{reason} (loaded: {there}); load it first")
        self._queue.drop_over()
        self._queue.check(user, wait=self.expected_seconds(lane))

    def find(self, id: str) -> Probing:
        """A probe by its id; that somebody looked at it is noted. Raises NotFound."""
        probing = self._probings.get(id)
        if probing is None:
            raise NotFound("there is no such probe any more; press Probe again")
        probing.seen = time.monotonic()
        return probing

    def cancel(self, id: str, reason: str = "Cancelled.") -> Probing:
        """End a probe that nobody wants; its place is free at once. Raises NotFound."""
        probing = self.find(id)
        probing.cancel(reason)
        self._queue.drop_over()
        return probing

    def shown(self, probing: Probing) -> dict[str, Any]:
        """The probe as JSON, with its place among those that wait."""
        lane = self._lanes.get(probing.model)
        waits = probing.state == "waiting" and lane is not None
        return probing.shown(
            position=self._queue.position(probing) if waits else None,
            wait=self.expected_seconds(lane, until=probing) if waits and lane is not None else None,
        )

    def models(self) -> list[dict[str, Any]]:
        """Every model that may be asked, what state it is in, and why it could not be loaded."""
        names = dict.fromkeys([*self.sources(), *self._lanes])
        return [{"model": name} | self._state(name) for name in names]

    async def health(self) -> dict[str, Any]:
        """Ready: every loaded model answers, and one at least is loaded."""
        lanes = await asyncio.gather(*(lane.health() for lane in self._lanes.values()))
        ready = bool(lanes) and all(lane["ready"] for lane in lanes)
        return {"ready": ready, "models": lanes, "probes": len(self._queue)}

    def expected_seconds(self, lane: Lane, *, until: Probing | None = None) -> float:
        """How long it takes until a probe is over, or all that waits for a model."""
        probes, questions = self._queue.left(lane.name) if until is None else self._queue.until(until)
        known = lane.expected_seconds(probes, questions)
        return questions * _UNKNOWN_PACE if known is None else known

    async def _serve_lane(self, lane: Lane) -> None:
        running = asyncio.create_task(lane.run())
        try:
            if await lane.supervisor.settled() == "ready":
                lane.used = time.monotonic()  # so that it is not the one to go
                self._retire_surplus()
            await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            del self._lanes[lane.name]
            if lane.supervisor.reason is not None:
                self._failed[lane.name] = lane.supervisor.reason
            for probing in self._queue:
                if probing.model == lane.name:
                    probing.fail(lane.supervisor.reason or f"The model {lane.name} was unloaded; load it again.")
            self._queue.drop_over()

    def _retire_surplus(self) -> None:
        """Let the models go that were not asked for the longest time, where there are more than may be loaded."""
        there = sorted((lane for lane in self._lanes.values() if not lane.is_retiring), key=lambda lane: lane.used)
        for lane in there[: max(len(there) - self.limits.loaded, 0)]:
            self.unload(lane.name)

    def _sweep(self) -> None:
        now = time.monotonic()
        for probing in self._queue:
            if now - probing.seen > self.limits.left:
                probing.cancel("Nobody was looking at it any more.")
            elif now - probing.turn > self.limits.waiting:
                probing.fail(
                    f"The model did not come to it within {self.limits.waiting:.0f} s, so it is not asked any more; "
                    "press Probe again when fewer are waiting."
                )
        self._queue.drop_over()
        old = [id for id, p in self._probings.items() if p.ended is not None and now - p.ended > self.limits.kept]
        for id in old:
            del self._probings[id]

    def _state(self, name: str) -> dict[str, Any]:
        lane = self._lanes.get(name)
        if lane is None:
            return {"state": "failed" if name in self._failed else "unloaded", "reason": self._failed.get(name)}
        state = "unloading" if lane.is_retiring else lane.supervisor.state
        return {"state": state, "reason": lane.supervisor.reason}

    def _lane(self, name: str) -> Lane:
        if name not in self._lanes:
            raise NotFound(f"the model {name[:60]!r} is not loaded")
        return self._lanes[name]

    def _go(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._gone)

    def _gone(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("a lane ended by an error", exc_info=error)


def _unfit(probe: Probe, question: Question) -> str | None:
    """Why the question cannot be asked at all."""
    try:
        probe.prompts(question)
    except Unfit as reason:
        return str(reason)
    return None
