"""The service without HTTP: it takes on live probes, loads models, and ends what nobody waits for any more."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.configured_models import origin_of
from engine.facts.question import Question
from engine.live.protocol.messages import HealthReport, ModelList, ModelState, ProbeStatus
from engine.live.refusals import Conflict, NotFound
from engine.live.service.fair_queue import IN_ALL, PER_USER, FairQueue
from engine.live.service.live_probe import LiveProbe
from engine.live.service.model_queue import ModelQueue
from engine.live.service.supervisor import serve_model
from engine.live.worker.messages import AskOrder, ModelSettings
from engine.live.worker.process import Serve
from engine.probes.answer import Answer
from engine.probes.fitness import Unfit
from engine.probes.probe import Probe

_LOG = logging.getLogger("isogloss.live")
_COUNT_SECONDS = 1.0
_SWEEP_SECONDS = 0.25
_UNKNOWN_PACE = 1.0  # seconds per question, for a model that was not asked yet


@dataclass(frozen=True, kw_only=True)
class ServiceLimits:
    """How much is taken on, and for how long; seconds."""

    per_user: int = PER_USER  # probes under way
    in_all: int = IN_ALL
    deadline: float = 60.0  # without an answer
    waiting: float = 300.0  # for a turn
    left: float = 15.0  # a probe that nobody looked at for so long is dropped
    remembered: float = 600.0  # a probe that is over can be looked at for so long
    loaded: int = 1  # models at a time


@dataclass
class Prober:
    """All methods belong to the event loop that `run` runs in.

    `sources`: folder, file or hub id of each model by name; `tokenizers`: of those that have one beside them.
    """

    sources: Callable[[], Mapping[str, str]]
    settings: ModelSettings  # device, dtype and threads of every model
    limits: ServiceLimits = field(default_factory=ServiceLimits)
    serve: Serve = serve_model
    tokenizers: Callable[[], Mapping[str, str]] = dict

    def __post_init__(self) -> None:
        self._queue = FairQueue(per_user=self.limits.per_user, in_all=self.limits.in_all)
        self._live_probes: dict[str, LiveProbe] = {}
        self._model_queues: dict[str, ModelQueue] = {}
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
        if model_queue := self._model_queues.get(name):
            if model_queue.is_retiring:
                raise Conflict(f"{name} is just being unloaded; try again in a moment")
            return
        if loading := [
            model_queue.name for model_queue in self._model_queues.values() if model_queue.supervisor.identity is None
        ]:
            raise Conflict(f"{loading[0]} is being loaded; wait until it is ready")
        opening = replace(self.settings.opening, name=name, tokenizer=self.tokenizers().get(name))
        settings = replace(self.settings, source=sources[name], opening=opening)
        model_queue = ModelQueue(settings, self._queue, deadline=self.limits.deadline, serve=self.serve)
        self._model_queues[name] = model_queue
        self._failed.pop(name, None)
        self._go(self._serve_loaded(model_queue))

    def unload(self, name: str) -> None:
        """Let a model go once what waits for it is done. Raises NotFound."""
        self._model_queue(name).is_retiring = True
        self.wake(name)

    def wake(self, name: str) -> None:
        """Have a model look at what waits for it. Raises NotFound."""
        self._model_queue(name).wake()

    async def submit(self, *, user: str, model: str, questions: Sequence[Question], probe: Probe) -> LiveProbe:
        """Take on a probe, or raise QueueFull or Conflict; what cannot be asked is answered at once with the reason."""
        self.limits_check(user, model)
        unfit = {question.language: reason for question in questions if (reason := _unfit(probe, question))}
        live_probe = LiveProbe(user, model, probe, tuple(questions))
        self._queue.add(live_probe)
        self._live_probes[live_probe.id] = live_probe
        model_queue = self._model_queues[model]
        fit = tuple(question for question in questions if question.language not in unfit)
        counted = None
        if fit and not getattr(probe, "chat", False):
            counted = await model_queue.supervisor.count(AskOrder(probe, (fit,)), seconds=_COUNT_SECONDS)
        refused = unfit | (counted or {})
        live_probe.deliver(
            [
                Answer(question, probe.name, probe.template, error=refused[question.language])
                for question in questions
                if question.language in refused
            ]
        )
        live_probe.is_counted = True
        self._queue.drop_over()
        model_queue.wake()
        return live_probe

    def limits_check(self, user: str, model: str) -> None:
        """Raises Conflict when the model is not loaded, QueueFull when there is no place."""
        model_queue = self._model_queues.get(model)
        if model_queue is None or model_queue.is_retiring:
            there = (
                ", ".join(name for name, model_queue in self._model_queues.items() if not model_queue.is_retiring)
                or "none"
            )
            reason = f": it could not be loaded: {self._failed[model]}" if model in self._failed else ""
            raise Conflict(f"the model {model[:60]!r} is not loaded{reason} (loaded: {there}); load it first")
        self._queue.drop_over()
        self._queue.check(user, wait=self.expected_seconds(model_queue))

    def find(self, id: str) -> LiveProbe:
        """A probe by its id; that somebody looked at it is noted. Raises NotFound."""
        live_probe = self._live_probes.get(id)
        if live_probe is None:
            raise NotFound("there is no such probe any more; press Probe again")
        live_probe.seen = time.monotonic()
        return live_probe

    def cancel(self, id: str, reason: str = "Cancelled.") -> LiveProbe:
        """End a probe that nobody wants; its place is free at once. Raises NotFound."""
        live_probe = self.find(id)
        live_probe.cancel(reason)
        self._queue.drop_over()
        return live_probe

    def status(self, live_probe: LiveProbe) -> ProbeStatus:
        """The probe as it stands, with its place among those that wait."""
        model_queue = self._model_queues.get(live_probe.model)
        waits = live_probe.state == "waiting" and model_queue is not None
        return live_probe.status(
            position=self._queue.position(live_probe) if waits else None,
            wait=self.expected_seconds(model_queue, until=live_probe) if waits and model_queue is not None else None,
        )

    def counts(self) -> tuple[int, int]:
        """How many probes are under way, and how many can be looked at."""
        return len(self._queue), len(self._live_probes)

    def models(self) -> ModelList:
        """Every model that may be asked, what state it is in, and why it could not be loaded."""
        sources = self.sources()
        names = dict.fromkeys([*sources, *self._model_queues])
        return ModelList(models=tuple(self._model_state(name, sources.get(name, "")) for name in names))

    def worker_pid(self, name: str) -> int | None:
        """The process that holds a model; None while it is being started. Raises NotFound."""
        return self._model_queue(name).supervisor.pid

    async def health(self) -> HealthReport:
        """Ready: every loaded model answers, and one at least is loaded."""
        models = await asyncio.gather(*(model_queue.health() for model_queue in self._model_queues.values()))
        ready = bool(models) and all(model.ready for model in models)
        return HealthReport(ready=ready, models=tuple(models), probes=len(self._queue))

    def expected_seconds(self, model_queue: ModelQueue, *, until: LiveProbe | None = None) -> float:
        """How long it takes until a probe is over, or all that waits for a model."""
        probes, questions = self._queue.left(model_queue.name) if until is None else self._queue.until(until)
        known = model_queue.expected_seconds(probes, questions)
        return questions * _UNKNOWN_PACE if known is None else known

    async def _serve_loaded(self, model_queue: ModelQueue) -> None:
        running = asyncio.create_task(model_queue.run())
        try:
            if await model_queue.supervisor.settled() == "ready":
                model_queue.used = time.monotonic()  # so that it is not the one to go
                self._retire_surplus()
            await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            del self._model_queues[model_queue.name]
            if model_queue.supervisor.reason is not None:
                self._failed[model_queue.name] = model_queue.supervisor.reason
            for live_probe in self._queue:
                if live_probe.model == model_queue.name:
                    live_probe.fail(
                        model_queue.supervisor.reason or f"The model {model_queue.name} was unloaded; load it again."
                    )
            self._queue.drop_over()

    def _retire_surplus(self) -> None:
        """Let the models go that were not asked for the longest time, where there are more than may be loaded."""
        there = sorted(
            (model_queue for model_queue in self._model_queues.values() if not model_queue.is_retiring),
            key=lambda model_queue: model_queue.used,
        )
        for model_queue in there[: max(len(there) - self.limits.loaded, 0)]:
            self.unload(model_queue.name)

    def _sweep(self) -> None:
        now = time.monotonic()
        for live_probe in self._queue:
            if now - live_probe.seen > self.limits.left:
                live_probe.cancel("Nobody was looking at it any more.")
            elif now - live_probe.turn > self.limits.waiting:
                live_probe.fail(
                    f"The model did not come to it within {self.limits.waiting:.0f} s, so it is not asked any more; "
                    "press Probe again when fewer are waiting."
                )
        self._queue.drop_over()
        old = [
            id for id, p in self._live_probes.items() if p.ended is not None and now - p.ended > self.limits.remembered
        ]
        for id in old:
            del self._live_probes[id]

    def _model_state(self, name: str, source: str) -> ModelState:
        model_queue = self._model_queues.get(name)
        origin = origin_of(source)
        if model_queue is None:
            reason = self._failed.get(name)
            return ModelState(name=name, state="unloaded" if reason is None else "failed", reason=reason, origin=origin)
        state = model_queue.supervisor.state
        return ModelState(
            name=name,
            state="unloading" if model_queue.is_retiring or state == "closed" else state,
            reason=model_queue.supervisor.reason,
            origin=origin,
            seconds=model_queue.seconds,
        )

    def _model_queue(self, name: str) -> ModelQueue:
        if name not in self._model_queues:
            raise NotFound(f"the model {name[:60]!r} is not loaded")
        return self._model_queues[name]

    def _go(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._gone)

    def _gone(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("a model's queue ended by an error", exc_info=error)


def _unfit(probe: Probe, question: Question) -> str | None:
    """Why the question cannot be asked at all."""
    try:
        probe.prompts(question)
    except Unfit as reason:
        return str(reason)
    return None
