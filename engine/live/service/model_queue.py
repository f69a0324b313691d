"""A loaded model with its turn-taking: takes groups of questions from the queue, asks them, hands out the answers."""

import asyncio
import time
from collections.abc import Mapping, Sequence

from engine.facts.question import Question
from engine.live.protocol.messages import ModelHealth
from engine.live.protocol.pace_name import pace_name
from engine.live.service.fair_queue import FairQueue, Group
from engine.live.service.pace import Pace
from engine.live.service.supervisor import Supervisor, serve_model
from engine.live.service.warm_up import LETTER, LONG, USUAL, further_probes
from engine.live.worker.messages import AskOrder, ModelSettings, OrderFailed
from engine.live.worker.process import Serve, WorkerSilent, WorkerStopped
from engine.probes.answer import Answer
from engine.probes.probe import Probe

STOPPED = "The probe worker stopped and is being restarted; nothing was saved, press Probe again."
AGAIN = "The probe worker stopped and is being restarted; your probe is asked again."
_HEALTH_SECONDS = 1.5
_QUICK = 2.0  # seconds a question; a slower model is asked nothing that nobody wants to know
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
        self._paces: dict[str, Pace] = {}
        self._untold = further_probes()  # whose pace is found out when nothing else is to do

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
                elif self._untold:
                    await self._find_pace(self._untold.pop())
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

    @property
    def seconds(self) -> Mapping[str, float]:
        """How long a question took lately by itself, by `pace_name`; what was never asked is not there."""
        return {name: pace.alone for name, pace in self._paces.items() if pace.alone is not None}

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
        await self._find_pace(LETTER, LONG)
        if (seconds := await self._find_pace(LETTER)) is not None:
            self.pace, self._paces = Pace(alone=seconds), {LETTER.name: Pace(alone=seconds)}
        if seconds is None or seconds > _QUICK:
            self._untold.clear()

    async def _find_pace(self, probe: Probe, question: Question = USUAL) -> float | None:
        """Ask what nobody wants to know, and note how long it took; None: it was not answered."""
        began = time.monotonic()
        try:
            answers = await self.supervisor.ask(AskOrder(probe, ((question,),)), seconds=self._deadline)
        except WorkerStopped:
            return None
        if isinstance(answers, OrderFailed) or answers[0].error is not None:
            return None
        seconds = time.monotonic() - began
        self._note(probe, seconds, 1)
        return seconds

    def _note(self, probe: Probe, seconds: float, questions: int) -> None:
        """So many questions took so long, each by itself."""
        name = pace_name(probe.name, vars(probe))
        self._paces.setdefault(name, Pace()).note(seconds, questions, merged=False)

    async def _tiny_probe(self, seconds: float) -> bool:
        try:
            answers = await self.supervisor.ask(AskOrder(LETTER, ((_TINY,),)), seconds=seconds)
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
                took = time.monotonic() - began
                self.pace.note(took, len(questions), merged=group.is_merged)
                if not group.is_merged:
                    self._note(group.probe, took, len(questions))
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
