"""An answer as the service tells it. Imports no torch."""

from collections.abc import Sequence
from typing import Any

from engine.live.protocol.answer import LiveAnswer
from engine.live.protocol.option_scores import deciding, shown_options
from engine.models.token_details import Piece
from engine.probes.answer import Answer
from engine.probes.probe import Probe


def shown_answer(answer: Answer, probe: Probe) -> dict[str, Any]:
    """The answer in one language as JSON. What was not measured is null."""
    question = answer.question
    scores = deciding_scores(answer, probe)
    found = shown_options(question.options, question.gold, answer.option_logprobs, scores, merged=answer.merged_options)
    live = answer if isinstance(answer, LiveAnswer) else None
    found |= {
        "predicted": answer.predicted,
        "correct": answer.correct,
        "prompts": list(live.prompts) if live else [],
        "tokens": live.prompt_tokens if live else None,
        "seconds": live.seconds if live else None,
    }
    if answer.text is not None:
        found["text"] = answer.text
    if answer.order_choices is not None and len(answer.order_choices) > 1:
        found |= {"order_choices": list(answer.order_choices), "letter_logprobs": list(answer.letter_logprobs or ())}
    if answer.error is not None:
        found["error"] = answer.error
    return found


def shown_pieces(answer: Answer) -> dict[str, Any]:
    """The log-probability of each piece of each option, as JSON; `orders` where the options stood in several."""
    texts = answer.question.options
    orders = [
        [{"text": text, "tokens": _tokens(pieces)} for text, pieces in zip(texts, of_options, strict=True)]
        for of_options in (answer.pieces if isinstance(answer, LiveAnswer) else ())
    ]
    return {"options": orders[0] if orders else []} | ({"orders": orders} if len(orders) > 1 else {})


def deciding_scores(answer: Answer, probe: Probe) -> Sequence[float] | None:
    """The scores of the options whose highest decided, nats (per byte, character or token where that decides)."""
    return deciding(
        answer.option_logprobs,
        choose_by=getattr(probe, "choose_by", None),
        texts=answer.question.options,
        bytes=answer.option_bytes,
        tokens=answer.option_tokens,
        alone=answer.option_unconditional,
    )


def _tokens(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    return [{"text": piece.text, "logprob": piece.nats} for piece in pieces]
