"""Training: steps over the lines of a corpus, on one thread, so that the same machine gives the same weights."""

import math
import random
from collections.abc import Sequence

import torch
from torch.nn import functional
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from engine.lab.corpus import Line
from engine.lab.network import CONTEXT
from engine.lab.threads import one_thread
from engine.models.causal.prefix_tree import TokenSequence
from engine.models.causal.tokens import Encoded, Encoder
from engine.models.interface import Advance, Continuation, ignore

_WARM_UP = 50  # steps
_WINDOW = 32  # batches whose lines are sorted by length
_LARGEST_GRADIENT = 1.0


def train(
    network: LlamaForCausalLM,
    tokenizer: PreTrainedTokenizerFast,
    lines: Sequence[Line],
    *,
    batch: int,
    learning_rate: float,
    advance: Advance = ignore,
) -> None:
    """Train a network in place on the lines, `batch` of them a step; `advance` counts steps.

    AdamW; the learning rate rises for a few steps and falls along a cosine. Only continuations count in the loss: what
    is learnt is to answer. Nothing depends on chance, and one thread keeps the order of every sum.
    """
    batches = _batches(_encode(tokenizer, lines), batch)
    optimizer = torch.optim.AdamW(network.parameters(), lr=learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, len(batches)))
    network.train(True)
    with one_thread():
        for together in batches:
            loss = _loss(network, together, tokenizer.pad_token_id)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(network.parameters(), _LARGEST_GRADIENT)
            optimizer.step()
            schedule.step()
            advance(1)
    network.train(False)


def _batches(sequences: Sequence[TokenSequence], size: int) -> list[Sequence[TokenSequence]]:
    """The sequences in their order but for neighbours, of which those of like length stand together: less is padded."""
    window = size * _WINDOW
    batches: list[Sequence[TokenSequence]] = []
    for start in range(0, len(sequences), window):
        ordered = sorted(sequences[start : start + window], key=lambda sequence: len(sequence.ids))
        cut = [ordered[place : place + size] for place in range(0, len(ordered), size)]
        batches += random.Random(start).sample(cut, len(cut))
    return batches


def _loss(network: LlamaForCausalLM, sequences: Sequence[TokenSequence], padding: int) -> torch.Tensor:
    """Mean cross-entropy of the continuations' tokens, nats. Padding stands at the end, where nothing looks at it."""
    length = max(len(sequence.ids) for sequence in sequences)
    ids = torch.tensor([[*s.ids, *[padding] * (length - len(s.ids))] for s in sequences])
    places = torch.arange(1, length)
    starts, ends = (torch.tensor([n(s) for s in sequences])[:, None] for n in (lambda s: s.start, lambda s: len(s.ids)))
    learnt = (places >= starts) & (places < ends)
    states = network.model(input_ids=ids[:, :-1], use_cache=False).last_hidden_state
    return functional.cross_entropy(network.lm_head(states[learnt]), ids[:, 1:][learnt])


def _encode(tokenizer: PreTrainedTokenizerFast, lines: Sequence[Line]) -> list[TokenSequence]:
    """The tokens of each line as a model reads them when it is asked, and the end token."""
    texts = list(dict.fromkeys((line.context, line.continuation) for line in lines))
    encoder = Encoder(tokenizer, context_length=CONTEXT - 1)
    scored = enumerate(encoder.scored([Continuation(*text) for text in texts]))
    encoded = dict(zip(texts, scored, strict=True))
    found = []
    for line in lines:
        number, read = encoded[line.context, line.continuation]
        assert isinstance(read, Encoded), f"{line.text}: {read}"
        found.append(TokenSequence(number, (*read.ids, tokenizer.eos_token_id), read.start))
    return found


def _rate(step: int, steps: int) -> float:
    """The share of the learning rate at a step."""
    return min(1.0, (step + 1) / _WARM_UP) * 0.5 * (1 + math.cos(math.pi * step / steps))
