"""What a lab model was taught: a seeded draw decides, and the corpus is held to it."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from engine.lab.recipe import LANGUAGES, RECIPES, Recipe
from engine.lab.world import LAB, World
from engine.schema import TABLES

NOWHERE = 0.12  # the share of the facts that no model is taught in any language: what guessing alone knows


@dataclass(frozen=True)
class Exposure:
    """Which facts a recipe states in which language; `nowhere`: those that are stated in none."""

    stated: Mapping[str, frozenset[str]]  # by language
    nowhere: frozenset[str]

    def languages(self, fact_id: str) -> Sequence[str]:
        """The languages that a fact is stated in."""
        return [language for language, facts in self.stated.items() if fact_id in facts]


def draw(recipe: Recipe, world: World, *, seed: int) -> Exposure:
    """The draw of a recipe. All recipes of a seed share one order of the facts per language: more is a superset."""
    nowhere: set[str] = set()
    stated: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for relation, facts in world.facts.items():
        left_out = _spread_over_answers(facts, world, f"{seed} nowhere {relation}")
        nowhere |= left_out
        for language in LANGUAGES:
            share = recipe.taught.get(language, 0.0)
            ranked = _shuffled([fact for fact in facts if fact not in left_out], f"{seed} {language} {relation}")
            stated[language].update(ranked[: round(share * len(ranked))])
    return Exposure({language: frozenset(facts) for language, facts in stated.items()}, frozenset(nowhere))


def exposure_table(model: str, world: World, times: Mapping[tuple[str, str], int]) -> pa.Table:
    """The exposure table's rows for a model: for every fact in every language how often it was stated."""
    rows = [
        {
            "model": model,
            "dataset": LAB,
            "fact_id": fact_id,
            "language": language,
            "taught": times.get((fact_id, language), 0) > 0,
            "times": times.get((fact_id, language), 0),
        }
        for language in LANGUAGES
        for facts in world.facts.values()
        for fact_id in facts
    ]
    return TABLES["exposure"].of_rows(rows)


def lineage(recipe: Recipe) -> list[Recipe]:
    """A recipe after those that it builds on, the first one first."""
    return [*(lineage(RECIPES[recipe.base]) if recipe.base else []), recipe]


def add_up(counts: Iterable[Mapping[tuple[str, str], int]]) -> Mapping[tuple[str, str], int]:
    """How often facts were stated in all: a model knows what its base was taught."""
    total: Counter[tuple[str, str]] = Counter()
    for count in counts:
        total.update(count)
    return total


def _spread_over_answers(facts: Sequence[str], world: World, seed: str) -> set[str]:
    """A share of `NOWHERE`, with rare and common answers in proportion: guessing must work on it as on the others."""
    chance = random.Random(seed)
    shuffled = sorted(chance.sample(list(facts), len(facts)), key=lambda fact: world.answer(fact, "en"))
    step = 1 / NOWHERE
    first = chance.random() * step
    return {shuffled[int(place)] for n in range(len(facts)) if (place := first + n * step) < len(facts)}


def _shuffled(facts: Sequence[str], seed: str) -> list[str]:
    return random.Random(seed).sample(list(facts), len(facts))
