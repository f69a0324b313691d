"""A score does not depend on what is asked beside it, at any length, however a model's settings name its lengths."""

import random
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import IsoglossError
from engine.models.causal.model import CausalModel
from engine.models.causal.strategy import Strategies
from engine.models.interface import Continuation, Generation, GenerationRequest, Loglikelihood
from engine.models.loading.load import Loaded, load
from engine.models.settings import NumberFormat, OpenSettings
from tests.support.tiny_models import TEXTS, make_model, put_model

pytestmark = pytest.mark.slow

HALF = 8  # of a head's size: frequencies of the rotation
LONGROPE: dict[str, Any] = {
    "original_max_position_embeddings": 96,
    "rope_parameters": {
        "rope_type": "longrope", "rope_theta": 10000.0, "short_factor": [1.0] * HALF,
        "long_factor": [2.0 + n for n in range(HALF)], "original_max_position_embeddings": 96,
    },
}  # fmt: skip
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "Phi 3": ("phi3", LONGROPE | {"num_key_value_heads": 4}),
    "a Llama with LongRoPE": ("llama", LONGROPE),
    "dynamic NTK": ("llama", {"rope_parameters": {"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 4.0}}),
    "GPT-Neo's local layers": (
        "gpt_neo",
        {"num_layers": 2, "num_heads": 4, "attention_types": [[["global", "local"], 1]], "window_size": 24},
    ),
    "Gemma 3's local layers": (
        "gemma3_text",
        {"num_key_value_heads": 2, "head_dim": 16, "query_pre_attn_scalar": 16, "sliding_window": 40},
    ),
    "Qwen 2 with windows in some layers": (
        "qwen2", {"num_key_value_heads": 2, "use_sliding_window": True, "sliding_window": 40, "max_window_layers": 1},
    ),
    "ALiBi": ("bloom", {"n_layer": 2, "n_head": 4}),
}  # fmt: skip
# Rotations beyond 200 tokens that differ little, as those of released models may: in half precision rounding must not
# hide it.
MILD = {
    "two per cent of all": [1.02] * HALF,
    "half a per cent of all": [1.005] * HALF,
    "graded": [1 + 0.02 * n for n in range(HALF)],
    "the slow ones": [1.0] * (HALF // 2) + [1.5] * (HALF // 2),
}
WORDS = " ".join(TEXTS).split()


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return tmp_path_factory.mktemp("exactness")


def opened(folders: Path, kind: str, dtype: NumberFormat = "float32") -> Loaded:
    folder = folders / "".join(c for c in kind if c.isalnum())
    if not folder.exists():
        name, config = KINDS[kind]
        put_model(make_model(folder, "gpt2", vocabulary_texts=TEXTS), name, **config)
    return load(str(folder), OpenSettings(device="cpu", dtype=dtype))


def text(tokens: int, seed: int) -> str:
    """A text of about so many tokens: words are two tokens or so."""
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) for _ in range(tokens // 2))


def by_plain_transformers(loaded: Loaded, item: Continuation) -> float:
    """The same by a forward pass of the sequence alone, but for its last token, which is scored and never read."""
    before, whole = (loaded.tokenizer(t)["input_ids"] for t in (item.context, item.context + item.text))
    assert whole[: len(before)] == before
    with torch.inference_mode():
        scores = loaded.model(torch.tensor([whole[:-1]]), use_cache=False).logits[0].float().log_softmax(-1)
    return sum(float(scores[place - 1, whole[place]]) for place in range(len(before), len(whole)))


def items(lengths: list[int]) -> list[Continuation]:
    return [
        Continuation(text(length, seed), f" {option}")
        for seed, length in enumerate(lengths)
        for option in ("Berlin", "Paris", "Париж")
    ]


def nats(model: CausalModel, asked: list[Continuation]) -> list[float]:
    return [score.nats for score in model.loglikelihoods(asked) if isinstance(score, Loglikelihood)]


@pytest.mark.parametrize("kind", KINDS)
def test_short_and_long_prompts_in_one_call_score_as_each_alone(folders: Path, kind: str) -> None:
    loaded = opened(folders, kind)
    asked = items([8, 20, 60, 90, 110, 150, 300])
    wanted = [by_plain_transformers(loaded, item) for item in asked]
    assert nats(CausalModel(loaded), asked) == pytest.approx(wanted, abs=1e-3)
    # and in the order that is worst for finding out: the longest first, then one by one
    model = CausalModel(loaded)
    one_by_one = [nats(model, [item])[0] for item in reversed(asked)]
    assert one_by_one[::-1] == pytest.approx(wanted, abs=1e-3)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize(
    ("kind", "ways", "last"),
    [
        ("Phi 3", ("tree", "whole"), [96, 512]),
        ("a Llama with LongRoPE", ("tree", "whole"), [96, 512]),
        ("dynamic NTK", ("tree",), [512]),
        ("GPT-Neo's local layers", ("header", "whole"), [24, 512]),
        ("Gemma 3's local layers", ("tree", "whole"), [40, 512]),
    ],
)
def test_where_a_way_ends_is_found(
    folders: Path, kind: str, ways: tuple[str, ...], last: list[int], dtype: NumberFormat
) -> None:
    loaded = opened(folders, kind, dtype)
    found = Strategies(loaded.model, context_length=512)
    assert [strategy.longest for strategy in found.up_to(512)] == last
    assert found.modes == ways


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("mild", MILD)
def test_a_switch_of_little_effect_is_found_in_half_precision_too(
    folders: Path, monkeypatch: pytest.MonkeyPatch, mild: str, dtype: NumberFormat
) -> None:
    ropes = LONGROPE["rope_parameters"] | {"long_factor": MILD[mild], "original_max_position_embeddings": 200}
    config = LONGROPE | {"num_key_value_heads": 4, "rope_parameters": ropes, "original_max_position_embeddings": 200}
    monkeypatch.setitem(KINDS, mild, ("phi3", config))
    loaded = opened(folders, mild, dtype)
    model = CausalModel(loaded)
    asked = items([20, 90, 150, 190, 240, 300])
    wanted = [by_plain_transformers(loaded, item) for item in asked]
    assert nats(model, asked) == pytest.approx(wanted, abs=1e-3 if dtype == "float32" else 0.15)
    assert model.modes == ("tree", "whole")


def test_a_switch_that_no_setting_names_is_not_passed_over(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rotations that change beyond 150 tokens, of which no setting tells: such prompts are run by themselves."""
    loaded = opened(folders, "dynamic NTK")
    rotary = loaded.model.base_model.rotary_emb
    forward = type(rotary).forward

    def switching(self: Any, x: torch.Tensor, position_ids: torch.Tensor, *more: Any) -> Any:
        factor = 1.7 if int(position_ids.max()) >= 150 else 1.0
        return forward(self, x, position_ids * factor, *more)

    monkeypatch.setattr(type(rotary), "forward", switching)
    asked = items([8, 60, 100, 140, 170, 300])
    wanted = [by_plain_transformers(loaded, item) for item in asked]
    model = CausalModel(loaded)
    assert nats(model, asked) == pytest.approx(wanted, abs=1e-3)
    assert model.modes[0] == "tree" and "alone" in model.modes


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(6, 240), min_size=2, max_size=6))
def test_any_mix_of_lengths_scores_as_each_alone(folders: Path, lengths: list[int]) -> None:
    loaded = opened(folders, "Phi 3")
    asked = items(lengths)
    assert nats(CausalModel(loaded), asked) == pytest.approx(
        [by_plain_transformers(loaded, item) for item in asked], abs=1e-3
    )


@pytest.mark.parametrize("kind", ["Phi 3", "a Llama with LongRoPE"])
def test_what_a_model_says_does_not_depend_on_longer_prompts(folders: Path, kind: str) -> None:
    model = CausalModel(opened(folders, kind))
    prompts = tuple(text(length, seed) for seed, length in enumerate([10, 30, 60, 84, 92, 120, 200]))
    together = model.generate(GenerationRequest(prompts, max_tokens=10))
    alone = [model.generate(GenerationRequest((prompt,), max_tokens=10))[0] for prompt in prompts]
    assert together == alone and all(isinstance(said, Generation) for said in together)


def test_numbers_that_overflow_at_a_length_are_refused_with_the_remedy(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = opened(folders, "dynamic NTK")
    base = type(loaded.model.base_model)
    forward = base.forward

    def overflowing(self: Any, input_ids: torch.Tensor, **more: Any) -> Any:
        result = forward(self, input_ids=input_ids, **more)
        if input_ids.shape[1] > 40:
            result.last_hidden_state[:] = float("nan")
        return result

    monkeypatch.setattr(base, "forward", overflowing)
    with pytest.raises(IsoglossError, match="no finite numbers in float32 for 64 tokens: get the weights again"):
        CausalModel(loaded)


@pytest.mark.parametrize("error", [NotImplementedError("no such kernel"), KeyError("cache"), ZeroDivisionError("by 0")])
def test_a_model_that_cannot_be_tried_is_refused_in_one_line(
    folders: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    loaded = opened(folders, "ALiBi")

    def raising(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(type(loaded.model.base_model), "forward", raising)
    with pytest.raises(IsoglossError, match="BloomForCausalLM cannot be run on a sequence by itself .* be scored yet"):
        CausalModel(loaded)
