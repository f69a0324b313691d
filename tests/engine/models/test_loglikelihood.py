"""Log-likelihoods against the field's reference harness, and against themselves in another order, batch or company."""

import random
from pathlib import Path

import pytest
import torch
from lm_eval.api.instance import Instance
from lm_eval.models.huggingface import HFLM

from engine.facts.load import load_questions
from engine.facts.question import Question
from engine.models.causal import forward
from engine.models.causal.forward import Forward
from engine.models.causal.model import CausalModel
from engine.models.interface import Continuation, Loglikelihood, Refusal
from engine.models.loading.load import Loaded, load
from engine.probes.probe import make_probe
from engine.probes.template_file import built_in
from engine.schema import ProbeName
from tests.support.cldr_facts import currency_questions
from tests.support.tiny_models import Architecture, make_model

pytestmark = pytest.mark.slow

QUESTIONS = currency_questions()
TEXTS = [text for question in QUESTIONS for text in (question.text, *question.options)]
COMPARED: tuple[Architecture, ...] = ("llama", "qwen2", "gpt2", "bloom")


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[Architecture, Loaded]:
    architectures: tuple[Architecture, ...] = (*COMPARED, "mistral", "gemma2", "gpt_neox", "phi", "opt")
    folder = tmp_path_factory.mktemp("models")
    return {
        name: load(str(make_model(folder / name, name, vocabulary_texts=TEXTS))) for name in architectures
    }  # fmt: skip


def continuations(questions: list[Question], probe: ProbeName) -> list[list[Continuation]]:
    """What a probe sends, question by question."""
    asked = make_probe(built_in(probe)["plain"])
    return [
        [Continuation(prompt.context, text) for prompt in asked.prompts(question) for text in prompt.continuations]
        for question in questions
    ]


def reference(loaded: Loaded, items: list[Continuation]) -> list[float]:
    """The same by lm-evaluation-harness's own model class."""
    harness = HFLM(pretrained=loaded.model, tokenizer=loaded.tokenizer, batch_size=16)
    requests = [Instance("loglikelihood", {}, (item.context, item.text), i) for i, item in enumerate(items)]
    return [nats for nats, _ in harness.loglikelihood(requests, disable_tqdm=True)]


def nats(scores: list[Loglikelihood | Refusal]) -> list[float]:
    assert all(isinstance(score, Loglikelihood) for score in scores)
    return [score.nats for score in scores if isinstance(score, Loglikelihood)]


def assert_equal(loaded: Loaded, groups: list[list[Continuation]]) -> None:
    """Each log-likelihood within 1e-4 of the harness's, and the same option highest for every fact."""
    flat = [item for group in groups for item in group]
    found = iter(nats(CausalModel(loaded).loglikelihoods(flat)))
    wanted = iter(reference(loaded, flat))
    for group in groups:
        ours, theirs = [next(found) for _ in group], [next(wanted) for _ in group]
        assert ours == pytest.approx(theirs, abs=1e-4, rel=0)
        assert ours.index(max(ours)) == theirs.index(max(theirs))


@pytest.mark.parametrize("probe", ["letter", "cloze"])
@pytest.mark.parametrize("architecture", COMPARED)
def test_equals_the_reference_harness(
    models: dict[Architecture, Loaded], architecture: Architecture, probe: ProbeName
) -> None:
    assert_equal(models[architecture], continuations(QUESTIONS, probe))


@pytest.mark.parametrize("architecture", COMPARED)
def test_equals_the_reference_harness_on_the_releases_facts(
    models: dict[Architecture, Loaded], architecture: Architecture, imported: Path
) -> None:
    questions = load_questions([imported], "x_geo", limit=5) + load_questions([imported], "x_csqa", limit=2)
    assert {question.language for question in questions} >= {"en", "de", "fr", "it", "pl", "ru", "ar", "he", "zh", "ja"}
    assert_equal(models[architecture], continuations(questions, "letter") + continuations(questions, "cloze"))


@pytest.mark.parametrize("architecture", ["mistral", "gemma2", "gpt_neox", "phi", "opt"])
def test_other_architectures_and_prompts_longer_than_a_window(
    models: dict[Architecture, Loaded], architecture: Architecture
) -> None:
    # Mistral and Gemma 2 see 64 tokens back: a prompt of several facts is longer
    long = [Continuation(" ".join(TEXTS[i : i + 9]), " " + TEXTS[i + 9]) for i in range(0, 60, 6)]
    assert_equal(models[architecture], [*continuations(QUESTIONS[::7], "cloze"), long])


@pytest.mark.parametrize("architecture", COMPARED)
def test_an_empty_context_and_spaces_before_the_option(
    models: dict[Architecture, Loaded], architecture: Architecture
) -> None:
    items = [Continuation("", "Yen"), Continuation("", " Yen"), Continuation("a: ", "Yen"), Continuation("a:", " Yen")]
    found = nats(CausalModel(models[architecture]).loglikelihoods(items))
    assert found == pytest.approx(reference(models[architecture], items), abs=1e-4, rel=0)
    assert found[2] == pytest.approx(found[3], abs=1e-6)  # spaces that end a context belong to what follows


@pytest.mark.parametrize("architecture", COMPARED)
def test_one_by_one_any_order_and_any_batch_give_the_same_numbers(
    models: dict[Architecture, Loaded], architecture: Architecture
) -> None:
    model = CausalModel(models[architecture])
    items = [item for group in continuations(QUESTIONS[::5], "cloze") for item in group]
    together = nats(model.loglikelihoods(items))
    alone = [nats(model.loglikelihoods([item]))[0] for item in items]
    assert together == pytest.approx(alone, abs=1e-4, rel=0)

    places = list(range(len(items)))
    random.Random(1).shuffle(places)
    shuffled = nats(model.loglikelihoods([items[place] for place in places]))
    assert shuffled == pytest.approx([together[place] for place in places], abs=1e-4, rel=0)

    small = CausalModel(models[architecture], batch_tokens=1)
    assert nats(small.loglikelihoods(items)) == pytest.approx(together, abs=1e-4, rel=0)


def test_the_same_call_gives_the_same_bits(models: dict[Architecture, Loaded]) -> None:
    model = CausalModel(models["llama"])
    items = [item for group in continuations(QUESTIONS, "letter") for item in group]
    assert nats(model.loglikelihoods(items)) == nats(model.loglikelihoods(items))


def test_repeated_continuations_are_scored_alike(models: dict[Architecture, Loaded]) -> None:
    item = Continuation("The capital of Norway is", " Oslo")
    first, other, second = nats(CausalModel(models["qwen2"]).loglikelihoods([item, Continuation("x", " y"), item]))
    assert first == second != other


def test_the_ways_are_found_by_trying(models: dict[Architecture, Loaded]) -> None:
    ways = {name: CausalModel(loaded).modes for name, loaded in models.items()}
    tree = ("llama", "qwen2", "gpt2", "gpt_neox", "phi", "opt")
    assert {name: ways[name] for name in tree} == dict.fromkeys(tree, ("tree",))  # learned and rotary positions
    assert ways["bloom"] == ("header",)  # ALiBi reckons distances from the place in the row
    for name in ("mistral", "gemma2"):
        model = CausalModel(models[name])
        modes: tuple[str, ...] = model.modes
        assert modes == ("tree",)  # of the lengths that any prompt has
        model.loglikelihoods([Continuation("word " * 90, "end")])
        modes = model.modes
        assert modes == ("tree", "whole")  # beyond their windows of 64 tokens


def test_a_mask_that_is_not_understood_is_noticed(
    models: dict[Architecture, Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted bug: a mask in which every node sees all before it in the row."""
    whole = forward.tree_mask
    monkeypatch.setattr(forward, "tree_mask", lambda ends, seen: whole(ends.clamp(min=10**6), seen))
    assert CausalModel(models["llama"]).modes == ("header",)


def test_long_prompts_are_refused_and_the_others_scored(models: dict[Architecture, Loaded]) -> None:
    model = CausalModel(models["llama"])
    good = Continuation("The capital of Norway is", " Oslo")
    refused, scored = model.loglikelihoods([Continuation("word " * 600, "end"), good])
    assert isinstance(refused, Refusal) and "the model reads at most 512" in refused.reason
    assert scored == model.loglikelihoods([good])[0]


def test_out_of_memory_halves_the_batch_for_good_and_changes_nothing(
    models: dict[Architecture, Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [item for group in continuations(QUESTIONS, "cloze") for item in group]
    wanted = nats(CausalModel(models["llama"]).loglikelihoods(items))
    model = CausalModel(models["llama"], batch_tokens=4096)
    hidden, sizes, failures = Forward.hidden, [], []

    def at_most_500_nodes(self: Forward, rows, cache):  # type: ignore[no-untyped-def]
        nodes = len(rows) * max(len(row.tokens) for row in rows)
        if nodes > 500:
            failures.append(nodes)
            raise torch.OutOfMemoryError("CUDA out of memory (simulated)")
        sizes.append(nodes)
        return hidden(self, rows, cache)

    monkeypatch.setattr(Forward, "hidden", at_most_500_nodes)
    assert nats(model.loglikelihoods(items)) == pytest.approx(wanted, abs=1e-4, rel=0)
    assert failures and max(sizes) <= 500
    seen = len(failures)
    assert nats(model.loglikelihoods(items)) == pytest.approx(wanted, abs=1e-4, rel=0)
    assert len(failures) == seen  # remembered


def test_one_prompt_that_does_not_fit_into_memory_is_refused_alone(
    models: dict[Architecture, Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = CausalModel(models["llama"])
    hidden = Forward.hidden

    def at_most_100_nodes(self: Forward, rows, cache):  # type: ignore[no-untyped-def]
        if max(len(row.tokens) for row in rows) > 100:
            raise torch.OutOfMemoryError("CUDA out of memory (simulated)")
        return hidden(self, rows, cache)

    monkeypatch.setattr(Forward, "hidden", at_most_100_nodes)
    short, long = Continuation("The capital of Norway is", " Oslo"), Continuation("word " * 60, "end")
    scored, refused = model.loglikelihoods([short, long])
    assert isinstance(scored, Loglikelihood)
    assert isinstance(refused, Refusal) and "out of memory" in refused.reason


def test_special_tokens_in_a_fact_are_plain_characters(models: dict[Architecture, Loaded]) -> None:
    model = CausalModel(models["llama"])
    plain, special = model.loglikelihoods([Continuation("a b", " c"), Continuation("a </s> b", " </s>")])
    assert isinstance(plain, Loglikelihood) and isinstance(special, Loglikelihood)
    assert special.tokens >= 3  # "<", "/s", ">" or finer, never one control token
