"""A text as it is read: its token ids, and which characters each of them stands for."""

from collections.abc import Sequence
from dataclasses import dataclass

from transformers import PreTrainedTokenizerBase

from engine.models.causal.prefix_tree import Ids


@dataclass(frozen=True)
class Spelled:
    """A text and its tokens. `spans`: first and last character of each, the last not included; None: not known."""

    text: str
    ids: Ids
    spans: tuple[tuple[int, int], ...] | None


def spell(
    tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], *, special: bool, control: bool, behind: int = 0
) -> list[Spelled]:
    """Encode texts all in one call, which takes a fraction of one call each.

    `special`: with the tokenizer's special tokens around them, of which the last `behind` are left out. `control`:
    whether special tokens in a text count as such; else they are plain characters.
    """
    if not texts:
        return []
    encoded = tokenizer(
        list(texts), add_special_tokens=special, split_special_tokens=not control,
        return_offsets_mapping=tokenizer.is_fast, return_attention_mask=False, return_token_type_ids=False,
    )  # fmt: skip
    spans = encoded["offset_mapping"] if tokenizer.is_fast else [None] * len(texts)
    found = []
    for text, ids, of_ids in zip(texts, encoded["input_ids"], spans, strict=True):
        end = len(ids) - behind
        found.append(Spelled(text, tuple(ids[:end]), None if of_ids is None else tuple(of_ids[:end])))
    return found
