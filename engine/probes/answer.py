"""A model's answer to a question: what a probe yields, and a row of the results table but for run and model."""

from dataclasses import dataclass

from engine.facts.question import Question
from engine.schema import ProbeName


@dataclass(frozen=True)
class Answer:
    """The answer to one question in one wording. Lists are in the facts table's order of options."""

    question: Question
    probe: ProbeName
    template: str  # name@version of the wording, with what was done to it, e.g. "plain@1+cyclic"
    predicted: int | None = None
    correct: bool | None = None  # None: not measured
    parsed: bool = False
    option_logprobs: tuple[float, ...] | None = None  # nats; averaged over the orders where there are several
    option_bytes: tuple[int, ...] | None = None
    option_tokens: tuple[int, ...] | None = None
    option_unconditional: tuple[float, ...] | None = None  # nats, without the question
    merged_options: tuple[int, ...] | None = None  # whose first token also holds the end of the context; None: no one's
    letter_logprobs: tuple[float, ...] | None = None  # nats of each letter, from the first, averaged over the orders
    order_choices: tuple[int, ...] | None = None  # the option chosen under each order of the options
    text: str | None = None  # what the model said
    error: str | None = None  # why nothing was measured


def is_right(question: Question, predicted: int | None) -> bool | None:
    """Whether the option chosen is right; choosing none is wrong. None: it is not known which option is right."""
    return predicted in question.gold if question.gold else None
