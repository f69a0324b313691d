"""A live probe under way: a fact that a user wants asked of a model, what is left to ask, and the answers so far."""

import asyncio
import secrets
import time
from dataclasses import dataclass, field

from engine.facts.question import Question
from engine.live.protocol.answer_message import answer_message
from engine.live.protocol.messages import ProbeState, ProbeStatus
from engine.models.interface import Identity
from engine.probes.answer import Answer
from engine.probes.probe import Probe


@dataclass(eq=False)
class LiveProbe:
    """One fact, asked of one model in one way, for one user. Times go by the monotonic clock."""

    user: str
    model: str  # its name in the list of models
    probe: Probe
    questions: tuple[Question, ...]
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))  # who knows it may see the probe
    state: ProbeState = "waiting"
    note: str | None = None  # what happened to it, in a sentence
    left: list[Question] = field(default_factory=list)  # to be asked, in the order of the languages
    answers: dict[str, Answer] = field(default_factory=dict)  # by language, in the order in which they came
    is_counted: bool = False  # whether its tokens were counted, or could not be: it may be asked
    alone: bool = False  # the worker stopped while it was asked with others: it is not merged again
    stops: int = 0  # how often the worker ended while it was asked
    silent: float = 0.0  # seconds in which the worker gave it no answer
    submitted: float = field(default_factory=time.monotonic)
    seen: float = field(default_factory=time.monotonic)  # when its user last looked
    turn: float = field(default_factory=time.monotonic)  # when the model was last asked for it, or answered
    ended: float | None = None
    identity: Identity | None = None  # of the model that answered
    saved_id: str | None = None  # by which the store has it
    save_problem: str | None = None  # why it could not be saved
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.left = [question for question in self.questions if question.language not in self.answers]

    @property
    def is_over(self) -> bool:
        """True when no more answers will come."""
        return self.ended is not None

    def deliver(self, answers: list[Answer]) -> None:
        """Add answers; the last one ends the probe."""
        if self.is_over:
            return
        self.answers |= {answer.question.language: answer for answer in answers}
        self.left = [question for question in self.left if question.language not in self.answers]
        self.silent, self.turn = 0.0, time.monotonic()
        self._end("done", None) if not self.left else self._tell()

    def begin(self) -> None:
        """Note that the model is being asked."""
        self.turn = time.monotonic()
        if self.state == "waiting":
            self.state = "running"
            self._tell()

    def ask_again(self, note: str) -> None:
        """Put what is left back to wait, to be asked by itself: the worker stopped."""
        if not self.is_over:
            self.state, self.note, self.alone = "waiting", note, True
            self._tell()

    def fail(self, reason: str) -> None:
        """End it with a reason; the answers that came stay."""
        if not self.is_over:
            self._end("failed", reason)

    def cancel(self, reason: str) -> None:
        """End it because nobody wants it any more."""
        if not self.is_over:
            self._end("cancelled", reason)

    def note_saved(self, saved_id: str | None, problem: str | None) -> None:
        """Note by which id the store has it, or why it could not be saved."""
        self.saved_id, self.save_problem = saved_id, problem
        self._tell()

    async def change(self, seconds: float) -> None:
        """Wait until something is new, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass

    def status(self, *, position: int | None, wait: float | None) -> ProbeStatus:
        """The probe as it stands: `position` among those waiting, `wait` in expected seconds."""
        return ProbeStatus(
            id=self.id,
            model=self.model,
            state=self.state,
            note=self.note,
            position=position,
            expected_seconds=wait,
            seconds=(self.ended or time.monotonic()) - self.submitted,
            fact_id=self.questions[0].fact_id,
            template=self.probe.template,
            saved_id=self.saved_id,
            save_problem=self.save_problem,
            total=len(self.questions),
            languages={tag: answer_message(answer, self.probe) for tag, answer in self.answers.items()},
        )

    def _end(self, state: ProbeState, note: str | None) -> None:
        self.state, self.note, self.ended, self.left = state, note, time.monotonic(), []
        self._tell()

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
