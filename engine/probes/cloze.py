"""The cloze probe: the model's log-likelihood of each option's own text is its answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from engine.facts.question import BLANK, Question
from engine.models.interface import Continuation
from engine.probes.answer import Answer, is_right
from engine.probes.contrast import NO_OTHERS, Others, log_mean
from engine.probes.fitness import check_options, check_texts
from engine.probes.prompt import Prompt, after
from engine.probes.scored_probe import ScoredProbe, Scores, highest, merged_options
from engine.probes.template import fill
from engine.schema import ProbeName

ChooseBy = Literal["sum", "byte", "character", "token", "pmi", "contrast"]

_BLANK = re.compile(f"{re.escape(BLANK)}_*")  # a longer line is the same blank


@dataclass(frozen=True, kw_only=True)
class ClozeProbe(ScoredProbe):
    """Compares the log-likelihoods of the options' texts, each with what stands between it and the prompt.

    A fact with a blank is asked as a statement: the prompt ends before its first blank, and the continuation is the
    option with all that follows the blank. `choose_by` decides which option is chosen: the highest sum, the highest per
    UTF-8 byte or per token of the continuation, per character of the option alone (this is `acc_norm` of
    lm-evaluation-harness; bytes are not, since a continuation has its space and what follows the blank as well), or the
    highest sum minus the same continuation's log-likelihood otherwise: with no prompt at all ("pmi"), or on average
    after the same words about `others`, subjects of the same relation ("contrast"; raw likelihoods can fall below
    chance for names that a model never wrote in a language). `unconditional` measures the log-likelihood with no prompt
    in any case.
    """

    choose_by: ChooseBy = "sum"
    unconditional: bool = False
    others: Others = field(default=NO_OTHERS, compare=False, repr=False)

    @property
    def name(self) -> ProbeName:
        """The probe's name."""
        return "cloze"

    def among(self, questions: Sequence[Question]) -> Self:
        """With "contrast": the probe that compares each question with the others."""
        return replace(self, others=Others(questions)) if self.choose_by == "contrast" else self

    def prompts(self, question: Question) -> tuple[Prompt, ...]:
        """One prompt. Raises Unfit."""
        check_options(question, lettered=False)
        check_texts(question)
        if self.choose_by == "contrast":
            self.others.check(question)
        return (self._prompt(question),)

    def _prompt(self, question: Question) -> Prompt:
        language, wording, header = self._wording(question)
        blank = _BLANK.search(question.text)
        if blank:
            asked = fill(wording.statement, {"beginning": question.text[: blank.start()]})
            texts = [option + question.text[blank.end() :] for option in question.options]
        else:
            asked = fill(wording.text, {"question": question.text})
            texts = [wording.separator + option for option in question.options]
        context, continuations = after(header + asked, texts, chat=self.chat)
        return Prompt(question, self.template, language, (), context, continuations)

    def _texts(self, prompts: Sequence[Prompt]) -> tuple[Continuation, ...]:
        (prompt,) = prompts
        return super()._texts(prompts) + tuple(
            self._after(context, text)
            for context in self._other_contexts(prompt.question)
            for text in prompt.continuations
        )

    def _other_contexts(self, question: Question) -> tuple[str, ...]:
        """The contexts after which the options are scored as well, to be compared with."""
        if self.choose_by == "contrast":
            alike = (self._prompt(self._reworded(other)) for other in self.others.of(question))
            return tuple(prompt.context for prompt in alike)
        return ("",) if self.unconditional or self.choose_by == "pmi" else ()

    def _answer(self, question: Question, prompts: Sequence[Prompt], scores: Scores) -> Answer:
        count = len(question.options)
        nats = tuple(score.nats for score in scores[:count])
        elsewhere = [[score.nats for score in scores[n : n + count]] for n in range(count, len(scores), count)]
        alone = tuple(map(log_mean, zip(*elsewhere, strict=True))) if elsewhere else None
        sizes = tuple(len(text.encode()) for text in prompts[0].continuations)
        tokens = tuple(score.tokens for score in scores[:count])
        chosen_by: Sequence[float] = nats
        if self.choose_by == "byte":
            chosen_by = [n / size for n, size in zip(nats, sizes, strict=True)]
        elif self.choose_by == "character":
            chosen_by = [n / len(option) for n, option in zip(nats, question.options, strict=True)]
        elif self.choose_by == "token":
            chosen_by = [n / size for n, size in zip(nats, tokens, strict=True)]
        elif alone is not None and self.choose_by in ("pmi", "contrast"):
            chosen_by = [n - without for n, without in zip(nats, alone, strict=True)]
        predicted = highest(chosen_by)
        return Answer(
            question,
            self.name,
            self.template,
            predicted=predicted,
            correct=is_right(question, predicted),
            parsed=True,
            option_logprobs=nats,
            option_bytes=sizes,
            option_tokens=tokens,
            option_unconditional=alone,
            merged_options=merged_options(scores[:count], count),
        )

    def variant(self) -> tuple[str, ...]:
        """What decides, where it is not the sum; then how merged options are scored."""
        return (*(() if self.choose_by == "sum" else (self.choose_by,)), *super().variant())
