"""Probes that compare log-likelihoods: many questions in one call, so that the model can batch and share prefixes."""

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from engine.errors import IsoglossError
from engine.facts.question import Question
from engine.models.interface import Advance, Boundary, Continuation, Loglikelihood, Model, Refusal, ignore
from engine.probes.answer import Answer
from engine.probes.fitness import Unfit
from engine.probes.prompt import Prompt
from engine.probes.question_count import QuestionsDone
from engine.probes.templated_probe import TemplatedProbe

Scores = tuple[Loglikelihood, ...]
_OTHERWISE = "ask by generation or leave --chat out if it cannot be turned off"


@dataclass(frozen=True, kw_only=True)
class ScoredProbe(TemplatedProbe):
    """A probe that scores given texts."""

    boundary: Boundary = "whole"  # how a text is scored whose first token also holds the end of its context

    def check(self, model: Model) -> str | None:
        """As every probe; a thought that is open is refused, since its first word would be scored for the answer."""
        note = super().check(model)
        if self.chat and model.chat_frame(thinking=self.thinking).thought:
            raise IsoglossError(f"{note}. Scored here, an answer would be the first word of that thought; {_OTHERWISE}")
        return note

    def ask(self, model: Model, questions: Sequence[Question], *, advance: Advance = ignore) -> list[Answer]:
        """One answer per question, in their order; `advance` counts questions.

        A question that cannot be asked, or of which the model refuses any text, is an answer with its error alone.
        Raises IsoglossError as `check` does.
        """
        self.check(model)
        asked = [self._fitting(question) for question in questions]
        groups = [() if isinstance(prompts, Unfit) else self._texts(prompts) for prompts in asked]
        scored = _score(model, groups, advance)
        answers = []
        for question, prompts, scores in zip(questions, asked, scored, strict=True):
            if isinstance(prompts, Unfit):
                answers.append(Answer(question, self.name, self.template, error=str(prompts)))
            elif isinstance(scores, Refusal):
                answers.append(Answer(question, self.name, self.template, error=scores.reason))
            else:
                answers.append(self._answer(question, prompts, scores))
        return answers

    def _texts(self, prompts: Sequence[Prompt]) -> tuple[Continuation, ...]:
        """What is scored: every option's continuation, prompt by prompt."""
        return tuple(self._after(prompt.context, text) for prompt in prompts for text in prompt.continuations)

    def _after(self, context: str, text: str) -> Continuation:
        """A text to be scored after a context; what stands alone stands in no chat."""
        chat = self.chat and bool(context)
        return Continuation(context, text, chat=chat, thinking=self.thinking or not chat, boundary=self.boundary)

    def variant(self) -> tuple[str, ...]:
        """How options are scored that share a token with their context, where it is not by the whole."""
        return () if self.boundary == "whole" else (self.boundary,)

    @abstractmethod
    def _answer(self, question: Question, prompts: Sequence[Prompt], scores: Scores) -> Answer:
        """The answer that the scores of `_texts` give."""


def _score(model: Model, groups: Sequence[tuple[Continuation, ...]], advance: Advance) -> list[Scores | Refusal]:
    """The scores of each group's texts, or why the group has none; a text that stands in several is scored once."""
    texts = list(dict.fromkeys(chain.from_iterable(groups)))
    done = QuestionsDone(advance, questions=len(groups), items=len(texts))
    scores = dict(zip(texts, model.loglikelihoods(texts, advance=done.step) if texts else (), strict=True))
    done.finish()
    return [_together([scores[text] for text in group]) for group in groups]


def _together(scores: Sequence[Loglikelihood | Refusal]) -> Scores | Refusal:
    measured = []
    for score in scores:
        if isinstance(score, Refusal):
            return score
        if not math.isfinite(score.nats):
            return Refusal(f"the model's score of an option is {score.nats}, not a number to compare")
        if score.tokens < 1:
            return Refusal("an option has no tokens in the model's vocabulary")
        measured.append(score)
    return tuple(measured)


def merged_options(scores: Sequence[Loglikelihood], options: int) -> tuple[int, ...] | None:
    """The options of which a first token also holds the end of its context; None: no option's does.

    `scores`: of all options under each order, one order after another.
    """
    return tuple(sorted({place % options for place, score in enumerate(scores) if score.merged})) or None


def highest(scores: Sequence[float]) -> int:
    """The index of the highest score, the first of equals."""
    return max(range(len(scores)), key=lambda index: (scores[index], -index))
