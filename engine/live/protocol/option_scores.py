"""From the log-likelihoods of options to the message that tells an answer. Imports nothing of models and probes."""

import math
from collections.abc import Sequence

from engine.live.protocol.messages import LanguageAnswer, OptionScore

# The columns of the results table that a message is made of; attributes of an `Answer` are called so as well.
MEASURED = (
    "predicted",
    "correct",
    "option_logprobs",
    "option_bytes",
    "option_tokens",
    "option_unconditional",
    "merged_options",
    "letter_logprobs",
    "order_choices",
    "text",
    "error",
)
Numbers = Sequence[float] | None


def deciding(
    nats: Numbers,
    *,
    choose_by: str | None,
    texts: Sequence[str],
    bytes: Numbers = None,
    tokens: Numbers = None,
    alone: Numbers = None,
) -> Sequence[float] | None:
    """The scores whose highest decided: nats, nats per byte, token or character of the options' `texts`, or nats above
    those without the question.
    """
    sizes = {"byte": bytes, "token": tokens, "character": tuple(map(len, texts))}.get(choose_by or "")
    if nats is None:
        return None
    if sizes is not None:
        return tuple(value / size for value, size in zip(nats, sizes, strict=True))
    if alone is not None and choose_by in ("pmi", "contrast"):
        return tuple(value - without for value, without in zip(nats, alone, strict=True))
    return nats


def language_answer(
    *,
    options: Sequence[str],
    gold: Sequence[int],
    choose_by: str | None,
    predicted: int | None,
    correct: bool | None,
    option_logprobs: Numbers,
    option_bytes: Numbers,
    option_tokens: Numbers,
    option_unconditional: Numbers,
    merged_options: Sequence[int] | None,
    letter_logprobs: Numbers,
    order_choices: Sequence[int] | None,
    text: str | None,
    error: str | None,
    prompts: Sequence[str] = (),
    tokens: int | None = None,
    seconds: float | None = None,
) -> LanguageAnswer:
    """The message of an answer, from what the columns of the results table hold of it, whoever read them.

    Letters and orders are told where the options stood in several orders.
    """
    scores = deciding(
        option_logprobs,
        choose_by=choose_by,
        texts=options,
        bytes=option_bytes,
        tokens=option_tokens,
        alone=option_unconditional,
    )
    logprobs = option_logprobs or (None,) * len(options)
    shares = softmax(scores) if scores else (None,) * len(options)
    orders = tuple(order_choices or ())
    return LanguageAnswer(
        options=tuple(
            OptionScore(text=option, logprob=logprob, probability=share, merged=place in (merged_options or ()))
            for place, (option, logprob, share) in enumerate(zip(options, logprobs, shares, strict=True))
        ),
        margin=margin(scores, gold) if scores else None,
        predicted=predicted,
        correct=correct,
        prompts=tuple(prompts),
        tokens=tokens,
        seconds=seconds,
        text=text,
        order_choices=orders if len(orders) > 1 else None,
        letter_logprobs=tuple(letter_logprobs or ()) if len(orders) > 1 else None,
        error=error,
    )


def margin(scores: Sequence[float], gold: Sequence[int]) -> float | None:
    """How far the best right option is above the best wrong one; None: there is no right or no wrong one."""
    right = [score for index, score in enumerate(scores) if index in gold]
    wrong = [score for index, score in enumerate(scores) if index not in gold]
    return max(right) - max(wrong) if right and wrong else None


def softmax(scores: Sequence[float]) -> tuple[float, ...]:
    """Probabilities in proportion to the exponentials of scores; they sum to 1."""
    highest = max(scores)
    weights = [math.exp(score - highest) for score in scores]
    total = math.fsum(weights)
    return tuple(weight / total for weight in weights)
