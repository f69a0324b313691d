"""Making lab models: from a recipe, a world and a seed to a folder that loads like any model's."""

from collections.abc import Mapping
from pathlib import Path

from engine.lab.card import card
from engine.lab.corpus import Corpus, Line, times_stated
from engine.lab.exposure import add_up, draw, lineage
from engine.lab.figures import ask
from engine.lab.folder import read_network, save, write_card
from engine.lab.network import new_network
from engine.lab.recipe import Recipe
from engine.lab.threads import one_thread
from engine.lab.tokenizer import train_tokenizer
from engine.lab.train import train
from engine.lab.world import World
from engine.models.interface import Advance, ignore
from engine.models.registry import open_model
from engine.models.settings import OpenSettings


def corpus_lines(recipe: Recipe, world: World, *, seed: int) -> list[Line]:
    """The training text of a recipe alone, without that of its base."""
    return Corpus(recipe, world, draw(recipe, world, seed=seed), seed).lines()


def times_taught(recipe: Recipe, world: World, *, seed: int) -> Mapping[tuple[str, str], int]:
    """How often each fact was stated in each language, by fact and language, to a model and those it builds on."""
    return add_up(times_stated(corpus_lines(part, world, seed=seed)) for part in lineage(recipe))


def make_model(recipe: Recipe, world: World, folder: Path, *, seed: int, advance: Advance = ignore) -> None:
    """Train a model and write it to `folder`, its card included; `advance` counts steps.

    A recipe that builds on another one finds that model in the folder beside. Raises IsoglossError where it is missing.
    """
    tokenizer = train_tokenizer(world)
    network = read_network(folder.parent / recipe.base) if recipe.base else new_network(tokenizer, seed=seed)
    train(
        network,
        tokenizer,
        corpus_lines(recipe, world, seed=seed),
        batch=recipe.batch,
        learning_rate=recipe.learning_rate,
        advance=advance,
    )
    save(folder, network, tokenizer)
    times = times_taught(recipe, world, seed=seed)
    with one_thread():
        answers = ask(open_model(str(folder), OpenSettings(device="cpu")), world, times)
    write_card(folder, card(recipe, world, times, answers, seed=seed))
