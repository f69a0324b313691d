"""Several lab models at once: a process for each family, a family being models that build on one another."""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty

from engine.lab.exposure import lineage
from engine.lab.make import make_model
from engine.lab.recipe import Recipe
from engine.lab.world import World
from engine.models.interface import Advance, ignore

_LOOK = 0.2  # seconds between two looks at what the processes have done
_done: "Queue[int]"  # in a process of the pool: where it tells how many steps it did


def families(recipes: Iterable[Recipe]) -> list[list[Recipe]]:
    """The recipes by the first of their lineage, each after its base; the family with the most steps first."""
    found: dict[str, list[Recipe]] = {}
    for recipe in sorted(recipes, key=lambda recipe: len(lineage(recipe))):
        found.setdefault(lineage(recipe)[0].name, []).append(recipe)
    return sorted(found.values(), key=lambda family: -sum(recipe.steps for recipe in family))


def make_models(
    recipes: Sequence[Recipe], world: World, into: Path, *, seed: int, processes: int = 2, advance: Advance = ignore
) -> None:
    """Make the models of the recipes, each in a folder of its name; `advance` counts steps."""
    context = get_context("spawn")
    done: Queue[int] = context.Queue()
    groups = families(recipes)
    pool = ProcessPoolExecutor(min(processes, len(groups)), mp_context=context, initializer=_begin, initargs=(done,))
    with pool:
        waiting: set[Future[None]] = {pool.submit(_make_family, family, world, into, seed) for family in groups}
        while waiting:
            finished, waiting = wait(waiting, timeout=_LOOK)
            advance(_count(done))
            for future in finished:
                future.result()
    advance(_count(done))


def _begin(done: "Queue[int]") -> None:
    global _done
    _done = done
    os.nice(5)


def _make_family(family: Sequence[Recipe], world: World, into: Path, seed: int) -> None:
    for recipe in family:
        make_model(recipe, world, into / recipe.name, seed=seed, advance=lambda steps: _done.put(steps))


def _count(done: "Queue[int]") -> int:
    total = 0
    while True:
        try:
            total += done.get_nowait()
        except Empty:
            return total
