"""A loaded model with its turn-taking: takes groups of questions from the queue, asks them, hands out the answers."""

import asyncio
import time
from collections.abc import Sequence

from engine.facts.question import Question
from engine.live.protocol.messages import ModelHealth
from engine.live.service.fair_queue import FairQueue, Group
from engine.live.service.pace import Pace
from engine.live.service.supervisor import Supervisor, serve_model
from engine.live.worker.messages import AskOrder, ModelSettings, OrderFailed
from engine.live.worker.process import Serve, WorkerSilent, WorkerStopped
from engine.probes.answer import Answer
from engine.probes.probe import make_probe
from engine.probes.template_file import find_template

STOPPED = "The probe worker stopped and is being restarted; nothing was saved, press Probe again."
AGAIN = "The probe worker stopped and is being restarted; your probe is asked again."
_HEALTH_SECONDS = 1.5
_TINY = Question("live", "health", "en", "2 + 2 = ?", ("4", "5"), (0,))


class ModelQueue:
    """One model with its worker. `run` must go on as long as the model is asked."""

    def __init__(
        self, settings: ModelSettings, queue: FairQueue, *, deadline: float, serve: Serve = serve_model
    ) -> None:
        self.name = settings.name
        self.supervisor = Supervisor(settings, serve=serve)
        self.is_retiring = False
        self.pace = Pace()
        self.used = time.monotonic()  # when it was last asked
        self._queue, self._deadline = queue, deadline
        self._news = asyncio.Event()
        self._is_warm = False

    async def run(self) -> None:
        """Ask until the model cannot be loaded, or the model is to be let go and has nothing left to ask."""
        supervising = asyncio.create_task(self.supervisor.run())
        try:
            while await self.supervisor.settled() == "ready":
                self._news.clear()
                if not self._is_warm:
                    await self._warm_up()
                elif group := self._next_group():
                    await self._ask(group)
                elif self.is_retiring and not any(self._queue.left(self.name)):
                    break
                else:
                    await self._news.wait()
        finally:
            self.supervisor.close()
            supervising.cancel()
            await asyncio.gather(supervising, return_exceptions=True)

    def wake(self) -> None:
        """Tell it that there is something new in the queue, or to be done."""
        self._news.set()

    def expected_seconds(self, probes: int, questions: int) -> float | None:
        """How long so many probes with so many questions take; None: not known yet."""
        return self.pace.expected(questions, merged=probes > 1)

    async def health(self) -> ModelHealth:
        """Whether the model answers: by a tiny probe, or while it is being asked by how long it has been silent."""
        supervisor = self.supervisor
        ready, began = supervisor.state == "ready", time.monotonic()
        if supervisor.asked_since is not None:
            asked = began - supervisor.asked_since
            ready = ready and asked < max(_HEALTH_SECONDS, 3 * self.pace.group_seconds)
        elif ready:
            ready = await self._tiny_probe(max(_HEALTH_SECONDS, 10 * (self.pace.alone or 0.0)))
        return ModelHealth(
            name=self.name,
            ready=ready,
            state=supervisor.state,
            reason=supervisor.reason,
            silent_seconds=supervisor.silent_seconds,
            starts=supervisor.starts,
        )

    def _next_group(self) -> Group | None:
        return self._queue.take(self.name, alone=self.pace.most(merged=False), merged=self.pace.most(merged=True))

    async def _warm_up(self) -> None:
        """The very first question is slow; the second tells the pace, roughly."""
        self._is_warm = True
        for _ in range(2):
            began = time.monotonic()
            if await self._tiny_probe(self._deadline):
                self.pace = Pace(alone=time.monotonic() - began)

    async def _tiny_probe(self, seconds: float) -> bool:
        try:
            answers = await self.supervisor.ask(
                AskOrder(make_probe(find_template("letter")), ((_TINY,),)), seconds=seconds
            )
        except WorkerStopped:
            return False
        return not isinstance(answers, OrderFailed) and answers[0].predicted is not None

    async def _ask(self, group: Group) -> None:
        for live_probe, _ in group.parts:
            live_probe.begin()
        # A probe by itself is asked question by question, which gives the numbers of a run to the last bit.
        questions = group.questions
        batches = (questions,) if group.is_merged else tuple((question,) for question in questions)
        seconds = self._deadline / 2 if group.is_merged else self._deadline - group.parts[0][0].silent
        began = self.used = time.monotonic()
        try:
            answers = await self.supervisor.ask(AskOrder(group.probe, batches), seconds=seconds)
        except WorkerSilent:
            self._fell_silent(group, time.monotonic() - began)
        except WorkerStopped:
            _stopped(group)
        else:
            if isinstance(answers, OrderFailed):
                for live_probe, _ in group.parts:
                    live_probe.fail(answers.reason)
            else:
                self.hand_out(group, answers)
                self.pace.note(time.monotonic() - began, len(questions), merged=group.is_merged)
        self._queue.drop_over()

    def hand_out(self, group: Group, answers: Sequence[Answer]) -> None:
        """Give each probe of a group its own answers, which come in the order of the group's questions."""
        start = 0
        for live_probe, questions in group.parts:
            live_probe.identity = self.supervisor.identity
            live_probe.deliver(list(answers[start : start + len(questions)]))
            start += len(questions)

    def _fell_silent(self, group: Group, seconds: float) -> None:
        """Which of several probes made it hang is not known: each is asked once more by itself, until its deadline."""
        for live_probe, _ in group.parts:
            live_probe.silent += seconds
            if group.is_merged:
                live_probe.ask_again(AGAIN)
            else:
                live_probe.fail(
                    f"The model gave no answer for {live_probe.silent:.0f} s; the probe worker is being restarted, "
                    "nothing was saved."
                )


def _stopped(group: Group) -> None:
    """Scoring gives the same numbers again, so it is tried once more, by itself: a probe that kills harms no other."""
    for live_probe, _ in group.parts:
        live_probe.stops += 1
        if live_probe.stops > 1:
            live_probe.fail(STOPPED)
        else:
            live_probe.ask_again(AGAIN)
