"""In which mode prompts are run exactly for a model, and up to which length: tried on it, not looked up by its name.

A mode is exact where it gives the hidden states of each sequence run alone. That may end at a length: at a sliding
window, or where a model rotates all positions otherwise once a sequence is long (LongRoPE), and a short sequence must
not be run beside a long one. Lengths are tried when a sequence first needs them, a doubling at a time; what is found
for a length depends on nothing but the model, so that prompts may come in any order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, cast

import torch
from transformers import PreTrainedModel

from engine.errors import IsoglossError
from engine.models.causal.forward import Forward, ForwardMode, MaskForm
from engine.models.causal.output_layer import output_layer_of
from engine.models.causal.prefix_tree import Ids, Layout, TokenSequence, flat_layout, one_row, tree_layout
from engine.models.causal.trial_record import TrialRecord, TriedMode
from engine.models.loading.unusable import first_line

# Root mean square of the difference from hidden states of the sequence run alone, relative to the states' own. Rounding
# alone was seen to give up to 3e-6, .003 and .025 (16 layers), a mask that is not understood .3 and more.
_TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-4, torch.float16: 0.02, torch.bfloat16: 0.08}
_MODES: tuple[tuple[ForwardMode, MaskForm], ...] = (
    ("tree", "boolean"), ("tree", "additive"), ("header", "boolean"), ("whole", "boolean"),
)  # fmt: skip
# What a model raises that cannot take a mask, positions or a cache as they are given.
_CANNOT = (RuntimeError, ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError)
_FIRST = 64  # tokens tried when the model is loaded
_SHORT = 12  # tokens of a short sequence beside a long one
_COMPARED = 4  # places at the end of a long one


@dataclass(frozen=True)
class Strategy:
    """A mode for sequences of up to `longest` tokens read, of those longer than the strategy before it takes."""

    forward: Forward
    longest: int
    alone: bool = False  # each sequence is run by itself, since none can be run beside another


class Strategies:
    """Knows how a model's sequences are run, and finds it out for longer ones; what is recorded is not tried again.

    Raises IsoglossError when the model cannot be tried, when its states are no finite numbers, and when no mode
    reproduces its own numbers.
    """

    def __init__(
        self, model: PreTrainedModel, *, context_length: int | None, record: TrialRecord | None = None
    ) -> None:
        self._trial = _Trial(model)
        self._context_length = context_length
        self._record = record
        self._found = [self._as_tried(mode) for mode in record.read()] if record is not None else []
        if not self._found:
            self._found = [Strategy(self._trial.fastest(), _SHORT)]
        # Neither a mask of our own nor a header kept for good knows the model's window.
        self._window = None if self._found[0].forward.mode == "whole" else _window(model)
        self._lengths_named = sorted(_whole_numbers(model.config.get_text_config().to_dict()))
        self._extend(min(_FIRST, context_length or _FIRST))

    @property
    def modes(self) -> tuple[str, ...]:
        """Tell the modes of the lengths tried so far, the shortest sequences' first."""
        return tuple("alone" if found.alone else found.forward.mode for found in self._found)

    def up_to(self, longest: int) -> tuple[Strategy, ...]:
        """Give the strategies for sequences of up to so many tokens, by their lengths; untried ones are tried now."""
        while (tried := self._found[-1].longest) < longest:
            limit = self._context_length if self._context_length and self._context_length > tried else 2 * tried
            self._extend(min(2 * tried, limit))
        return tuple(self._found)

    def _extend(self, length: int) -> None:
        """Find out how sequences are run that are longer than those tried, up to a length."""
        if self._found[-1].longest >= length:
            return
        while (tried := self._found[-1].longest) < length:
            last = self._found[-1]
            shortest = self._found[-2].longest + 1 if len(self._found) > 1 else _SHORT
            reached = self._reach(last, shortest, length) or tried
            self._found[-1] = replace(last, longest=reached)
            if reached < length:  # longer ones are run whole, apart from the shorter ones, or else each by itself
                whole = Strategy(Forward(self._trial.base, mode="whole"), reached)
                further = self._reach(whole, reached + 1, length)
                self._found.append(replace(whole, longest=further or length, alone=not further))
        if self._record is not None:
            self._record.write(
                [TriedMode(s.forward.mode, s.forward.mask_form, s.longest, s.alone) for s in self._found]
            )

    def _as_tried(self, tried: TriedMode) -> Strategy:
        forward = Forward(self._trial.base, mode=tried.mode, mask_form=tried.mask_form)
        return Strategy(forward, tried.longest, tried.alone)

    def _reach(self, strategy: Strategy, shortest: int, length: int) -> int:
        """How long sequences can be that are run in this mode beside one of the shortest: a length that the model's
        settings name, or all that is asked for; 0 where none holds."""
        if strategy.alone:
            return length
        steps = [step for step in self._lengths_named if strategy.longest < step < length]
        if strategy.forward.mode != "whole" and self._window is not None:
            steps = [step for step in {*steps, length, self._window} if strategy.longest < step <= self._window]
        else:
            steps.append(length)
        return next((n for n in sorted(steps, reverse=True) if self._trial.holds(strategy.forward, shortest, n)), 0)


class _Trial:
    """Tries modes of running a model against what it gives for each sequence by itself."""

    def __init__(self, model: PreTrainedModel) -> None:
        self._model = model
        self.base = cast(PreTrainedModel, model.base_model)
        self._generator = torch.Generator().manual_seed(0)

    @torch.inference_mode()
    def fastest(self) -> Forward:
        """Find the fastest mode that is exact for short sequences. Raises IsoglossError."""
        trial = self._branches()
        alone = []
        output_layer = output_layer_of(self._model)
        for sequence in trial:
            hidden = self._alone(sequence.ids)
            try:
                logits = self._model(input_ids=self._tensor(sequence.ids), use_cache=False).logits[0]
                is_all = _close(output_layer(hidden), logits)
            except _CANNOT as error:
                raise self._untried(error) from error
            if not is_all:
                raise IsoglossError(
                    f"the output of {type(self._model).__name__} is more than its output layer applied to its last "
                    "hidden state; such a model cannot be scored yet"
                )
            alone.append(hidden)
        modes = (Forward(self.base, mode=mode, mask_form=form) for mode, form in _MODES)
        for forward in modes:
            if self._agrees(forward, trial, alone, widths=(256, 16)):
                return forward
        raise IsoglossError("the model gives other numbers for padded prompts than for one alone; it cannot be scored")

    @torch.inference_mode()
    def holds(self, forward: Forward, shortest: int, longest: int) -> bool:
        """Tell whether sequences of these two lengths and between are, together, as each alone. Raises IsoglossError.

        The first places of a sequence hardly show that positions are rotated a little otherwise, the later ones do.
        """
        self._generator.manual_seed(longest)  # what is tried of a length depends on nothing that was tried before
        stem = self._random(longest + 1)
        between = {length for length in (longest // 4, longest // 2) if shortest < length}
        trial = []
        for number, length in enumerate((shortest, *sorted(between), longest, longest)):
            ids = (*stem[: length - 2], *self._random(3))
            trial.append(TokenSequence(number, ids, max(1, len(ids) - _COMPARED)))
        return self._agrees(forward, trial, [self._alone(one.ids[:-1]) for one in trial], widths=(256,))

    def _branches(self) -> list[TokenSequence]:
        """Short sequences of random tokens that branch early and late, one within another."""
        stem, *branches = (self._random(12) for _ in range(4))
        texts = [stem[:cut] + branch[: cut + 1] for cut in (5, 9) for branch in branches] + [stem[:7]]
        return [TokenSequence(number, tuple(ids), 4) for number, ids in enumerate(texts)]

    def _random(self, length: int) -> list[int]:
        size = len(self._model.get_input_embeddings().weight)  # type: ignore[arg-type]
        return [int(id) for id in torch.randint(size, (length,), generator=self._generator)]

    def _tensor(self, ids: Ids) -> torch.Tensor:
        return torch.tensor([ids], device=self._model.device)

    def _alone(self, ids: Ids) -> torch.Tensor:
        """Hidden states of a sequence run by itself, as the model does it without any help. Raises IsoglossError."""
        try:
            hidden = self.base(input_ids=self._tensor(ids), use_cache=False).last_hidden_state[0]
        except torch.OutOfMemoryError:
            raise
        except _CANNOT as error:
            raise self._untried(error) from error
        assert isinstance(hidden, torch.Tensor)
        if not torch.isfinite(hidden).all():
            kind = str(hidden.dtype).removeprefix("torch.")
            remedy = {"float16": "use --dtype bfloat16 or float32", "bfloat16": "use --dtype float32"}
            raise IsoglossError(
                f"{type(self._model).__name__} gives no finite numbers in {kind} for {len(ids)} tokens: "
                f"{remedy.get(kind, 'get the weights again')}"
            )
        return hidden

    def _agrees(
        self, forward: Forward, trial: Sequence[TokenSequence], alone: Sequence[torch.Tensor], *, widths: Sequence[int]
    ) -> bool:
        """Whether the hidden states at the scored places of each sequence are those of the sequence run alone.

        Of each by itself: a long one that differs at its end only must not be outweighed by the others.
        """
        try:
            # one row that holds everything, with and without a header, and several of unequal length
            for layout in (layout for width in widths for layout in plans(forward, trial, width=width)):
                hidden = forward.hidden(layout.rows, forward.read_header(layout.header))
                for sequence in trial:
                    targets = [target for target in layout.targets if target.sequence == sequence.number]
                    found = [hidden[target.row, target.node] for target in targets]
                    places = [layout.rows[target.row].depths[target.node] for target in targets]
                    if not _close(torch.stack(found), alone[sequence.number][places]):
                        return False
        except _CANNOT:
            return False
        return True

    def _untried(self, error: Exception) -> IsoglossError:
        return IsoglossError(
            f"{type(self._model).__name__} cannot be run on a sequence by itself ({first_line(error)}); it cannot be "
            "scored yet"
        )


def plans(forward: Forward, sequences: Sequence[TokenSequence], *, width: int) -> tuple[Layout, ...]:
    """Lay sequences out in the ways in which a mode of running prompts can read them, the fastest first."""
    if forward.mode != "tree":
        return (flat_layout(sequences, share_header=forward.mode == "header"),)
    layout = tree_layout(sequences, width=width)
    whole = one_row(layout, width=width)
    return (layout,) if whole is None else (whole, layout)


def _close(found: torch.Tensor, wanted: torch.Tensor) -> bool:
    """Whether they differ by rounding only."""
    difference, scale = (found.float() - wanted.float()).norm(), wanted.float().norm()
    return bool(difference <= _TOLERANCE[wanted.dtype] * scale)


def _window(model: PreTrainedModel) -> int | None:
    """How far back the model's layers look where some of them do not see everything.

    Where it is named, it need not be found by trying: what a few tokens beyond it change may be less than rounding.
    """
    config = model.config.get_text_config()
    if not getattr(config, "use_sliding_window", True):
        return None
    kinds = getattr(config, "layer_types", None)
    if kinds is not None and set(kinds) == {"full_attention"}:
        return None
    windows = [getattr(config, name, None) for name in ("sliding_window", "attention_chunk_size", "window_size")]
    return min((window for window in windows if isinstance(window, int) and window > 0), default=None)


def _whole_numbers(settings: Mapping[str, Any]) -> Iterator[int]:
    """All numbers of a model's settings that may be a length."""
    for value in settings.values():
        if isinstance(value, Mapping):
            yield from _whole_numbers(value)
        elif isinstance(value, int | float) and isfinite(value) and value == int(value) > _SHORT:
            yield int(value)
