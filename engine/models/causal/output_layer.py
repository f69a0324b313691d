"""From hidden states to log-probabilities, at the places that are scored and nowhere else."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import nn
from transformers import PreTrainedModel

OutputLayer = Callable[[torch.Tensor], torch.Tensor]  # hidden states (n, hidden size) to logits (n, vocabulary)

_BLOCK = 1024  # tokens of the vocabulary


def log_probabilities(
    output_layer: OutputLayer, hidden: torch.Tensor, places: torch.Tensor, tokens: torch.Tensor, *, chunk: int
) -> torch.Tensor:
    """Compute the natural log-probability of each token at its place, float32, shape (tokens,).

    `hidden`: (n, hidden size); `places`: index into it for each token, ascending. Logits live for `chunk` places only.
    """
    found = []
    for first in range(0, len(hidden), chunk):
        logits = output_layer(hidden[first : first + chunk]).float()
        normaliser = logits.logsumexp(dim=-1)
        low, high = torch.searchsorted(places, torch.tensor([first, first + chunk], device=places.device)).tolist()
        local = places[low:high] - first
        found.append(logits[local, tokens[low:high]] - normaliser[local])
    return torch.cat(found)


def output_layer_of(model: PreTrainedModel) -> OutputLayer:
    """Find the model's own output layer, with what some models do to their logits after it.

    Whether nothing else happens to the logits is for the check at load time to find out.
    """
    head = _in_blocks(model.get_output_embeddings())  # type: ignore[no-untyped-call]
    cap = getattr(model.config, "final_logit_softcapping", None)
    factor = getattr(model.config, "logit_scale", None)
    divisor = getattr(model.config, "logits_scaling", None)

    def logits(hidden: torch.Tensor) -> torch.Tensor:
        values: torch.Tensor = head(hidden)
        if factor is not None:
            values = values * factor
        if divisor is not None:
            values = values / divisor
        return torch.tanh(values / cap) * cap if cap is not None else values

    return logits


def _in_blocks(head: nn.Module) -> OutputLayer:
    """Run a plain output layer in blocks: a quarter faster on a processor than as one product, to the same bits."""
    if type(head) is not nn.Linear or "forward" in vars(head) or head._forward_hooks or head._forward_pre_hooks:
        return head
    if head.weight.device.type != "cpu" or head.weight.dtype != torch.float32:
        return head
    weights = torch.split(head.weight.detach(), _BLOCK)
    biases = [None] * len(weights) if head.bias is None else torch.split(head.bias.detach(), _BLOCK)

    def logits(hidden: torch.Tensor) -> torch.Tensor:
        return torch.cat([F.linear(hidden, *block) for block in zip(weights, biases, strict=True)], dim=-1)

    return logits
