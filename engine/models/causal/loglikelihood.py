"""Log-likelihoods of continuations, computed with what prompts share computed once.

Encode; group by common header; lay each group out (a prefix tree where the model can take it); run rows in batches of
about equal length under a budget of nodes; apply the output layer at scored nodes only; sum per continuation.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import torch
from transformers import DynamicCache

from engine.models.causal.forward import Forward
from engine.models.causal.output_layer import OutputLayer, log_probabilities
from engine.models.causal.prefix_tree import Layout, Target, TokenRow, TokenSequence, groups
from engine.models.causal.strategy import Strategy, plans
from engine.models.interface import Loglikelihood, Refusal

TellScored = Callable[[Collection[int]], None]  # told the numbers of the sequences that are scored

_OUT_OF_MEMORY = Refusal("too large for this model on this device: out of memory with one prompt alone")


@dataclass
class Batching:
    """Sizes, in nodes; the budget is halved when memory runs out, and stays so."""

    budget: int  # of a batch, padding included
    width: int  # of a row
    chunk: int  # scored places that the output layer handles at once


@torch.inference_mode()
def score(
    sequences: Sequence[TokenSequence],
    *,
    strategies: Sequence[Strategy],
    output_layer: OutputLayer,
    batching: Batching,
    done: TellScored,
) -> dict[int, Loglikelihood | Refusal]:
    """Sum the log-probabilities of each sequence's scored tokens, by its number; nats.

    One of `strategies` takes each length.
    """
    found: dict[int, Loglikelihood | Refusal] = {}
    left = list(sequences)
    for strategy in strategies:
        fits = [s for s in left if len(s.ids) - 1 <= strategy.longest]
        left = [s for s in left if len(s.ids) - 1 > strategy.longest]
        together = [[one] for one in fits] if strategy.alone else groups(fits, width=batching.width) if fits else ()
        for group in together:
            layout, *_ = plans(strategy.forward, group, width=batching.width)
            found |= _score_layout(layout, strategy.forward, output_layer, batching, done)
    return found


def joined(
    whole: Loglikelihood | Refusal, context: Loglikelihood | Refusal | None, *, merged: bool
) -> Loglikelihood | Refusal:
    """Score a text whose first token also holds the end of its context: what that end scores alone is taken off.

    `context`: the score of the end alone; None: nothing is taken off.
    """
    if isinstance(whole, Refusal) or not merged:
        return whole
    if context is None:
        return replace(whole, merged=True)
    if isinstance(context, Refusal):
        return context
    terms = (whole.terms[0] - context.nats, *whole.terms[1:])
    return Loglikelihood(sum(terms), whole.tokens, terms, merged=True)


def _score_layout(
    layout: Layout, forward: Forward, output_layer: OutputLayer, batching: Batching, done: TellScored
) -> dict[int, Loglikelihood | Refusal]:
    sums: dict[int, list[float]] = {target.sequence: [] for target in layout.targets}
    refused: dict[int, Refusal] = {}
    by_row: list[list[Target]] = [[] for _ in layout.rows]
    for target in layout.targets:
        by_row[target.row].append(target)
    waiting = sorted(range(len(layout.rows)), key=lambda row: -len(layout.rows[row].tokens))
    cache = forward.read_header(layout.header)
    while waiting:
        batch = _batch(waiting, layout.rows, batching.budget)
        targets = [target._replace(row=place) for place, row in enumerate(batch) for target in by_row[row]]
        try:
            values = _score_batch([layout.rows[row] for row in batch], targets, cache, forward, output_layer, batching)
        except torch.OutOfMemoryError:
            torch.cuda.empty_cache()
            if len(batch) > 1:
                batching.budget = max(1, sum(len(layout.rows[row].tokens) for row in batch) // 2)
                continue
            refused |= {target.sequence: _OUT_OF_MEMORY for target in targets}
        else:
            for target, value in zip(targets, values, strict=True):
                sums[target.sequence].append(value)
        done({target.sequence for target in targets})  # all of a sequence's targets stand in one row
        del waiting[: len(batch)]
    return {number: Loglikelihood(sum(terms), len(terms), tuple(terms)) for number, terms in sums.items()} | refused


def _batch(waiting: Sequence[int], rows: Sequence[TokenRow], budget: int) -> list[int]:
    """The next rows, longest first, that fit into the budget and are not mostly padding; at least one."""
    longest = len(rows[waiting[0]].tokens)
    next_rows = waiting[: max(1, budget // longest)]
    return [row for row in next_rows if 2 * len(rows[row].tokens) >= longest]


def _score_batch(
    rows: Sequence[TokenRow],
    targets: Sequence[Target],
    cache: DynamicCache | None,
    forward: Forward,
    output_layer: OutputLayer,
    batching: Batching,
) -> list[float]:
    """Log-probability of each target, in their order."""
    hidden = forward.hidden(rows, cache)
    longest = hidden.shape[1]
    flat = torch.tensor([target.row * longest + target.node for target in targets], device=hidden.device)
    scored, places = torch.unique(flat, return_inverse=True)
    order = places.argsort(stable=True)
    tokens = torch.tensor([target.token for target in targets], device=hidden.device)
    states = hidden.flatten(0, 1)[scored]
    values = torch.empty(len(targets), device=hidden.device)
    values[order] = log_probabilities(output_layer, states, places[order], tokens[order], chunk=batching.chunk)
    return values.tolist()
