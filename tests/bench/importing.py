"""`engine import clika`, as a user runs it: seconds and memory, of the part and of as much as the whole release."""

import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from engine.importers.clika.release import find_release
from engine.store.manifest import read_manifest
from tests.bench.figure import Figure
from tests.bench.ground import NO_RELEASE, WHOLE_RELEASE, Ground
from tests.bench.process import run_to_end

_WHOLE = f"{WHOLE_RELEASE:,} answers"


def measure(ground: Ground) -> Iterator[Figure]:
    """The import against reading the same files with json alone; files are in the disk's cache."""
    if not ground.release:
        yield Figure(f"import of {_WHOLE}", None, "s", why_not=NO_RELEASE)
        return
    seconds, memory, reading = [], [], []
    n_rows = 0
    _read_json(ground.release)
    for number in range(1 if ground.quick else 3):
        taken, peak, n_rows = _import(ground.release, ground.folder / f"import-{number}")
        seconds.append(taken)
        memory.append(peak)
        reading.append(_read_json(ground.release))
    took = statistics.median(seconds)
    yield Figure(f"import of {n_rows:,} answers / reading them as JSON", took, "s", statistics.median(reading))
    yield Figure("  answers a second, start of the program included", n_rows / took, "rows/s")
    yield Figure("  memory at its peak", max(memory), "MB", at_most=1024)
    yield Figure(f"  at this speed {_WHOLE}", took * WHOLE_RELEASE / n_rows, "s", at_most=60)
    if not ground.quick:
        taken, peak, n_rows = _import(ground.whole_release, ground.folder / "import-whole")
        yield Figure(f"import of {n_rows:,} answers (the part under 46 models' names)", taken, "s", at_most=60)
        yield Figure("  memory at its peak", peak, "MB", at_most=1024)


def _import(release: Path, store: Path) -> tuple[float, float, int]:
    """Seconds, peak MB and answers of an import into a new store."""
    seconds, peak = run_to_end(["-m", "engine", "import", "clika", str(release), "--store", str(store)])
    return seconds, peak, sum(entry.rows for entry in read_manifest(store) if entry.table == "results")


def _read_json(release: Path) -> float:
    start = time.perf_counter()
    for file in find_release(release).results:
        with file.path.open(encoding="utf-8") as lines:
            for line in lines:
                json.loads(line)
    return time.perf_counter() - start
