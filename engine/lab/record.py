"""What a store holds of the lab: its facts, who its models are, and what they were taught."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from engine.lab.corpus import times_stated
from engine.lab.exposure import add_up, exposure_table, lineage
from engine.lab.facts import lab_dataset
from engine.lab.make import corpus_lines
from engine.lab.recipe import Recipe, target_languages
from engine.lab.world import LAB, World
from engine.schema import TABLES
from engine.store.write import TableFile, WriteReport, write_files

BILLION_PARAMETERS = 0.0012


def write_record(store: Path, world: World, recipes: Mapping[str, Recipe], *, seed: int) -> WriteReport:
    """Write the lab's facts, and its models' rows of `models` and `exposure`. Nothing is trained."""
    own = {name: times_stated(corpus_lines(recipe, world, seed=seed)) for name, recipe in recipes.items()}
    tables = [
        exposure_table(name, world, add_up(own[part.name] for part in lineage(recipe)))
        for name, recipe in recipes.items()
    ]
    exposure = TableFile("exposure", LAB, pa.concat_tables(tables))
    models = TableFile("models", LAB, _models(recipes.values()))
    return write_files(store, [*lab_dataset(world), models, exposure])


def _models(recipes: Iterable[Recipe]) -> pa.Table:
    rows = [
        {
            "model": recipe.name,
            "family": "lab",
            "billion_parameters": BILLION_PARAMETERS,
            "built_on": recipe.base,
            "training_strategy": recipe.strategy,
            "target_languages": target_languages(recipe),
        }
        for recipe in recipes
    ]
    return TABLES["models"].of_rows(rows)
