"""Token by token: how many tokens a context has, and what each piece of a scored text scored."""

from collections.abc import Mapping, Sequence

from engine.models.causal.spelling import Spelled
from engine.models.causal.tokens import Encoder
from engine.models.interface import Continuation, GenerationRequest, Loglikelihood, Refusal
from engine.models.token_details import Piece

_BROKEN = "\ufffd"  # how decoding shows bytes that are no character yet


def tokens_of(encoder: Encoder, contexts: Sequence[Continuation]) -> list[int | None]:
    """Count the tokens of each context by itself; None where it is refused."""
    counts: dict[Continuation, int | None] = {}
    for chat, thinking in dict.fromkeys((context.chat, context.thinking) for context in contexts):
        alike = [one for one in dict.fromkeys(contexts) if (one.chat, one.thinking) == (chat, thinking)]
        texts = tuple(one.context for one in alike)
        encoded = encoder.prompts(GenerationRequest(texts, max_tokens=0, chat=chat, thinking=thinking))
        counts |= {one: None if isinstance(ids, Refusal) else len(ids) for one, ids in zip(alike, encoded, strict=True)}
    return [counts[context] for context in contexts]


def pieces_of(encoder: Encoder, scored: Mapping[Continuation, Loglikelihood]) -> dict[Continuation, tuple[Piece, ...]]:
    """Cut texts into pieces, each with its log-probability in nats; left out where the score tells no terms.

    Tokens that share a character are one piece. The pieces of a text make it up, unless a token reaches back into the
    context, or the tokenizer changes what it reads.
    """
    spelled = encoder.spelled([text for text, score in scored.items() if len(score.terms) == score.tokens > 0])
    return {text: _pieces(encoder, text, tokens, scored[text].terms) for text, tokens in spelled.items()}


def _pieces(encoder: Encoder, scored: Continuation, spelled: Spelled, terms: Sequence[float]) -> tuple[Piece, ...]:
    """The pieces by the characters that each token stands for; `terms`: one per token, as scored."""
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
