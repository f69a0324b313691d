"""A store of a million facts in two languages: opened by a process of its own, beside pandas with the same figures."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from engine.database.compute import compute
from engine.database.database import open_database
from engine.store.write import TableFile, write_files
from tests.bench.figure import Figure
from tests.bench.ground import Ground
from tests.bench.process import run_to_end
from tests.engine.database.test_missing import many

_FACTS, _QUICK = 1_000_000, 100_000


def measure(ground: Ground) -> Iterator[Figure]:
    """From the files to accuracy and overlap: seconds, and the most memory, start of Python included."""
    facts = _QUICK if ground.quick else _FACTS
    folder = ground.folder / "large"
    write_files(folder, [TableFile(name, "big", rows) for name, rows in many(facts).items()])
    ours, theirs = (run_to_end(["-m", "tests.bench.large", how, str(folder)]) for how in ("store", "pandas"))
    name = f"{facts:,} facts x 2 languages"
    yield Figure(f"{name}: opened, accuracy and overlap / pandas", ours[0], "s", reference=theirs[0])
    yield Figure(f"{name}: memory / pandas", ours[1], "MB", reference=theirs[1])


def _by_store(folder: Path) -> tuple[float, float]:
    store = open_database([folder])
    assert store.problems == (), store.problems
    return float(compute(store, "accuracy")["accuracy"].mean()), float(compute(store, "overlap")["overlap"].iloc[0])


def _by_pandas(folder: Path) -> tuple[float, float]:
    (file,) = (folder / "results").glob("*.parquet")
    (texts,) = (folder / "facts").glob("*.parquet")
    known = pd.read_parquet(texts).groupby("fact_id")["question"].count()  # a store reads the texts as well
    right = pd.read_parquet(file).pivot(index="fact_id", columns="language", values="correct").astype(bool)
    assert len(known) == len(right)
    return float(right.mean().mean()), float((right["de"] & right["en"]).sum() / (right["de"] | right["en"]).sum())


if __name__ == "__main__":
    found = {"store": _by_store, "pandas": _by_pandas}[sys.argv[1]](Path(sys.argv[2]))
    # of ten facts seven are right in English, five in German, four in both: .6 on average, 4 of 8
    assert abs(found[0] - 0.6) < 1e-9 and abs(found[1] - 0.5) < 1e-9, found
