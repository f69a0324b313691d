"""The letter probe: the options are listed by letter, and the model's next letter is the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

from engine.facts.question import Question
from engine.probes.answer import Answer, is_right
from engine.probes.fitness import check_options, check_texts
from engine.probes.prompt import Prompt, after
from engine.probes.scored_probe import ScoredProbe, Scores, highest, merged_options
from engine.probes.template import LETTERS, ask
from engine.schema import ProbeName

Permute = Literal["none", "cyclic"]


@dataclass(frozen=True, kw_only=True)
class LetterProbe(ScoredProbe):
    """Compares the log-likelihoods of the letters.

    `permute="cyclic"` asks a question of k options k times, with option (p + r) mod k at place p under order r, so that
    each option stands once at each letter; log-likelihoods are averaged, which takes away a liking for a letter.
    """

    permute: Permute = "none"

    @property
    def name(self) -> ProbeName:
        """The probe's name."""
        return "letter"

    def prompts(self, question: Question) -> tuple[Prompt, ...]:
        """One prompt per order of the options. Raises Unfit."""
        check_options(question, lettered=True)
        check_texts(question)
        language, wording, header = self._wording(question)
        count = len(question.options)
        prompts = []
        for turn in range(count if self.permute == "cyclic" else 1):
            order = tuple((place + turn) % count for place in range(count))
            asked = ask(wording, question, tuple(question.options[option] for option in order))
            letters = [wording.separator + LETTERS[order.index(option)] for option in range(count)]
            context, continuations = after(header + asked, letters, chat=self.chat)
            prompts.append(Prompt(question, self.template, language, order, context, continuations))
        return tuple(prompts)

    def _answer(self, question: Question, prompts: Sequence[Prompt], scores: Scores) -> Answer:
        count, orders = len(question.options), len(prompts)
        nats = [[score.nats for score in scores[count * r : count * (r + 1)]] for r in range(orders)]  # [order][option]
        # fsum rounds once, so the mean does not depend on the order of its terms and what is equal stays equal.
        by_option = tuple(fsum(order[option] for order in nats) / orders for option in range(count))
        by_place = tuple(
            fsum(order[prompt.order[place]] for order, prompt in zip(nats, prompts, strict=True)) / orders
            for place in range(count)
        )
        predicted = highest(by_option)
        return Answer(
            question,
            self.name,
            self.template,
            predicted=predicted,
            correct=is_right(question, predicted),
            parsed=True,
            option_logprobs=by_option,
            option_bytes=tuple(len(option.encode()) for option in question.options),
            merged_options=merged_options(scores, count),
            letter_logprobs=by_place,
            order_choices=tuple(highest(order) for order in nats),
        )

    def variant(self) -> tuple[str, ...]:
        """The orders asked, where there are several; then how merged options are scored."""
        return (*(() if self.permute == "none" else (self.permute,)), *super().variant())
