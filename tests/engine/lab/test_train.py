"""Tests of the lab's training: a micro-lab learns, two trainings give the same bytes, and the folder loads exactly."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import torch
from transformers import PreTrainedTokenizerFast

from engine.errors import IsoglossError
from engine.lab.crossed_bootstrap import crossed_difference
from engine.lab.families import families, make_models
from engine.lab.figures import WAYS, ask, figures, spelling
from engine.lab.folder import CARD
from engine.lab.make import corpus_lines, make_model, times_taught
from engine.lab.network import CONTEXT, new_network
from engine.lab.recipe import RECIPES
from engine.lab.threads import one_thread
from engine.lab.tokenizer import END, START, train_tokenizer
from engine.lab.train import _batches, _encode, _loss, _rate, train
from engine.models.causal.model import CausalModel
from engine.models.causal.prefix_tree import TokenSequence
from engine.models.loading.load import load
from engine.models.registry import open_model
from engine.models.settings import OpenSettings
from tests.support.lab_small import small_world

pytestmark = pytest.mark.slow

MICRO = replace(RECIPES["lab-en"], steps=150)
SHORT = replace(RECIPES["lab-mix-switch"], name="lab-short", steps=20, batch=16)


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return train_tokenizer(small_world())


@pytest.fixture(scope="module")
def micro(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model trained for 150 steps."""
    folder = tmp_path_factory.mktemp("lab") / "lab-micro"
    make_model(replace(MICRO, name="lab-micro"), small_world(), folder, seed=0)
    return folder


@pytest.fixture(scope="module")
def answers(micro: Path) -> pd.DataFrame:
    times = times_taught(replace(MICRO, name="lab-micro"), small_world(), seed=0)
    with one_thread():
        return ask(open_model(str(micro), OpenSettings(device="cpu")), small_world(), times, WAYS[:1])


def hashes(folder: Path) -> Mapping[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_the_tokenizer_keeps_every_text_and_knows_every_name(tokenizer: PreTrainedTokenizerFast) -> None:
    world = small_world()
    names = [name for tag in ("en", "de", "ru", "ar", "zh") for name in world.names(tag).values()]
    for text in (*names, "Ω ≠ 漢字\n‮מ", "  two  spaces "):
        assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False)) == text
    lengths = [len(tokenizer.encode(f" {name}", add_special_tokens=False)) for name in names]
    assert sum(lengths) / len(lengths) < 1.5
    assert tokenizer.encode("Peru")[0] == tokenizer.convert_tokens_to_ids(START)


def test_hardly_a_token_joins_the_answer_to_what_stands_before_it(tokenizer: PreTrainedTokenizerFast) -> None:
    lines = corpus_lines(replace(RECIPES["lab-mix"], steps=20), small_world(), seed=0)
    joined = 0
    for line in lines:
        before, whole = tokenizer.encode(line.context), tokenizer.encode(line.text)
        assert len(whole) < CONTEXT
        joined += whole[: len(before)] != before
    assert joined / len(lines) < 0.05


# --- loss and schedule ------------------------------------------------------------------------------------------------


def test_the_loss_is_the_mean_over_the_answers_tokens(tokenizer: PreTrainedTokenizerFast) -> None:
    """Two lines of unlike length, each alone through the network's own loss: what is not answer is labelled -100."""
    network = new_network(tokenizer, seed=0)
    lines = corpus_lines(replace(MICRO, steps=1), small_world(), seed=0)
    encoded = sorted(set(_encode(tokenizer, lines)), key=lambda sequence: len(sequence.ids))
    one, other = encoded[0], encoded[-1]
    assert len(one.ids) < len(other.ids)
    assert one.ids[-1] == tokenizer.convert_tokens_to_ids(END)
    total = 0.0
    for sequence in (one, other):
        ids = torch.tensor([sequence.ids])
        labels = ids.masked_fill(torch.arange(ids.shape[1]) < sequence.start, -100)
        total += float(network(input_ids=ids, labels=labels).loss.detach()) * (len(sequence.ids) - sequence.start)
    tokens = sum(len(sequence.ids) - sequence.start for sequence in (one, other))
    assert float(_loss(network, [one, other], padding=1).detach()) == pytest.approx(total / tokens, rel=1e-5)


def test_the_learning_rate_rises_and_falls_to_nothing() -> None:
    # cosine: 1 at the start, 1/2 half way, 0 at the end; the first of 50 steps has 1/50
    assert _rate(0, 1000) == pytest.approx(0.02)
    assert _rate(500, 1000) == pytest.approx(0.5)
    assert _rate(250, 1000) == pytest.approx((1 + 2**-0.5) / 2)
    assert _rate(1000, 1000) == pytest.approx(0)


def test_batches_hold_every_line_once_and_little_padding() -> None:
    sequences = [TokenSequence(n, tuple(range(3 + n * 7 % 11)), 1) for n in range(320)]
    batches = _batches(sequences, 5)
    assert [len(batch) for batch in batches] == [5] * 64
    assert sorted(s.number for batch in batches for s in batch) == list(range(320))
    spread = [max(len(s.ids) for s in batch) - min(len(s.ids) for s in batch) for batch in batches]
    assert max(spread) <= 1  # 160 lines of 11 lengths: 14 or 15 of each, so five neighbours have two lengths at most
    assert {s.number for batch in batches[:32] for s in batch} == set(range(160))


# --- models -----------------------------------------------------------------------------------------------------------


def test_a_micro_lab_learns_what_it_is_taught_and_nothing_else(answers: pd.DataFrame) -> None:
    english = answers[answers["language"] == "en"].groupby("knowledge")["correct"].agg(["mean", "count"])
    assert english["count"]["here"] > 30
    # by guessing it would be .25 with a standard deviation under .08
    assert english["mean"]["here"] > 0.7


def test_two_trainings_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two", "other"):
        make_model(SHORT, small_world(4), tmp_path / name, seed=7 if name == "other" else 0)
    one, two, other = (hashes(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    assert one["model.safetensors"] != other["model.safetensors"]
    assert one["tokenizer.json"] == other["tokenizer.json"]


def test_the_folder_loads_verified_and_small(micro: Path) -> None:
    loaded = load(str(micro), OpenSettings(device="cpu"))
    assert loaded.identity.verified
    assert loaded.context_length == CONTEXT
    assert sum(parameter.numel() for parameter in loaded.model.parameters()) < 1.21e6
    assert sum(file.stat().st_size for file in micro.iterdir()) < 3e6


def test_the_card_tells_recipe_seed_exposure_figures_and_limits(micro: Path) -> None:
    card = (micro / CARD).read_text()
    world = small_world()
    times = times_taught(replace(MICRO, name="lab-micro"), world, seed=0)
    english = [count for (_, tag), count in times.items() if tag == "en"]
    assert f"| en | {len(english)} | {sum(english)} |" in card
    assert f"statements of {sum(map(len, world.facts.values()))}" in card.replace("\n", " ")
    assert "| lab-micro | 150 | 64 | 0.004 | 0% | none |" in card
    assert "--seed 0" in card
    for form in ("question-1 | bare", "statement-3 | bare", "question-3 | plain"):
        assert f"| {form} | English | here |" in card
    assert "{" not in card


def test_a_model_without_its_base_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IsoglossError, match="lab-en"):
        make_model(replace(RECIPES["lab-en-zh"], steps=1), small_world(), tmp_path / "lab-en-zh", seed=0)


def test_a_model_goes_on_from_its_base(micro: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = replace(MICRO, name="lab-micro")
    monkeypatch.setattr("engine.lab.exposure.RECIPES", {"lab-micro": base})
    further = replace(RECIPES["lab-en-zh"], name="lab-further", base="lab-micro", steps=2, learning_rate=0.0)
    folder = micro.parent / "lab-further"
    make_model(further, small_world(), folder, seed=0)
    assert hashes(folder)["model.safetensors"] == hashes(micro)["model.safetensors"]  # a rate of 0 changes nothing


def test_training_moves_the_weights_and_leaves_the_threads(tokenizer: PreTrainedTokenizerFast) -> None:
    network = new_network(tokenizer, seed=0)
    steps: list[int] = []
    before = network.lm_head.weight.clone()
    threads = torch.get_num_threads()
    lines = corpus_lines(replace(SHORT, steps=3), small_world(), seed=0)
    train(network, tokenizer, lines, batch=16, learning_rate=1e-3, advance=steps.append)
    assert steps == [1, 1, 1]
    assert torch.get_num_threads() == threads
    assert not torch.equal(before, network.lm_head.weight)


def test_families_begin_with_their_base_and_the_longest_first() -> None:
    chosen = [RECIPES[name] for name in ("lab-en-chat", "lab-en", "lab-mix-switch")]
    assert [[recipe.name for recipe in family] for family in families(chosen)] == [
        ["lab-mix-switch"],
        ["lab-en", "lab-en-chat"],
    ]


def test_a_process_makes_families_and_counts_their_steps(tmp_path: Path) -> None:
    steps: list[int] = []
    recipes = [replace(RECIPES[name], steps=2, batch=2) for name in ("lab-en", "lab-mix")]
    make_models(recipes, small_world(4), tmp_path, seed=0, processes=1, advance=steps.append)
    assert sum(steps) == 4
    assert all(load(str(tmp_path / recipe.name), OpenSettings(device="cpu")).identity.verified for recipe in recipes)


# --- figures ----------------------------------------------------------------------------------------------------------


def test_every_answer_is_counted_once_and_by_what_was_taught(answers: pd.DataFrame) -> None:
    world = small_world()
    assert len(answers) == len(world.questions)
    summed = figures(answers)
    assert summed["n"].sum() == len(answers)
    english = answers[(answers["language"] == "en") & (answers["knowledge"] == "here")]
    row = summed[summed["is_english"] & (summed["knowledge"] == "here")].iloc[0]
    assert row["accuracy"] == pytest.approx(english["correct"].mean())
    assert not len(answers[(answers["language"] == "en") & (answers["knowledge"] == "elsewhere")])


def test_spellings_that_carry_an_answer_across_are_told() -> None:
    world = small_world()
    assert spelling(world, "continent:BR", "en") == "own"  # Brazil, South America
    assert spelling(world, "continent:JP", "zh") == "shared"  # 日本 in Japanese too
    assert spelling(world, "currency_code:BR", "zh") == "english"  # BRL everywhere
    assert spelling(world, "official_language:RU", "ru") == "own"


def test_transfer_by_hand() -> None:
    """Elsewhere: facts a (2 of 2 right) and b (1 of 2) make 3/4; nowhere: c (0 of 2) makes 0."""
    rows = [("a", "de", True), ("a", "fr", True), ("b", "de", True), ("b", "fr", False)]
    control = [("c", "de", False), ("c", "fr", False)]
    table = pd.DataFrame(
        [(*row, "elsewhere") for row in rows] + [(*row, "nowhere") for row in control] + [("d", "en", True, "nowhere")],
        columns=["fact_id", "language", "correct", "knowledge"],
    )
    found = crossed_difference(table)
    assert found is not None
    assert (found.elsewhere, found.n_elsewhere, found.nowhere, found.n_nowhere) == (0.75, 4, 0.0, 2)
    # two facts resampled: (b, b) 1/2 in a quarter of the draws, (a, a) 1 in a quarter
    assert (found.low, found.high) == (0.5, 1.0)
    assert crossed_difference(table[table["knowledge"] == "nowhere"]) is None


def test_asking_a_fresh_network_is_guessing(tokenizer: PreTrainedTokenizerFast, micro: Path) -> None:
    loaded = load(str(micro), OpenSettings(device="cpu"))
    fresh = replace(loaded, model=new_network(tokenizer, seed=0).requires_grad_(False))
    with one_thread():
        guessed = ask(CausalModel(fresh), small_world(), {}, WAYS[:1])
    # 10 languages, but one fact's options are alike in several: .25 within four deviations of 50-odd facts' mean
    assert abs(guessed["correct"].mean() - 0.25) < 4 * (0.25 * 0.75 / 40) ** 0.5
    assert set(guessed["knowledge"]) == {"nowhere"}
