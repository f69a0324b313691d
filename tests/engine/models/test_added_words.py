"""Tokens beyond the embeddings: refused by name when the model is loaded, unless no prompt can ever hold them."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import PreTrainedTokenizerFast

from engine.errors import IsoglossError
from engine.models.causal.model import CausalModel
from engine.models.causal.tokens import Encoder
from engine.models.interface import Continuation, GenerationRequest, Loglikelihood, Refusal
from engine.models.loading.exact import embeddings_of
from engine.models.loading.load import load
from engine.models.registry import open_model
from engine.models.settings import OpenSettings
from tests.support.tiny_models import TEXTS, Architecture, make_model

pytestmark = pytest.mark.slow

ITEMS = [Continuation("What is the capital of Germany?", " Berlin"), Continuation("Столица Франции?", " Париж")]
ARCHITECTURES: tuple[Architecture, ...] = ("llama", "gpt2", "qwen2")
CHAT = "{% for m in messages %}<|user|>{{ m['content'] }}{% endfor %}"
Change = Callable[[PreTrainedTokenizerFast], None]


def filled(tokenizer: PreTrainedTokenizerFast) -> None:
    """Words up to the last embedding: what comes after them has none. They are special, and no prompt holds them."""
    room = -(-len(tokenizer) // 64) * 64 - len(tokenizer)
    tokenizer.add_tokens([f"<|unused{n}|>" for n in range(room)], special_tokens=True)


def changed(folder: Path, architecture: Architecture, change: Change, template: str | None = None) -> Path:
    """A model whose tokenizer was changed after it was trained, and its embeddings were not."""
    make_model(folder, architecture, vocabulary_texts=TEXTS)
    tokenizer: PreTrainedTokenizerFast = PreTrainedTokenizerFast.from_pretrained(folder)
    filled(tokenizer)
    change(tokenizer)
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(
    ("change", "template", "named"),
    [
        (lambda t: t.add_tokens(["Berlin"]), None, "Berlin"),
        (lambda t: t.add_tokens(["Paris", "Париж", "柏林"]), None, "3 of its tokenizer's tokens"),
        (lambda t: t.add_tokens(["<|user|>"], special_tokens=True), CHAT, r"<\|user\|>"),
        (lambda t: t.add_special_tokens({"bos_token": "<|begin|>"}), None, r"<\|begin\|>"),
        (lambda t: t.add_special_tokens({"eos_token": "<|done|>"}), "{{ eos_token }}", r"<\|done\|>"),
    ],
    ids=["a word", "several words", "a control token of the chat format", "a start token", "an end token in a chat"],
)
def test_a_token_that_a_prompt_may_hold_is_refused_by_name(
    tmp_path: Path, architecture: Architecture, change: Change, template: str | None, named: str
) -> None:
    folder = changed(tmp_path, architecture, change, template)
    with pytest.raises(IsoglossError, match=rf"have no embedding \(the model has \d+\).*{named}|{named}.*no embedding"):
        open_model(str(folder), OpenSettings(device="cpu"))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.add_special_tokens({"pad_token": "<|pad|>"}),
        lambda t: t.add_tokens(["<|image|>"], special_tokens=True),  # as Gemma 3's text models have it
        lambda t: t.add_special_tokens({"mask_token": "<|mask|>", "pad_token": "<|pad|>"}),
    ],
    ids=["padding", "an image", "a mask and padding"],
)
def test_a_token_that_no_prompt_holds_changes_nothing(
    tmp_path: Path, architecture: Architecture, change: Change
) -> None:
    untouched = make_model(tmp_path / "plain", architecture, vocabulary_texts=TEXTS)
    folders = (untouched, changed(tmp_path / "more", architecture, change))
    plain, more = (open_model(str(folder), OpenSettings(device="cpu")) for folder in folders)
    assert more.loglikelihoods(ITEMS) == plain.loglikelihoods(ITEMS)
    unequal = GenerationRequest(("What", "What is the capital of Germany? The capital", "Как"), max_tokens=6)
    assert more.generate(unequal) == plain.generate(unequal)
    # the token's own characters are characters, so they are asked like others
    (score,) = more.loglikelihoods([Continuation("What is <|pad|><|image|><|mask|>?", " Berlin")])
    assert isinstance(score, Loglikelihood)


def test_answers_in_a_batch_end_where_they_end_alone(tmp_path: Path) -> None:
    """A tokenizer without padding fills rows up with another token, which is no part of an answer."""
    folder = make_model(tmp_path, "gpt2", vocabulary_texts=TEXTS)
    loaded = load(str(folder), OpenSettings(device="cpu"))
    loaded.tokenizer.pad_token = None
    model = CausalModel(loaded)
    names = ("Germany", "France", "Peru", "Chad", "Iran")
    prompts = (*(f"What is the capital of {name}" for name in names), "Как", "W")
    first = [loaded.tokenizer(text)["input_ids"] for text in prompts]
    with torch.inference_mode():
        likeliest = [int(loaded.model(torch.tensor([ids])).logits[0, -1].argmax()) for ids in first]
    loaded.model.generation_config.eos_token_id = likeliest[0]  # what the first model says at once ends it
    together = model.generate(GenerationRequest(prompts, max_tokens=8))
    assert together == [model.generate(GenerationRequest((prompt,), max_tokens=8))[0] for prompt in prompts]
    assert together[0].text == ""
    assert any(answer.text for answer in together if not isinstance(answer, Refusal))


def test_what_a_model_cannot_look_up_is_refused_before_it_is_run(tmp_path: Path) -> None:
    folder = make_model(tmp_path, "llama", vocabulary_texts=TEXTS)
    loaded = load(str(folder), OpenSettings(device="cpu"))
    rows = embeddings_of(loaded.model)
    loaded.tokenizer.add_tokens([f"filler{n}" for n in range(64)] + ["Berlin"])
    encoder = Encoder(loaded.tokenizer, context_length=512, embeddings=rows)
    fine, refused = encoder.scored([Continuation("a", " b"), Continuation("a", " Berlin")])
    assert not isinstance(fine, Refusal)
    assert isinstance(refused, Refusal) and '"Berlin" in it as one token, for which the model has no' in refused.reason
    (prompt,) = encoder.prompts(GenerationRequest(("the capital Berlin",), max_tokens=4))
    assert isinstance(prompt, Refusal)
