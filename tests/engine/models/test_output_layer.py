"""The output layer, run block by block where nothing else happens in it."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn

from engine.models.causal.output_layer import output_layer_of


def model_with(head: nn.Module) -> Any:
    return SimpleNamespace(config=SimpleNamespace(), get_output_embeddings=lambda: head)


@pytest.mark.parametrize("vocabulary", [7, 1024, 1025, 5000])
@pytest.mark.parametrize("bias", [False, True])
@torch.inference_mode()
def test_blocks_give_what_the_layer_gives(vocabulary: int, bias: bool) -> None:
    torch.manual_seed(vocabulary)
    head, hidden = nn.Linear(64, vocabulary, bias=bias), torch.randn(5, 64)
    torch.testing.assert_close(output_layer_of(model_with(head))(hidden), head(hidden), rtol=0, atol=1e-6)


class Doubled(nn.Linear):
    """A layer that does more than multiply."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        return 2 * super().forward(input)


def changed(how: str) -> nn.Module:
    head = Doubled(8, 3000) if how == "class" else nn.Linear(8, 3000)
    if how == "hook":
        head.register_forward_hook(lambda module, args, output: 2 * output)
    elif how == "hook before":
        head.register_forward_pre_hook(lambda module, args: (2 * args[0],))
    elif how == "method":
        plain = head.forward
        head.forward = lambda input: 2 * plain(input)  # type: ignore[method-assign]
    elif how == "double":
        head = head.double()
    return head


@pytest.mark.parametrize("how", ["class", "hook", "hook before", "method", "double"])
@torch.inference_mode()
def test_a_layer_that_does_more_is_left_as_it_is(how: str) -> None:
    head = changed(how)
    hidden = torch.randn(4, 8, dtype=torch.float64 if how == "double" else torch.float32)
    found = output_layer_of(model_with(head))(hidden)
    assert torch.equal(found, head(hidden)) and found.dtype == hidden.dtype


@torch.inference_mode()
def test_weights_that_change_later_are_seen() -> None:
    head, hidden = nn.Linear(8, 3000), torch.randn(4, 8)
    layer = output_layer_of(model_with(head))
    head.weight.mul_(3)
    torch.testing.assert_close(layer(hidden), head(hidden))
