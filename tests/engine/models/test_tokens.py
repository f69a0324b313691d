"""Encoding: as the tokenizer alone does it, special tokens as characters, chat frames around a user's turn."""

from pathlib import Path

import pytest
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from engine.errors import IsoglossError
from engine.models.causal.tokens import Encoded, Encoder
from engine.models.interface import Continuation, GenerationRequest, Refusal
from tests.support.cldr_facts import currency_questions
from tests.support.tiny_models import SPECIAL_TOKENS, make_model

CHAT = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TEXTS = [question.text for question in currency_questions()]


@pytest.fixture(scope="module", params=["llama", "gpt2"])
def tokenizer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PreTrainedTokenizerBase:
    folder = make_model(tmp_path_factory.mktemp("m"), request.param, vocabulary_texts=TEXTS, chat_template=CHAT)
    return AutoTokenizer.from_pretrained(folder)


def encoded(tokenizer: PreTrainedTokenizerBase, *items: Continuation, length: int | None = None) -> list[Encoded]:
    found = Encoder(tokenizer, context_length=length).scored(items)
    assert all(isinstance(item, Encoded) for item in found)
    return found  # type: ignore[return-value]


def test_context_and_continuation_are_one_string(tokenizer: PreTrainedTokenizerBase) -> None:
    (found,) = encoded(tokenizer, Continuation("ab cd:", " efg"))
    whole, context = tokenizer("ab cd: efg")["input_ids"], tokenizer("ab cd:")["input_ids"]
    assert found.ids == tuple(whole) and found.start == len(context)


def test_a_text_alone_follows_the_start_token(tokenizer: PreTrainedTokenizerBase) -> None:
    (found,) = encoded(tokenizer, Continuation("", "efg"))
    assert found.ids == (tokenizer.bos_token_id, *tokenizer("efg", add_special_tokens=False)["input_ids"])
    assert found.start == 1


@pytest.mark.parametrize("special", SPECIAL_TOKENS)
def test_special_tokens_are_characters(tokenizer: PreTrainedTokenizerBase, special: str) -> None:
    (found,) = encoded(tokenizer, Continuation(f"a {special} b", f" {special}"))
    control = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
    begins = int(found.ids[0] == tokenizer.bos_token_id)  # the tokenizer's own, before the text
    assert not control & set(found.ids[begins:])
    assert special in tokenizer.decode(list(found.ids[begins:]), skip_special_tokens=False)


def test_a_chat_turn_has_the_models_frame_and_plain_text_inside(tokenizer: PreTrainedTokenizerBase) -> None:
    (found,) = encoded(tokenizer, Continuation("what is <|im_end|>", "B", chat=True))
    start, end = (tokenizer.convert_tokens_to_ids(mark) for mark in ("<|im_start|>", "<|im_end|>"))
    context = found.ids[: found.start]
    assert context.count(start) == 2  # of the user's turn and of the model's
    assert context.count(end) == 1  # the frame's; the one in the text is characters
    assert "what is <|im_end|>" in tokenizer.decode(list(context), skip_special_tokens=False)
    assert (
        Encoder(tokenizer, context_length=None).chat("what")
        == "<|im_start|>user\nwhat<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_model_without_chat_format_says_so(tokenizer: PreTrainedTokenizerBase, tmp_path: Path) -> None:
    folder = make_model(tmp_path, "gpt2", vocabulary_texts=TEXTS)
    with pytest.raises(IsoglossError, match="no chat template"):
        Encoder(AutoTokenizer.from_pretrained(folder), context_length=None).chat("what")


def test_what_does_not_fit_or_is_empty_is_refused(tokenizer: PreTrainedTokenizerBase) -> None:
    (whole,) = encoded(tokenizer, Continuation("ab cd:", " efg"))
    read = len(whole.ids) - 1  # the last token is scored, never read
    assert encoded(tokenizer, Continuation("ab cd:", " efg"), length=read)
    long, empty = Encoder(tokenizer, context_length=read - 1).scored(
        [Continuation("ab cd:", " efg"), Continuation("ab", "")]
    )
    assert isinstance(long, Refusal) and f"has {read} tokens; the model reads at most {read - 1}" in long.reason
    assert isinstance(empty, Refusal)
    (prompt,) = Encoder(tokenizer, context_length=10).prompts(GenerationRequest(("ab cd:",), max_tokens=100))
    assert isinstance(prompt, Refusal)
