"""Which way of running prompts is exact for a model: tried on it when it is loaded, not looked up by its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from transformers import PreTrainedModel

from engine.errors import IsoglossError
from engine.models.forward import Forward, MaskForm, Way
from engine.models.output_layer import output_layer_of
from engine.models.prefix_tree import Ids, Layout, TokenSequence, flat_layout, tree_layout

# Root mean square of the difference from hidden states of the sequence run alone, relative to the states' own. Rounding
# alone was seen to give up to 3e-6, .003 and .025 (16 layers), a mask that is not understood .3 and more.
_TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-4, torch.float16: 0.02, torch.bfloat16: 0.08}
_WAYS: tuple[tuple[Way, MaskForm], ...] = (
    ("tree", "boolean"), ("tree", "additive"), ("header", "boolean"), ("whole", "boolean"),
)  # fmt: skip
# What a model raises that cannot take a mask, positions or a cache as they are given.
_CANNOT = (RuntimeError, ValueError, TypeError, LookupError, AttributeError, AssertionError)


@dataclass(frozen=True)
class Strategy:
    """The fastest exact way, and up to which sequence length it holds (None: any)."""

    forward: Forward
    longest: int | None


def choose_strategies(model: PreTrainedModel) -> tuple[Strategy, ...]:
    """The fastest exact way, and after it, where that holds up to a length only, the way for longer prompts.

    Raises IsoglossError when no way reproduces the model's own numbers.
    """
    trial = _trial(model)
    alone = [_alone(model, sequence.ids) for sequence in trial]
    _check_output_layer(model, alone)
    window = _window(model)
    exact: list[Strategy] = []
    for way, form in _WAYS:
        if exact and way != "whole":
            continue
        forward = Forward(cast(PreTrainedModel, model.base_model), way=way, mask_form=form)
        if _agrees(forward, trial, [hidden for hidden, _ in alone]):
            # Neither a mask of our own nor a header kept for good knows the model's window.
            exact.append(Strategy(forward, None if way == "whole" else window))
            if exact[-1].longest is None:
                return tuple(exact)
    raise IsoglossError("the model gives other numbers for padded prompts than for one alone; it cannot be scored")


def plan(forward: Forward, sequences: Sequence[TokenSequence], *, width: int) -> Layout:
    """The layout that a way of running prompts reads."""
    if forward.way == "tree":
        return tree_layout(sequences, width=width)
    return flat_layout(sequences, share_header=forward.way == "header")


def _trial(model: PreTrainedModel) -> list[TokenSequence]:
    """Short sequences of random tokens that branch early and late, one within another."""
    generator = torch.Generator().manual_seed(0)
    size = len(model.get_input_embeddings().weight)  # type: ignore[arg-type]
    stem, *branches = torch.randint(size, (4, 12), generator=generator).tolist()
    texts = [stem[:cut] + branch[: cut + 1] for cut in (5, 9) for branch in branches] + [stem[:7]]
    return [TokenSequence(number, tuple(ids), 4) for number, ids in enumerate(texts)]


@torch.inference_mode()
def _alone(model: PreTrainedModel, ids: Ids) -> tuple[torch.Tensor, torch.Tensor]:
    """Hidden states and logits of a sequence run by itself, as the model does it without any help."""
    tokens = torch.tensor([ids], device=model.device)
    hidden = model.base_model(input_ids=tokens, use_cache=False).last_hidden_state[0]
    return hidden, model(input_ids=tokens, use_cache=False).logits[0]


@torch.inference_mode()
def _check_output_layer(model: PreTrainedModel, alone: Sequence[tuple[torch.Tensor, torch.Tensor]]) -> None:
    output_layer = output_layer_of(model)
    for hidden, logits in alone:
        if not _close(output_layer(hidden), logits):
            raise IsoglossError(
                f"the output of {type(model).__name__} is more than its output layer applied to its last hidden state; "
                "such a model cannot be scored yet"
            )


@torch.inference_mode()
def _agrees(forward: Forward, trial: Sequence[TokenSequence], alone: Sequence[torch.Tensor]) -> bool:
    """Whether the hidden states at all scored places are those of the sequences run alone."""
    try:
        for width in (256, 16):  # one row that holds everything, and several of unequal length
            layout = plan(forward, trial, width=width)
            hidden = forward.hidden(layout.rows, forward.read_header(layout.header))
            found = [hidden[target.row, target.node] for target in layout.targets]
            wanted = [alone[t.sequence][layout.rows[t.row].depths[t.node]] for t in layout.targets]
            if not _close(torch.stack(found), torch.stack(wanted)):
                return False
    except _CANNOT:
        return False
    return True


def _close(found: torch.Tensor, wanted: torch.Tensor) -> bool:
    """Whether they differ by rounding only."""
    difference, scale = (found.float() - wanted.float()).norm(), wanted.float().norm()
    return bool(difference <= _TOLERANCE[wanted.dtype] * scale)


def _window(model: PreTrainedModel) -> int | None:
    """How far back the model's layers look where some of them do not see everything."""
    config = model.config.get_text_config()
    if not getattr(config, "use_sliding_window", True):
        return None
    kinds = getattr(config, "layer_types", None)
    if kinds is not None and set(kinds) == {"full_attention"}:
        return None
    windows = [getattr(config, name, None) for name in ("sliding_window", "attention_chunk_size")]
    return min((int(window) for window in windows if window), default=None)
