"""Token by token: what a model is given for a question, and what each piece of an option's continuation scored.

Nothing is asked a second time: the terms that an answer sums up are overheard while it is asked.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.facts.question import Question
from engine.live.protocol.answer import LiveAnswer, Pieces, live_answer
from engine.models.interface import (
    Advance,
    ChatFrame,
    Continuation,
    Generation,
    GenerationRequest,
    Identity,
    Loglikelihood,
    Model,
    Refusal,
    ignore,
)
from engine.models.token_details import Piece, TokenPieces
from engine.probes.probe import Probe

_REHEARSED = Refusal("it was not asked")


def ask_listening(probe: Probe, model: Model, questions: Sequence[Question]) -> list[LiveAnswer]:
    """Ask, and give each answer with what the model was given and, where it tells, how it scored every piece."""
    began = time.perf_counter()
    overheard = Overheard(model)
    answers = probe.ask(overheard, questions)
    seconds = (time.perf_counter() - began) / len(questions)
    given = [Given(probe, answer.question, model) for answer in answers]
    tokens, pieces = _prompt_tokens(model, given), _pieces(model, given, overheard.scores)
    return [
        live_answer(
            answer,
            prompts=one.prompts,
            prompt_tokens=count,
            pieces=one.pieces(pieces, options=len(answer.question.options)),
            seconds=seconds,
        )
        for answer, one, count in zip(answers, given, tokens, strict=True)
    ]


class Overheard:
    """A model that passes everything on, and remembers what came of each continuation."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.scores: dict[Continuation, Loglikelihood | Refusal] = {}

    @property
    def batch_tokens(self) -> int | None:
        """Pass on what the model says."""
        return self._model.batch_tokens

    @batch_tokens.setter
    def batch_tokens(self, tokens: int | None) -> None:
        self._model.batch_tokens = tokens

    @property
    def identity(self) -> Identity:
        """Pass on what the model says."""
        return self._model.identity

    def loglikelihoods(
        self, continuations: Sequence[Continuation], *, advance: Advance = ignore
    ) -> list[Loglikelihood | Refusal]:
        """Pass them on, and remember the scores."""
        found = self._model.loglikelihoods(continuations, advance=advance)
        self.scores |= dict(zip(continuations, found, strict=True))
        return found

    def generate(self, request: GenerationRequest, *, advance: Advance = ignore) -> list[Generation | Refusal]:
        """Pass it on."""
        return self._model.generate(request, advance=advance)

    def chat(self, text: str, *, thinking: bool = True) -> str:
        """Put the text into the model's own chat format."""
        return self._model.chat(text, thinking=thinking)

    def chat_frame(self, *, thinking: bool = True) -> ChatFrame:
        """Pass on what the model says."""
        return self._model.chat_frame(thinking=thinking)


class Rehearsal:
    """Stands where a model stands, to see what it would be given for one question; it answers nothing."""

    batch_tokens: int | None = None

    def __init__(self, model: Model) -> None:
        self._model = model
        self.texts: tuple[Continuation, ...] = ()  # of a probe without continuations: the prompts alone

    @property
    def identity(self) -> Identity:
        """Pass on what the model says."""
        return self._model.identity

    def loglikelihoods(
        self, continuations: Sequence[Continuation], *, advance: Advance = ignore
    ) -> list[Loglikelihood | Refusal]:
        """Take the texts down, and refuse them."""
        self.texts = tuple(continuations)
        return [_REHEARSED] * len(continuations)

    def generate(self, request: GenerationRequest, *, advance: Advance = ignore) -> list[Generation | Refusal]:
        """Take the prompts down, and refuse them."""
        self.texts = tuple(Continuation(prompt, "", request.chat, request.thinking) for prompt in request.prompts)
        return [_REHEARSED] * len(request.prompts)

    def chat(self, text: str, *, thinking: bool = True) -> str:
        """Put the text into the model's own chat format."""
        return self._model.chat(text, thinking=thinking)

    def chat_frame(self, *, thinking: bool = True) -> ChatFrame:
        """Pass on what the model says."""
        return self._model.chat_frame(thinking=thinking)


class Given:
    """What the model is given for a question: its prompts as they are sent, and what is scored after them."""

    def __init__(self, probe: Probe, question: Question, model: Model) -> None:
        rehearsal = Rehearsal(model)
        probe.ask(rehearsal, [question])
        texts = rehearsal.texts
        # Without a context: what the options are worth by themselves, unless that is all there is.
        self.scored = [text for text in texts if text.text and (text.context or not texts[0].context)]
        self.contexts = tuple(dict.fromkeys(replace(text, text="") for text in texts if text.context))
        self.prompts = tuple(
            model.chat(one.context, thinking=one.thinking) if one.chat else one.context for one in self.contexts
        )

    def pieces(self, known: Mapping[Continuation, tuple[Piece, ...]], *, options: int) -> tuple[Pieces, ...]:
        """Sort the pieces by prompt and option; () where nothing was scored, or not every text's pieces are known."""
        if not options or any(text not in known for text in self.scored):
            return ()
        of_texts = [known[text] for text in self.scored]
        return tuple(tuple(of_texts[start : start + options]) for start in range(0, len(of_texts), options))


def _prompt_tokens(model: Model, given: Sequence[Given]) -> list[int | None]:
    """How many tokens the prompts of each have together; None where one is refused, or the model does not tell."""
    if not isinstance(model, TokenPieces):
        return [None] * len(given)
    contexts = list(dict.fromkeys(context for one in given for context in one.contexts))
    counts = dict(zip(contexts, model.prompt_tokens(contexts), strict=True))
    return [_sum([counts[context] for context in one.contexts]) for one in given]


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _pieces(
    model: Model, given: Sequence[Given], scores: Mapping[Continuation, Loglikelihood | Refusal]
) -> dict[Continuation, tuple[Piece, ...]]:
    """What the pieces of each text scored; {} where the model does not tell."""
    if not isinstance(model, TokenPieces):
        return {}
    texts = dict.fromkeys(text for one in given for text in one.scored)
    return model.pieces({text: score for text in texts if isinstance(score := scores.get(text), Loglikelihood)})
