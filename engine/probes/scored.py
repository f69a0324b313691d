"""Probes that compare log-likelihoods: many questions in one call, so that the model can batch and share prefixes."""

import math
from abc import abstractmethod
from collections.abc import Sequence
from itertools import chain

from engine.facts.question import Question
from engine.models.interface import Advance, Continuation, Loglikelihood, Model, Refusal, ignore
from engine.probes.answer import Answer
from engine.probes.fitness import Unfit
from engine.probes.progress import QuestionsDone
from engine.probes.prompt import Prompt
from engine.probes.worded import Worded

Scores = tuple[Loglikelihood, ...]


class ScoredProbe(Worded):
    """A probe that scores given texts."""

    def ask(self, model: Model, questions: Sequence[Question], *, advance: Advance = ignore) -> list[Answer]:
        """One answer per question, in their order; `advance` counts questions.

        A question that cannot be asked, or of which the model refuses any text, is an answer with its error alone.
        """
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
        return tuple(
            Continuation(prompt.context, text, chat=self.chat) for prompt in prompts for text in prompt.continuations
        )

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


def highest(scores: Sequence[float]) -> int:
    """The index of the highest score, the first of equals."""
    return max(range(len(scores)), key=lambda index: (scores[index], -index))
