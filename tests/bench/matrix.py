"""The pair matrix: bit strings against a half self-join of the answers, which gives the same counts."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psutil

from engine.locations import PROJECT
from tests.bench.figure import Figure
from tests.bench.ground import Ground
from tests.bench.synthetic import make_answers

_MOST_MEMORY = 6 * 1024**3  # for 100 million answers; they were seen to need 2 GB


def measure(ground: Ground) -> Iterator[Figure]:
    """One model's matrix at 10 and 100 million answers, its memory, and the store's own tables."""
    models, languages, facts = (10, 20, 5_000) if ground.quick else (50, 20, 10_000)
    size = _millions(models * languages * facts)
    done = _child("matrix_child", models, languages, facts, 5 if ground.quick else 15, 0)
    yield Figure(
        f"pair matrix of one model, bit strings / half self-join, {size}",
        done["ms"]["bits"],
        "ms",
        reference=done["ms"]["join"],
        at_least_times=None if ground.quick else 10,
    )
    yield from _memory(ground, models, languages, facts)
    yield Figure(
        f"all the store counts for one model / half self-join, {size}",
        done["ms in full"]["store"],
        "ms",
        reference=done["ms in full"]["join"],
    )
    yield Figure(
        f"the same read from the store's pair counts, {size}",
        done["ms pre-aggregated"],
        "ms",
        reference=done["ms in full"]["join"],
    )
    yield Figure(f"making them, once per version of the store: {models} models, {size}", done["ms all models"], "ms")
    yield from _large(ground)


def _large(ground: Ground) -> Iterator[Figure]:
    name = "pair matrix of one model, bit strings / half self-join, 100M"
    if ground.quick:
        return
    free = psutil.virtual_memory().available
    if free < _MOST_MEMORY:
        yield Figure(name, None, "ms", why_not=f"needs {_MOST_MEMORY >> 30} GB of free memory, {free >> 30} are there")
        return
    times = _child("matrix_child", 100, 50, 20_000, 5, 1)["ms"]
    yield Figure(name, times["bits"], "ms", reference=times["join"], at_most=200)


def _memory(ground: Ground, models: int, languages: int, facts: int) -> Iterator[Figure]:
    database = str(ground.folder / "answers.duckdb")
    make_answers(models=models, languages=languages, facts=facts, narrow=True, database=database).close()
    bits, join = (_child("matrix_memory", database, query, facts) for query in ("bits", "join"))
    yield Figure("memory that this query takes / the self-join takes", bits, "MB", reference=join, at_most=60)


def _child(module: str, *arguments: object) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{module}", *map(str, arguments)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def _millions(answers: int) -> str:
    return f"{answers // 1_000_000}M"
