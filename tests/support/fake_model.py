"""A language model without weights: its scores and words come from plain functions, the same for the same texts."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.errors import IsoglossError
from engine.models.interface import (
    Advance,
    ChatFrame,
    Continuation,
    Generation,
    GenerationRequest,
    Identity,
    Loglikelihood,
    Refusal,
    ignore,
)

Score = Callable[[str, str], float]  # (context, text) -> nats

IDENTITY = Identity(
    name="fake",
    source="tests",
    revision=None,
    weights_sha256="0" * 64,
    dtype="float64",
    device="cpu",
    versions={"fake": "1"},
    module=__name__,
)


def hashed(context: str, text: str) -> float:
    """A score between -16 and 0 that looks random and is the same everywhere for the same two texts."""
    digest = hashlib.sha256(f"{context}\0{text}".encode("utf-8", "surrogatepass")).digest()
    return -16 * int.from_bytes(digest[:6]) / 2**48


def silent(_: str) -> str:
    """A model that says nothing."""
    return ""


def _nothing() -> None:
    pass


@dataclass
class FakeModel:
    """Implements engine.models.interface.Model.

    `score` gives the nats of a text after a context, `say` (a function or a table, "" where it has nothing) the text
    said after a prompt, cut at the first stop string and then after `max_tokens` characters. A token is a character.
    A text that holds a key of `refuse` is refused with that key's reason. `before` is called before each item (to wait,
    or to raise). In a chat all of them see the prompt in its frame. Every call is kept as it came, in `asked`
    (continuations) and `prompted` (prompts).
    """

    score: Score = hashed
    say: Callable[[str], str] | Mapping[str, str] = silent
    refuse: Mapping[str, str] = field(default_factory=dict)
    frame: tuple[str, str] | None = None  # what stands before and after a user's turn; None: no chat template
    thought: str | None = None  # what opens a thought at the end of the frame; `can_be_off`: unless it is turned off
    can_be_off: bool = False
    before: Callable[[], None] = _nothing
    identity: Identity = IDENTITY
    batch_tokens: int | None = None
    asked: list[tuple[Continuation, ...]] = field(default_factory=list)
    prompted: list[tuple[str, ...]] = field(default_factory=list)

    def loglikelihoods(
        self, continuations: Sequence[Continuation], *, advance: Advance = ignore
    ) -> list[Loglikelihood | Refusal]:
        """One for each continuation, in their order."""
        self.asked.append(tuple(continuations))
        answers: list[Loglikelihood | Refusal] = []
        for asked in continuations:
            self.before()
            context = self.chat(asked.context, thinking=asked.thinking) if asked.chat else asked.context
            nats = self.score(context, asked.text)
            answers.append(self._refusal(context + asked.text) or Loglikelihood(nats, len(asked.text)))
            advance(1)
        return answers

    def generate(self, request: GenerationRequest, *, advance: Advance = ignore) -> list[Generation | Refusal]:
        """Say something after each prompt, in their order."""
        self.prompted.append(request.prompts)
        answers: list[Generation | Refusal] = []
        for text in request.prompts:
            prompt = self.chat(text, thinking=request.thinking) if request.chat else text
            self.before()
            said = self.say(prompt) if callable(self.say) else self.say.get(prompt, "")
            end = min((place for mark in request.stop if (place := said.find(mark)) >= 0), default=len(said))
            answers.append(self._refusal(prompt) or Generation(said[:end][: request.max_tokens]))
            advance(1)
        return answers

    def chat(self, text: str, *, thinking: bool = True) -> str:
        """The text as a user's turn."""
        return self.chat_frame(thinking=thinking).rendered.replace("{text}", text)

    def chat_frame(self, *, thinking: bool = True) -> ChatFrame:
        """What stands around a user's turn."""
        if self.frame is None:
            raise IsoglossError("fake has no chat template: ask it without --chat")
        thought = self.thought if thinking else None
        return ChatFrame("{text}".join(self.frame) + (thought or ""), thought, has_switch=self.can_be_off)

    def _refusal(self, text: str) -> Refusal | None:
        return next((Refusal(reason) for part, reason in self.refuse.items() if part in text), None)
