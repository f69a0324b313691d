"""Greedy generation in batches that stop early."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from itertools import takewhile
from typing import Any

import torch
from transformers import (
    GenerationConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    StoppingCriteria,
    StoppingCriteriaList,
)

from engine.models.causal.loglikelihood import Batching
from engine.models.causal.prefix_tree import Ids
from engine.models.causal.strategy import Strategy
from engine.models.interface import Advance, Generation, Refusal
from engine.models.loading.exact import embeddings_of


@torch.inference_mode()
def generate(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[Ids | Refusal],
    *,
    stop: Sequence[str],
    max_tokens: int,
    batching: Batching,
    strategies: Sequence[Strategy],
    advance: Advance,
) -> list[Generation | Refusal]:
    """Say the likeliest token after the likeliest token, up to the model's end token, a stop string or `max_tokens`.

    Text from the first stop string on is cut off, special tokens are left out. Prompts are padded together only where
    one of `strategies` takes them and all that may be said.
    """
    found: list[Generation | Refusal] = [p if isinstance(p, Refusal) else Generation("") for p in prompts]
    ids = {place: prompt for place, prompt in enumerate(prompts) if not isinstance(prompt, Refusal)}
    advance(len(prompts) - len(ids))
    waiting = sorted(ids, key=lambda place: (-len(ids[place]), place))
    while waiting:
        longest = len(ids[waiting[0]]) + max_tokens
        batch = _beside_the_first(waiting[: max(1, batching.budget // longest)], ids, max_tokens, strategies)
        try:
            texts = _continue(model, tokenizer, [ids[place] for place in batch], stop, max_tokens)
        except torch.OutOfMemoryError:
            torch.cuda.empty_cache()
            if len(batch) > 1:
                batching.budget = max(1, longest * len(batch) // 2)
                continue
            found[batch[0]] = Refusal("too large for this model on this device: out of memory with one prompt alone")
        else:
            for place, text in zip(batch, texts, strict=True):
                found[place] = Generation(_cut(text, stop))
        advance(len(batch))
        del waiting[: len(batch)]
    return found


def _beside_the_first(
    places: Sequence[int], ids: Mapping[int, Ids], max_tokens: int, strategies: Sequence[Strategy]
) -> Sequence[int]:
    """The first prompts, longest first, that may be run beside the first of all."""
    ends = [strategy.longest for strategy in strategies]

    def strategy_of(tokens: int) -> int:
        return bisect_left(ends, tokens)

    first, longest = strategy_of(len(ids[places[0]])), strategy_of(len(ids[places[0]]) + max_tokens)
    if first != longest or (first < len(strategies) and strategies[first].alone):
        return places[:1]
    return list(takewhile(lambda place: strategy_of(len(ids[place])) == first, places))


def _continue(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[Ids],
    stop: Sequence[str],
    max_tokens: int,
) -> list[str]:
    """Padded at the front, so that every prompt ends where its continuation begins."""
    padding = _padding(tokenizer, embeddings_of(model))
    longest = max(map(len, prompts))
    tokens = torch.tensor([[padding] * (longest - len(ids)) + list(ids) for ids in prompts], device=model.device)
    mask = torch.tensor([[0] * (longest - len(ids)) + [1] * len(ids) for ids in prompts], device=model.device)
    config = GenerationConfig(  # type: ignore[no-untyped-call]
        max_new_tokens=max_tokens, do_sample=False, num_beams=1, pad_token_id=padding
    )
    ending = StoppingCriteriaList([_Ending(tokenizer, stop, said_from=longest)] if stop else [])
    output = model.generate(  # type: ignore[operator]
        input_ids=tokens, attention_mask=mask, generation_config=config, stopping_criteria=ending
    )
    ends = model.generation_config.eos_token_id if model.generation_config is not None else None
    said = [
        _before_end(ids, {ends} if isinstance(ends, int) else set(ends or ())) for ids in output[:, longest:].tolist()
    ]
    return tokenizer.batch_decode(said, skip_special_tokens=True)


class _Ending(StoppingCriteria):
    """Ends a row at a stop string. That of transformers reads the whole vocabulary anew for each call: seconds."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, stop: Sequence[str], *, said_from: int) -> None:
        self._tokenizer, self._stop, self._said_from = tokenizer, stop, said_from

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor, **more: Any) -> torch.BoolTensor:
        said = self._tokenizer.batch_decode(input_ids[:, self._said_from :].tolist(), skip_special_tokens=True)
        ends = [any(string in text for string in self._stop) for text in said]
        return torch.tensor(ends, device=input_ids.device)  # type: ignore[return-value]


def _padding(tokenizer: PreTrainedTokenizerBase, embeddings: int) -> int:
    """What fills up rows: it is hidden from the model, but looked up, so it needs an embedding."""
    usual = (tokenizer.pad_token_id, tokenizer.eos_token_id, tokenizer.bos_token_id)
    return next((id for id in usual if isinstance(id, int) and 0 <= id < embeddings), 0)


def _before_end(ids: Sequence[int], ends: Collection[int]) -> list[int]:
    """What stands before the token that ends an answer; after it there is only padding."""
    return list(takewhile(lambda id: id not in ends, ids))


def plain_greedy(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    """Forget what the model's folder proposes for generation, but for the tokens that end it."""
    own = model.generation_config
    end = own.eos_token_id if own is not None and own.eos_token_id is not None else tokenizer.eos_token_id
    model.generation_config = GenerationConfig(eos_token_id=end)  # type: ignore[no-untyped-call]


def _cut(text: str, stop: Sequence[str]) -> str:
    return text[: min((text.find(string) for string in stop if string in text), default=len(text))]
