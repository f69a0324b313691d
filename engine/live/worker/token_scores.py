"""Token by token: what a model is given for a question, and what each piece of an option's continuation scored.

Nothing is asked a second time: the terms that an answer sums up are overheard while it is asked.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.facts.question import Question
from engine.live.protocol.answer import LiveAnswer, Piece, Pieces, live_answer
from engine.models.causal.spelling import Spelled
from engine.models.causal.tokens import Encoder
from engine.models.interface import (
    Advance,
    ChatFrame,
    Continuation,
    Generation,
    Identity,
    Loglikelihood,
    Model,
    Refusal,
    ignore,
)
from engine.probes.probe import Probe

_BROKEN = "\ufffd"  # how decoding shows bytes that are no character yet
_REHEARSED = Refusal("it was not asked")


def ask_listening(probe: Probe, model: Model, questions: Sequence[Question], *, encoder: Encoder) -> list[LiveAnswer]:
    """The answers of a probe, each with what the model was given and how it scored every piece."""
    began = time.perf_counter()
    overheard = Overheard(model)
    answers = probe.ask(overheard, questions)
    seconds = (time.perf_counter() - began) / len(questions)
    given = [Given(probe, answer.question, model) for answer in answers]
    tokens = _prompt_tokens(encoder, given)
    spelled = encoder.spelled([text for one in given for text in one.scored])
    found = []
    for answer, one in zip(answers, given, strict=True):
        pieces = one.pieces(encoder, spelled, overheard.scores, options=len(answer.question.options))
        count = sum(tokens[context] for context in one.contexts)
        found.append(live_answer(answer, prompts=one.prompts, prompt_tokens=count, pieces=pieces, seconds=seconds))
    return found


class Overheard:
    """A model that passes everything on, and remembers what came of each continuation."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.scores: dict[Continuation, Loglikelihood | Refusal] = {}

    @property
    def batch_tokens(self) -> int | None:
        """As the model says."""
        return self._model.batch_tokens

    @batch_tokens.setter
    def batch_tokens(self, tokens: int | None) -> None:
        self._model.batch_tokens = tokens

    @property
    def identity(self) -> Identity:
        """The model's."""
        return self._model.identity

    def loglikelihoods(
        self, continuations: Sequence[Continuation], *, advance: Advance = ignore
    ) -> list[Loglikelihood | Refusal]:
        """What the model says."""
        found = self._model.loglikelihoods(continuations, advance=advance)
        self.scores |= dict(zip(continuations, found, strict=True))
        return found

    def generate(self, prompts: Sequence[str], **settings: Any) -> list[Generation | Refusal]:
        """What the model says."""
        return self._model.generate(prompts, **settings)

    def chat(self, text: str, *, thinking: bool = True) -> str:
        """As the model does."""
        return self._model.chat(text, thinking=thinking)

    def chat_frame(self, *, thinking: bool = True) -> ChatFrame:
        """The model's."""
        return self._model.chat_frame(thinking=thinking)


class Rehearsal:
    """Stands where a model stands, to see what it would be given for one question; it answers nothing."""

    batch_tokens: int | None = None

    def __init__(self, model: Model) -> None:
        self._model = model
        self.texts: tuple[Continuation, ...] = ()  # of a probe without continuations: the prompts alone

    @property
    def identity(self) -> Identity:
        """The model's."""
        return self._model.identity

    def loglikelihoods(
        self, continuations: Sequence[Continuation], *, advance: Advance = ignore
    ) -> list[Loglikelihood | Refusal]:
        """Refusals."""
        self.texts = tuple(continuations)
        return [_REHEARSED] * len(continuations)

    def generate(
        self,
        prompts: Sequence[str],
        *,
        stop: Sequence[str],
        max_tokens: int,
        chat: bool = False,
        thinking: bool = True,
        advance: Advance = ignore,
    ) -> list[Generation | Refusal]:
        """Refusals."""
        self.texts = tuple(Continuation(prompt, "", chat, thinking) for prompt in prompts)
        return [_REHEARSED] * len(prompts)

    def chat(self, text: str, *, thinking: bool = True) -> str:
        """As the model does."""
        return self._model.chat(text, thinking=thinking)

    def chat_frame(self, *, thinking: bool = True) -> ChatFrame:
        """The model's."""
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

    def pieces(
        self,
        encoder: Encoder,
        spelled: Mapping[Continuation, Spelled],
        scores: Mapping[Continuation, Loglikelihood | Refusal],
        *,
        options: int,
    ) -> tuple[Pieces, ...]:
        """The pieces of each option's continuation, prompt by prompt; () where nothing was scored."""
        found = []
        for start in range(0, len(self.scored), options) if options else ():
            of_options = []
            for text in self.scored[start : start + options]:
                score = scores.get(text)
                if not isinstance(score, Loglikelihood) or len(score.terms) != score.tokens:
                    return ()
                of_options.append(pieces_of(encoder, text, spelled[text], score.terms))
            found.append(tuple(of_options))
        return tuple(found)


def _prompt_tokens(encoder: Encoder, given: Sequence[Given]) -> dict[Continuation, int]:
    """How many tokens each context has; 0 where it is refused."""
    found: dict[Continuation, int] = {}
    for chat, thinking in ((False, True), (True, True), (True, False)):
        every = dict.fromkeys(context for one in given for context in one.contexts)
        alike = [one for one in every if (one.chat, one.thinking) == (chat, thinking)]
        ids = encoder.prompts([one.context for one in alike], chat=chat, thinking=thinking, room=0) if alike else ()
        found |= {c: 0 if isinstance(one, Refusal) else len(one) for c, one in zip(alike, ids, strict=True)}
    return found


def pieces_of(encoder: Encoder, scored: Continuation, spelled: Spelled, terms: Sequence[float]) -> tuple[Piece, ...]:
    """The tokens of a continuation with their log-probabilities; those that share a character are one piece.

    The pieces' texts make up the continuation, unless a token reaches back into the context, or the tokenizer changes
    what it reads. `terms`: one per token, as scored.
    """
    whole = spelled.text
    if spelled.spans is None:
        return _decoded(encoder, spelled.ids[-len(terms) :], terms)
    spans = spelled.spans[-len(terms) :]
    end = min(len(whole) - len(scored.text), spans[0][0])
    pieces: list[Piece] = []
    for (first, last), nats in zip(spans, terms, strict=True):
        if pieces and first < end:
            before = pieces.pop()
            pieces.append(Piece(before.text + whole[end:last], before.nats + nats))
        else:
            pieces.append(Piece(whole[end:last], nats))
        end = max(end, last)
    return tuple(pieces)


def _decoded(encoder: Encoder, ids: Sequence[int], terms: Sequence[float]) -> tuple[Piece, ...]:
    """The same by what the tokens decode to, where a tokenizer does not know which characters they stand for."""
    pieces: list[Piece] = []
    start, nats = 0, 0.0
    for place, term in enumerate(terms, start=1):
        nats += term
        text = encoder.decode(ids[start:place])
        if place == len(ids) or not text.endswith(_BROKEN):
            pieces.append(Piece(text, nats))
            start, nats = place, 0.0
    return tuple(pieces)
