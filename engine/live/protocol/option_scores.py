"""From the log-likelihoods of options to what is shown of them. Imports nothing of models and probes."""

import math
from collections.abc import Sequence
from typing import Any

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


def shown_options(
    texts: Sequence[str], gold: Sequence[int], nats: Numbers, scores: Numbers, *, merged: Sequence[int] | None
) -> dict[str, Any]:
    """Options with log-likelihood and probability among the options, and the margin, as JSON; not measured is null.

    `merged`: the options that share a token with the end of the question.
    """
    logprobs = nats or (None,) * len(texts)
    shares = softmax(scores) if scores else (None,) * len(texts)
    return {
        "options": [
            {"text": text, "logprob": logprob, "probability": probability, "merged": place in (merged or ())}
            for place, (text, logprob, probability) in enumerate(zip(texts, logprobs, shares, strict=True))
        ],
        "margin": margin(scores, gold) if scores else None,
    }


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
