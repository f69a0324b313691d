"""The header's keys and values, computed once and seen by every row of every batch after it."""

from typing import Any

import torch
from transformers import DynamicCache, PreTrainedModel
from transformers.cache_utils import DynamicLayer


class _SharedLayer(DynamicLayer):  # type: ignore[no-untyped-call]
    """A layer's keys and values of the header, which stay as they are: new ones are joined for one forward only."""

    def __init__(self, keys: torch.Tensor, values: torch.Tensor) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.keys, self.values = keys, values
        self.is_initialized = True

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        assert self.keys is not None and self.values is not None
        rows = key_states.shape[0]
        return (
            torch.cat([self.keys.expand(rows, -1, -1, -1), key_states], dim=-2),
            torch.cat([self.values.expand(rows, -1, -1, -1), value_states], dim=-2),
        )


def header_cache(base: PreTrainedModel, header: torch.Tensor) -> DynamicCache:
    """Read a header, shape (1, n), and keep its keys and values for batches of any size."""
    cache = DynamicCache()  # without the model's configuration: all layers keep all of the header
    base(input_ids=header, past_key_values=cache, use_cache=True)
    cache.layers = [_shared(layer) for layer in cache.layers]
    return cache


def _shared(layer: object) -> _SharedLayer:
    if not isinstance(layer, DynamicLayer) or layer.keys is None or layer.values is None:
        raise TypeError("the layer keeps no keys and values")  # of a model with a running state: choose another mode
    return _SharedLayer(layer.keys, layer.values)
