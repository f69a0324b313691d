"""`python -m tests.bench [NAME ...] [--quick]`: measures, and prints a table. The exit status is 0 whatever it says."""

import argparse
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import importing, large, live, matrix, opening, rerun, scoring, starting, switching, views
from tests.bench.figure import TITLES, Figure, row
from tests.bench.ground import Ground
from tests.bench.process import load, machine

THEMES: dict[str, Callable[[Ground], Iterator[Figure]]] = {
    "matrix": matrix.measure,
    "views": views.measure,
    "open": opening.measure,
    "large": large.measure,
    "import": importing.measure,
    "rerun": rerun.measure,
    "switch": switching.measure,
    "start": starting.measure,
    "scoring": scoring.measure,
    "live": live.measure,
}


def main() -> None:
    """Measure what was asked for, line by line, and say in the end what missed its bar."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(THEMES)}; all without one")
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer rounds")
    options = parser.parse_args()
    if unknown := set(options.names) - set(THEMES):
        parser.error(f"no measurement is called {', '.join(sorted(unknown))}; there are {', '.join(THEMES)}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _report(options.names or list(THEMES), quick=options.quick)
    except KeyboardInterrupt:
        print("\nstopped")


def _report(names: list[str], *, quick: bool) -> None:
    print(machine())
    print(
        "Ratio: reference / measured, both from this run, taking turns. Times are medians unless they say otherwise.\n"
    )
    print(row(*TITLES), flush=True)
    missed: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="isogloss-bench-") as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = folder  # whatever a server that is ended leaves there goes as well
        ground = Ground(Path(folder), quick)
        for name in names:
            print(f"-- {name} ({load()})", flush=True)
            start = time.monotonic()
            for figure in THEMES[name](ground):
                print(figure.line(), flush=True)
                missed += [figure] if figure.missed else []
            print(f"   took {time.monotonic() - start:.0f} s", flush=True)
    print(f"\n{len(missed)} missed their bar{':' if missed else '.'}")
    for figure in missed:
        print(f"  {figure.name}")


if __name__ == "__main__":
    main()
