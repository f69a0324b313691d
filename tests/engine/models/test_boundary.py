"""Where a context shares a token with what follows, and what is put behind texts: the right tokens are scored."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from lm_eval.api.instance import Instance
from lm_eval.models.huggingface import HFLM

from engine.errors import IsoglossError
from engine.facts.question import Question
from engine.models.causal.model import CausalModel
from engine.models.causal.tokens import Encoder
from engine.models.interface import Boundary, Continuation, GenerationRequest, Loglikelihood
from engine.models.loading.load import Loaded, load
from engine.probes.answer import Answer
from engine.probes.probe import make_probe
from engine.probes.template_file import built_in
from tests.support.fake_model import FakeModel
from tests.support.tiny_models import TEXTS, make_model
from tests.support.tokenizers_small import TOKENIZERS, unspaced

# Two facts in three languages. In Chinese "是中" is one token, which spans the end of a question and an option.
FACTS = (
    ("zh", "孔子的国籍是___。", ("中国", "法国", "日本"), 0),
    ("en", "Confucius is from ___.", ("China", "France", "Japan"), 0),
    ("de", "Konfuzius ist aus ___.", ("China", "Frankreich", "Japan"), 0),
    ("zh", "罗马的首都是___。", ("罗马", "中京", "日本"), 0),
    ("en", "Rome is a city of ___.", ("Italy", "China", "Japan"), 0),
    ("de", "Rom ist eine Stadt in ___.", ("Italien", "China", "Japan"), 0),
)
QUESTIONS = [
    Question("d", str(1 + place // 3), language, text, options=options, gold=(gold,))
    for place, (language, text, options, gold) in enumerate(FACTS)
]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("unspaced")
    return load(str(make_model(folder, "llama", vocabulary_texts=TEXTS, tokenizer=unspaced())))


def log_p(loaded: Loaded, ids: Sequence[int]) -> float:
    """Of the tokens after the first, by a plain forward pass."""
    with torch.inference_mode():
        scores = loaded.model(torch.tensor([ids])).logits[0].double().log_softmax(-1)
    return sum(float(scores[place, token]) for place, token in enumerate(ids[1:]))


def asked(model: CausalModel, boundary: Boundary = "whole", probe: str = "cloze") -> list[Answer]:
    words = built_in(probe)["plain" if probe == "letter" else "bare"]
    return make_probe(words, boundary=boundary).ask(model, QUESTIONS)


def harness(loaded: Loaded, pairs: Sequence[tuple[str, str]]) -> list[float]:
    reference = HFLM(pretrained=loaded.model, tokenizer=loaded.tokenizer, batch_size=4)
    requests = [Instance("loglikelihood", {}, pair, number) for number, pair in enumerate(pairs)]
    return [nats for nats, _ in reference.loglikelihood(requests, disable_tqdm=True)]


def pairs_of(question: Question) -> list[tuple[str, str]]:
    context, rest = question.text.split("___")
    return [(context, option + rest) for option in question.options]


def test_an_option_that_joins_its_context_is_scored_with_it(loaded: Loaded) -> None:
    model = CausalModel(loaded)
    joined = []
    for answer in asked(model):
        assert answer.option_logprobs is not None
        for option, (context, text) in enumerate(pairs_of(answer.question)):
            context = context.rstrip()
            before, whole = (
                loaded.tokenizer(t)["input_ids"] for t in (context, answer.question.text.split("___")[0] + text)
            )
            # log p(context + text) - log p(context), each by a pass of its own
            wanted = log_p(loaded, whole) - log_p(loaded, before)
            assert answer.option_logprobs[option] == pytest.approx(wanted, abs=1e-4)
            if whole[: len(before)] != before:
                joined.append((answer.question.fact_id, answer.question.language, option))
    assert joined == [("1", "zh", 0), ("2", "zh", 1)]  # 是中 + 国, 是中 + 京
    merged = {(a.question.fact_id, a.question.language): a.merged_options for a in asked(model) if a.merged_options}
    assert merged == {("1", "zh"): (0,), ("2", "zh"): (1,)}


def test_what_does_not_join_equals_the_harness_and_the_rest_does_if_wanted(loaded: Loaded) -> None:
    model = CausalModel(loaded)
    for whole, cut in zip(asked(model), asked(model, "harness"), strict=True):
        reference = harness(loaded, pairs_of(whole.question))
        assert whole.merged_options == cut.merged_options
        assert cut.option_logprobs == pytest.approx(reference, abs=1e-4)
        assert whole.option_logprobs is not None and cut.option_logprobs is not None
        for option, nats in enumerate(reference):
            if option in (whole.merged_options or ()):
                assert abs(whole.option_logprobs[option] - nats) > 0.1
            else:
                assert whole.option_logprobs[option] == pytest.approx(cut.option_logprobs[option], abs=1e-5)
    assert [a.template for a in asked(model)][0] == "bare@1"
    assert [a.template for a in asked(model, "harness")][0] == "bare@1+harness"


def test_the_terms_of_an_option_sum_to_its_score(loaded: Loaded) -> None:
    for boundary in ("whole", "harness"):
        found = CausalModel(loaded).loglikelihoods([Continuation("国籍是", "中国。", boundary=boundary)])
        (score,) = found
        assert isinstance(score, Loglikelihood) and score.merged
        assert sum(score.terms) == pytest.approx(score.nats) and len(score.terms) == score.tokens
        # 国 籍 是 are three tokens of the context, 国 籍 是中 国 。 five of the whole, of which the harness scores two
        assert score.tokens == {"whole": 3, "harness": 2}[boundary]


def test_a_letter_can_join_its_question_too(loaded: Loaded) -> None:
    found = CausalModel(loaded).loglikelihoods([Continuation("Answer:", letter) for letter in "ABC"])
    assert [isinstance(score, Loglikelihood) and score.merged for score in found] == [False, True, False]  # ":B"
    (b,) = (score for score in found if isinstance(score, Loglikelihood) and score.merged)
    before, whole = (loaded.tokenizer(text)["input_ids"] for text in ("Answer:", "Answer:B"))
    assert b.nats == pytest.approx(log_p(loaded, whole) - log_p(loaded, before), abs=1e-4)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.text("是中国罗马 is.", min_size=1), st.text("中国京罗s .", min_size=1)), min_size=1, max_size=6
    )
)
def test_any_texts_are_scored_as_both_less_the_context(loaded: Loaded, pairs: list[tuple[str, str]]) -> None:
    found = CausalModel(loaded).loglikelihoods([Continuation(*pair) for pair in pairs])
    start = [loaded.tokenizer.bos_token_id]
    for (context, text), score in zip(pairs, found, strict=True):
        if not isinstance(score, Loglikelihood):
            continue
        before, whole = (loaded.tokenizer(part)["input_ids"] for part in (context.rstrip(), context + text))
        if not before or before[0] != whole[0]:  # nothing is shared but the start token
            before, whole = start + before, start + whole
        assert score.nats == pytest.approx(log_p(loaded, whole) - log_p(loaded, before), abs=1e-3)
        assert score.merged == (whole[: len(before)] != before)


AROUND = ("<s> $A </s>", "$A </s>", "<s> $A <|im_end|> </s>", "<s> $A <s>")


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("kind", TOKENIZERS)
def test_what_a_tokenizer_puts_behind_texts_is_neither_context_nor_answer(kind: str, around: str) -> None:
    begins = around.partition("$A")[0] + "$A"
    with_end, without = (Encoder(TOKENIZERS[kind](how), context_length=64) for how in (around, begins))
    items = [
        Continuation(*pair) for pair in (("Capital?", " Rome"), ("Capital?", " Paris"), ("", "Rome"), ("是", "中国"))
    ]
    assert with_end.scored(items) == without.scored(items)
    asked = GenerationRequest(("Capital?", "法国的首都是"), max_tokens=4)
    assert with_end.prompts(asked) == without.prompts(asked)


@pytest.mark.parametrize("around", AROUND[:2])
def test_a_model_scores_and_speaks_as_without_its_end_token(tmp_path: Path, around: str) -> None:
    models: list[CausalModel] = []
    for how in (around, around.partition(" </s>")[0]):
        folder = make_model(
            tmp_path / f"m{len(models)}", "llama", vocabulary_texts=TEXTS, tokenizer=TOKENIZERS["metaspace"](how)
        )
        models.append(CausalModel(load(str(folder))))
    ended, plain = (
        model.loglikelihoods([Continuation("Q", f" {name}") for name in ("Rom", "Paris")]) for model in models
    )
    assert ended == plain and len({score.nats for score in plain if isinstance(score, Loglikelihood)}) == 2
    said = [model.generate(GenerationRequest(("What is",), max_tokens=5)) for model in models]
    assert said[0] == said[1]


def test_a_tokenizer_whose_ends_differ_from_text_to_text_is_refused() -> None:
    class Moody:
        """Ends questions otherwise than statements."""

        is_fast, bos_token_id = True, 1

        def __call__(self, texts: list[str], *, add_special_tokens: bool, **_: object) -> dict[str, list[list[int]]]:
            ends = [[2] if "?" in text or "？" in text else [2, 2] for text in texts]
            ids = [[ord(c) for c in text] for text in texts]
            return {"input_ids": [i + e if add_special_tokens else i for i, e in zip(ids, ends, strict=True)]}

    with pytest.raises(IsoglossError, match="other special tokens around one text than around another"):
        Encoder(Moody(), context_length=None)  # type: ignore[arg-type]


CLOZE, LETTER, GENERATION = (built_in(name)["plain"] for name in ("cloze", "letter", "generation"))
THINKING = {"frame": ("[", "]"), "thought": "<think>"}


@pytest.mark.parametrize("words", [CLOZE, LETTER])
def test_nothing_is_scored_inside_a_thought(words: object) -> None:
    probe = make_probe(words, chat=True)  # type: ignore[arg-type]
    with pytest.raises(IsoglossError, match=r"opens a thought \(<think>\).*no switch.*ask by generation"):
        probe.ask(FakeModel(**THINKING), QUESTIONS)  # type: ignore[arg-type]
    with pytest.raises(IsoglossError, match="--no-thinking turns it off"):
        probe.ask(FakeModel(**THINKING, can_be_off=True), QUESTIONS)  # type: ignore[arg-type]
    off = make_probe(words, chat=True, no_thinking=True)  # type: ignore[arg-type]
    assert off.template == "plain@1+chat-unthinking"
    model = FakeModel(**THINKING, can_be_off=True)  # type: ignore[arg-type]
    assert all(answer.error is None for answer in off.ask(model, QUESTIONS))
    assert not any(item.thinking for item in model.asked[0])


def test_what_a_model_says_in_a_thought_is_asked_with_a_warning() -> None:
    probe = make_probe(GENERATION, chat=True)
    model = FakeModel(frame=("[", "]"), thought="<think>")
    assert "opens a thought (<think>) before the answer" in (probe.check(model) or "")
    assert len(probe.ask(model, QUESTIONS)) == len(QUESTIONS)
    assert probe.check(FakeModel(frame=("[", "]"))) is None
    assert "--no-thinking" in (make_probe(LETTER, chat=True).check(FakeModel(frame=("[", "]"), can_be_off=True)) or "")
    with pytest.raises(IsoglossError, match="add --chat"):
        make_probe(LETTER, no_thinking=True)
