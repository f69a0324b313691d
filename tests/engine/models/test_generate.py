"""Greedy generation: the same in a batch as one by one, stopped early, whatever the model's folder proposes."""

import json
from pathlib import Path

import pytest
import torch

from engine.models.causal.model import CausalModel
from engine.models.interface import Generation, GenerationRequest, Refusal
from engine.models.loading.load import Loaded, load
from tests.support.cldr_facts import currency_questions
from tests.support.tiny_models import Architecture, make_model

TEXTS = [text for question in currency_questions() for text in (question.text, *question.options)]
PROMPTS = tuple(" ".join(TEXTS[i : i + 1 + i % 5]) for i in range(0, 60, 4))


def loaded_in(folder: Path, architecture: Architecture) -> Loaded:
    torch.set_num_threads(1)
    return load(str(make_model(folder, architecture, vocabulary_texts=TEXTS)))


def greedy(loaded: Loaded, prompt: str, count: int) -> str:
    """Token by token, from the whole sequence every time."""
    ids = list(loaded.tokenizer(prompt)["input_ids"])
    start = len(ids)
    for _ in range(count):
        with torch.inference_mode():
            ids.append(int(loaded.model(input_ids=torch.tensor([ids])).logits[0, -1].argmax()))
        if ids[-1] == loaded.tokenizer.eos_token_id:
            break
    return str(loaded.tokenizer.decode(ids[start:], skip_special_tokens=True))


def texts(found: list[Generation | Refusal]) -> list[str]:
    assert all(isinstance(item, Generation) for item in found)
    return [item.text for item in found if isinstance(item, Generation)]


@pytest.mark.parametrize("architecture", ["llama", "gpt2", "bloom"])
def test_batched_equals_token_by_token(tmp_path: Path, architecture: Architecture) -> None:
    loaded = loaded_in(tmp_path, architecture)
    model = CausalModel(loaded)
    wanted = [greedy(loaded, prompt, 6) for prompt in PROMPTS]
    assert texts(model.generate(GenerationRequest(PROMPTS, max_tokens=6))) == wanted
    assert len(set(wanted)) > 3
    assert texts(model.generate(GenerationRequest(PROMPTS[:1], max_tokens=6))) == wanted[:1]


def test_stops_at_a_string_and_cuts_it_off(tmp_path: Path) -> None:
    model = CausalModel(loaded_in(tmp_path, "llama"))
    (whole,) = texts(model.generate(GenerationRequest(PROMPTS[:1], max_tokens=12)))
    stop = whole[5:7]
    (cut,) = texts(model.generate(GenerationRequest(PROMPTS[:1], stop=(stop,), max_tokens=12)))
    assert cut == whole[: whole.index(stop)]


def test_a_stop_string_ends_the_work_and_costs_no_look_at_the_whole_vocabulary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = loaded_in(tmp_path, "llama")
    model = CausalModel(loaded)
    (whole,) = texts(model.generate(GenerationRequest(PROMPTS[:1], max_tokens=12)))
    steps: list[None] = []
    loaded.model.register_forward_hook(lambda *_: steps.append(None))

    def read_all() -> dict[str, int]:
        raise AssertionError

    monkeypatch.setattr(loaded.tokenizer, "get_vocab", read_all)
    assert texts(model.generate(GenerationRequest(PROMPTS[:1], stop=(whole[:1],), max_tokens=12))) == [""]
    assert len(steps) == 1  # the first token holds it


def test_the_folders_own_settings_do_not_matter(tmp_path: Path) -> None:
    plain = texts(CausalModel(loaded_in(tmp_path, "llama")).generate(GenerationRequest(PROMPTS, max_tokens=8)))
    proposed = {"repetition_penalty": 3.0, "do_sample": True, "num_beams": 3, "max_length": 7}
    (tmp_path / "generation_config.json").write_text(json.dumps(proposed), encoding="utf-8")
    assert texts(CausalModel(load(str(tmp_path))).generate(GenerationRequest(PROMPTS, max_tokens=8))) == plain


def test_long_prompts_are_refused_and_memory_is_survived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = loaded_in(tmp_path, "llama")
    model = CausalModel(loaded)
    wanted = texts(model.generate(GenerationRequest(PROMPTS, max_tokens=4)))
    (refused, said) = model.generate(GenerationRequest(("word " * 600, PROMPTS[0]), max_tokens=4))
    assert isinstance(refused, Refusal) and said == Generation(wanted[0])

    generate, sizes = loaded.model.generate, []

    def at_most_three(**given):  # type: ignore[no-untyped-def]
        if len(given["input_ids"]) > 3:
            raise torch.OutOfMemoryError("CUDA out of memory (simulated)")
        sizes.append(len(given["input_ids"]))
        return generate(**given)

    monkeypatch.setattr(loaded.model, "generate", at_most_three)
    assert texts(model.generate(GenerationRequest(PROMPTS, max_tokens=4))) == wanted
    assert sum(sizes) == len(PROMPTS)
