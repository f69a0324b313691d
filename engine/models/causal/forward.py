"""How prompts are run through a model together: in three modes, each slower and possible for more models than the last.

- `tree`: rows of prefix trees after a shared header, with a mask in which a node sees its ancestors, and positions by
  depth. For models with learned or rotary positions.
- `header`: whole sequences after a shared header, padded at the end. For models whose attention reckons distance from
  the place in the row (ALiBi).
- `whole`: whole sequences, padded at the end.
"""

from collections.abc import Sequence
from typing import Literal

import torch
from transformers import DynamicCache, PreTrainedModel

from engine.models.causal.header_cache import header_cache
from engine.models.causal.prefix_tree import Ids, TokenRow

ForwardMode = Literal["tree", "header", "whole"]
MaskForm = Literal["boolean", "additive"]


class Forward:
    """Runs batches of rows through a model's base; gives the last hidden states."""

    def __init__(self, base: PreTrainedModel, *, mode: ForwardMode, mask_form: MaskForm = "boolean") -> None:
        self.mode = mode
        self._base = base
        self.mask_form = mask_form

    def read_header(self, header: Ids) -> DynamicCache | None:
        """Compute what all rows of a group may see; None where there is nothing to share."""
        if not header or self.mode == "whole":
            return None
        return header_cache(self._base, torch.tensor([header], device=self._base.device))

    def hidden(self, rows: Sequence[TokenRow], cache: DynamicCache | None) -> torch.Tensor:
        """Compute the last hidden states, (row, node, hidden size); what stands beyond a row's end is meaningless."""
        longest = max(len(row.tokens) for row in rows)
        tokens = _padded([row.tokens for row in rows], longest, fill=0).to(self._base.device)
        seen = cache.get_seq_length() if cache is not None else 0
        if self.mode == "tree":
            ends = _padded([row.ends for row in rows], longest, fill=0).to(self._base.device)
            positions = _padded([row.depths for row in rows], longest, fill=0).to(self._base.device)
            mask = self._in_its_form(tree_mask(ends, seen))
        else:
            lengths = torch.tensor([len(row.tokens) for row in rows], device=self._base.device)
            places = torch.arange(longest, device=self._base.device)
            present = (places < lengths[:, None]).long()
            mask = torch.cat([present.new_ones(len(rows), seen), present], dim=1)
            positions = None
        more = {} if positions is None else {"position_ids": positions}
        result = self._base(
            input_ids=tokens, attention_mask=mask, past_key_values=cache, use_cache=cache is not None, **more
        )
        hidden = result.last_hidden_state
        assert isinstance(hidden, torch.Tensor)
        return hidden

    def _in_its_form(self, mask: torch.Tensor) -> torch.Tensor:
        if self.mask_form == "boolean":
            return mask
        hidden_from = torch.finfo(self._base.dtype).min
        return torch.zeros(mask.shape, dtype=self._base.dtype, device=mask.device).masked_fill(~mask, hidden_from)


def tree_mask(ends: torch.Tensor, seen: int) -> torch.Tensor:
    """Say what each node sees: the header, its ancestors and itself; boolean, (row, 1, node, seen + node).

    `ends`: (row, node), as in TokenRow; `seen`: how many tokens the header has.
    """
    rows, longest = ends.shape
    places = torch.arange(longest, device=ends.device)
    visible = (places <= places[:, None]) & (places[:, None] < ends[:, None, :])
    visible |= torch.eye(longest, dtype=torch.bool, device=ends.device)  # padding must see something
    header = visible.new_ones(rows, longest, seen)
    return torch.cat([header, visible], dim=2)[:, None]


def _padded(lists: Sequence[Sequence[int]], length: int, *, fill: int) -> torch.Tensor:
    return torch.tensor([[*items, *[fill] * (length - len(items))] for items in lists])
