"""Opening a store: what the server does before it answers, and again when results arrive."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.database.database import open_database
from engine.locations import EMBEDDED
from engine.store.manifest import read_manifest
from tests.bench.figure import Figure
from tests.bench.ground import NO_RELEASE, Ground
from tests.bench.rounds import Task, medians, take_turns


def measure(ground: Ground) -> Iterator[Figure]:
    """Files, checksums, bit strings and pair counts, until the first query can run."""
    stores: dict[str, Sequence[Path]] = {"the embedded store": [EMBEDDED]}
    if ground.release:
        stores[f"embedded + {_size(ground.imported)}"] = [EMBEDDED, ground.imported]

    def opening(folders: Sequence[Path]) -> Task:
        return lambda _: open_database(folders).close()

    tasks = {name: opening(folders) for name, folders in stores.items()}
    for name, ms in medians(take_turns(tasks, rounds=3 if ground.quick else 7)).items():
        yield Figure(f"open_database: {name}", ms, "ms")
    if not ground.release:
        yield Figure("open_database: embedded + imported", None, "ms", why_not=NO_RELEASE)


def _size(store: Path) -> str:
    rows = {entry.table: entry.rows for entry in read_manifest(store)}
    return f"{rows['results']:,} answers, {rows['facts']:,} texts"
