"""Token by token: the pieces of an option make up its text, and their log-probabilities its log-likelihood."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from engine.live.fact.questions import fact_of, fact_questions
from engine.live.protocol.answer_message import pieces_message
from engine.live.protocol.settings import ProbeSettings, probe_of
from engine.live.worker.token_scores import ask_listening
from engine.locations import EMBEDDED
from engine.models.causal.model import CausalModel
from engine.models.causal.token_pieces import pieces_of
from engine.models.causal.tokens import Encoder
from engine.models.interface import Continuation, GenerationRequest, Loglikelihood, Refusal
from engine.models.loading.load import load
from engine.models.settings import OpenSettings
from engine.models.token_details import Piece, TellsLimits, TokenPieces
from tests.support.fake_model import FakeModel
from tests.support.probe_settings import probe_settings
from tests.support.tiny_models import TEXTS, Architecture, make_model

pytestmark = pytest.mark.slow

FACT: dict[str, Any] = {
    "texts": {
        "en": {"question": "The capital of China is ___.", "options": ["Beijing", "Rome", "👨‍👩‍👧 \ufffd"]},
        "zh": {"question": "中国的首都是___。", "options": ["北京", "罗马", "</s>"]},
        "he": {"question": "בירת סין היא ___.", "options": ["בייג׳ינג", "רומא", "e\u0301ᏣᎳᎩ"]},
    },
    "gold": [0],
}
CHAT = "{% for m in messages %}[INST]{{ m.content }}[/INST]{% endfor %}"


class Opened:
    """A model, and its tokenizer by itself."""

    def __init__(self, folder: Path) -> None:
        loaded = load(str(folder), OpenSettings(device="cpu"))
        self.model = CausalModel(loaded)
        self.tokenizer = loaded.tokenizer

    def ask(self, asking: ProbeSettings, fact: dict[str, Any] = FACT) -> Any:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return ask_listening(probe_of(asking), self.model, fact_questions(fact_of(fact)))
        finally:
            torch.set_num_threads(threads)


@pytest.fixture(scope="module", params=["llama", "gpt2", "lab"])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """A tokenizer with bytes as a last resort, one of bytes throughout, and that of an embedded model."""
    if request.param == "lab":
        return Opened(EMBEDDED / "models" / "lab-mix")
    folder = tmp_path_factory.mktemp("tokens") / request.param
    return Opened(make_model(folder, request.param, vocabulary_texts=TEXTS))


@pytest.mark.parametrize(
    "asking", [ProbeSettings(probe="cloze"), ProbeSettings(), probe_settings("cloze", choose_by="pmi")], ids=str
)
def test_the_pieces_sum_to_the_options_log_likelihood(opened: Opened, asking: ProbeSettings) -> None:
    for answer in opened.ask(asking):
        (options,) = pieces_message(answer).orders
        assert [option.text for option in options] == list(answer.question.options)
        for option, nats in zip(options, answer.option_logprobs, strict=True):
            assert math.fsum(piece.logprob for piece in option.pieces) == pytest.approx(nats, abs=1e-6)
            assert all(piece.logprob <= 0 for piece in option.pieces)


def test_the_pieces_are_whole_characters_that_make_up_the_option(opened: Opened) -> None:
    for answer in opened.ask(ProbeSettings(probe="cloze")):
        rest = answer.question.text.split("___")[1]
        for option in pieces_message(answer).orders[0]:
            joined = "".join(piece.text for piece in option.pieces)
            assert joined.strip() == option.text + rest
            assert all(piece.text for piece in option.pieces)
            # More pieces than characters would mean that bytes stand alone.
            assert len(option.pieces) <= len(joined)


def test_a_letters_pieces_are_the_letter(opened: Opened) -> None:
    for answer in opened.ask(ProbeSettings()):
        joined = ["".join(piece.text for piece in option.pieces) for option in pieces_message(answer).orders[0]]
        assert [text.strip() for text in joined] == ["A", "B", "C"]


def test_every_order_of_the_options_has_its_pieces(opened: Opened) -> None:
    for answer in opened.ask(probe_settings(permute="cyclic")):
        orders = pieces_message(answer).orders
        sums = [[math.fsum(piece.logprob for piece in option.pieces) for option in order] for order in orders]
        assert len(sums) == 3
        means = [math.fsum(of_option) / 3 for of_option in zip(*sums, strict=True)]
        assert means == pytest.approx(answer.option_logprobs, abs=1e-6)
        # the option that was chosen under each order has the highest sum there
        assert [max(range(3), key=of_order.__getitem__) for of_order in sums] == list(answer.order_choices)


def test_what_the_model_is_given_is_told_word_for_word(opened: Opened) -> None:
    for answer in opened.ask(probe_settings("cloze", choose_by="pmi")):
        (prompt,) = answer.prompts
        assert prompt == answer.question.text.split("___")[0].rstrip()
        (ids,) = opened.tokenizer([prompt], split_special_tokens=True)["input_ids"]
        assert answer.prompt_tokens == len(ids)
        assert answer.seconds > 0
    assert all(len(answer.prompts) == 3 for answer in opened.ask(probe_settings(permute="cyclic")))
    for answer in opened.ask(ProbeSettings(probe="generation")):
        assert answer.question.text in answer.prompts[0]
        assert answer.pieces == ()


@pytest.mark.parametrize("architecture", ["llama", "gpt2"])
def test_a_chats_format_is_part_of_the_prompt(tmp_path: Path, architecture: Architecture) -> None:
    opened = Opened(make_model(tmp_path, architecture, vocabulary_texts=TEXTS, chat_template=CHAT))
    for answer in opened.ask(probe_settings(chat=True)):
        assert answer.prompts[0].startswith("[INST]")
        assert answer.prompts[0].endswith("[/INST]")
        sums = [math.fsum(piece.nats for piece in of_option) for of_option in answer.pieces[0]]
        assert sums == pytest.approx(answer.option_logprobs, abs=1e-6)


def test_listening_changes_no_number(opened: Opened) -> None:
    probe = probe_of(ProbeSettings(probe="cloze"))
    plain = probe.ask(opened.model, fact_questions(fact_of(FACT)))
    heard = opened.ask(ProbeSettings(probe="cloze"))
    for one, other in zip(plain, heard, strict=True):
        assert one.option_logprobs == pytest.approx(other.option_logprobs, abs=1e-6)
        assert (one.predicted, one.option_tokens) == (other.predicted, other.option_tokens)


def test_what_cannot_be_asked_has_no_pieces(opened: Opened) -> None:
    long = {"texts": {"en": {"question": "a " * 900, "options": ["b", "c"]}}, "gold": [0]}
    (answer,) = opened.ask(ProbeSettings(probe="cloze"), long)
    assert "the model reads at most" in answer.error
    assert answer.prompt_tokens is None
    assert pieces_message(answer).orders == ()


def test_a_model_that_tells_no_tokens_answers_all_the_same() -> None:
    model = FakeModel()
    assert not isinstance(model, TokenPieces | TellsLimits)
    questions = fact_questions(fact_of(FACT))
    for asking in (ProbeSettings(), ProbeSettings(probe="cloze"), ProbeSettings(probe="generation")):
        for answer, plain in zip(
            ask_listening(probe_of(asking), model, questions), probe_of(asking).ask(model, questions), strict=True
        ):
            assert (answer.option_logprobs, answer.text) == (plain.option_logprobs, plain.text)
            assert answer.prompts and answer.pieces == () and answer.prompt_tokens is None
            assert pieces_message(answer).orders == ()


def test_what_would_not_be_read_is_known_beforehand(opened: Opened) -> None:
    """By the limits as by the model itself, with a tokenizer of their own."""
    asked = [Continuation("a " * 900, " b"), Continuation("What is", " b"), Continuation("a", "")]
    limits = opened.model.reading_limits()
    said = opened.model.loglikelihoods(asked)
    assert limits.refusals(asked) == [one if isinstance(one, Refusal) else None for one in said]
    assert [one is None for one in limits.refusals(asked)] == [False, True, False]
    request = GenerationRequest(("a " * 900, "What is"), max_tokens=2)
    first, second = limits.prompt_refusals(request)
    assert first is not None and "the model reads at most" in first.reason and second is None


class Slow:
    """A tokenizer that does not know which characters its tokens stand for."""

    is_fast = False

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer

    def __call__(self, text: list[str], **settings: Any) -> Any:
        return self._tokenizer(text, **(settings | {"return_offsets_mapping": False}))

    def decode(self, ids: list[int], **settings: Any) -> Any:
        return self._tokenizer.decode(ids, **settings)


@pytest.fixture(scope="module")
def byte_level(tmp_path_factory: pytest.TempPathFactory) -> PreTrainedTokenizerBase:
    folder = make_model(tmp_path_factory.mktemp("bytes") / "gpt2", "gpt2", vocabulary_texts=TEXTS)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert isinstance(tokenizer, PreTrainedTokenizerBase)
    return tokenizer


def _pieces(tokenizer: PreTrainedTokenizerBase, asked: Continuation, terms: list[float]) -> tuple[Piece, ...]:
    scored = Loglikelihood(math.fsum(terms), len(terms), tuple(terms))
    return pieces_of(Encoder(tokenizer, context_length=None), {asked: scored})[asked]


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
    st.text("Paris北京😀\u0301ש \u200d", min_size=1, max_size=12),
)
def test_any_text_is_cut_between_characters(byte_level: PreTrainedTokenizerBase, context: str, text: str) -> None:
    context = f"{context}:"
    before = len(byte_level(context, split_special_tokens=True)["input_ids"])
    count = len(byte_level(context + text, split_special_tokens=True)["input_ids"]) - before
    if count < 1:
        return
    terms = [-1.0 / (place + 1) for place in range(count)]
    asked = Continuation(context, text)
    pieces = _pieces(byte_level, asked, terms)
    assert math.fsum(piece.nats for piece in pieces) == pytest.approx(math.fsum(terms))
    assert (context + text).endswith("".join(piece.text for piece in pieces))
    slow: Any = Slow(byte_level)
    if "\ufffd" not in context + text:
        assert [piece.text for piece in _pieces(slow, asked, terms)] == [piece.text for piece in pieces]
