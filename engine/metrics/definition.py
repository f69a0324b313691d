"""The list of measures: the folder is the list, and other packages may add to it.

A package adds measures by an entry point of the group `isogloss.metrics`, whose value is a package that holds SQL files
like those beside this module.
"""

from collections.abc import Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from heapq import heapify, heappop, heappush
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import get_args

from engine.errors import IsoglossError
from engine.metrics.metric import FaultyMetric, Level, Metric, parse_metric

GROUP = "isogloss.metrics"
OWN = "Isogloss"  # whose measures those beside this module are
# The table of all measures of pairs, made after the last of them (engine/database/pairs.py); others build on it.
MEASURED_PAIRS = "measured_pairs"
_LEVELS = get_args(Level)


@cache
def metrics() -> Mapping[str, Metric]:
    """Every metric by its name, each after those it builds on.

    Raises IsoglossError for a metric that cannot be used, or a package of metrics that cannot be read, and names it.
    """
    return definitions({_name(point): _folder(point) for point in entry_points(group=GROUP)})


def definitions(extra: Mapping[str, Traversable] = MappingProxyType({})) -> Mapping[str, Metric]:
    """The metrics of this folder and of others, `extra`, by whose they are; each metric after those it builds on.

    Raises FaultyMetric for a header that lacks something or says what cannot be, for a name that stands twice, for an
    unknown base and for metrics that build on each other in a circle.
    """
    found: dict[str, Metric] = {}
    for origin, folder in {OWN: files("engine.metrics"), **extra}.items():
        for file in folder.iterdir():
            name = file.name.removesuffix(".sql")
            if name == file.name:
                continue
            if name in found:
                raise FaultyMetric(name, origin, f"there is one of {found[name].origin} by this name; rename the file")
            found[name] = parse_metric(name, file.read_text(encoding="utf-8"), origin=origin)
    return MappingProxyType({name: found[name] for name in _in_order(found)})


def pair_measures() -> Mapping[str, Metric]:
    """The metrics that give every pair of languages a figure, by name."""
    return {name: metric for name, metric in metrics().items() if metric.shape == "pair"}


def _in_order(found: Mapping[str, Metric]) -> list[str]:
    """The names, each after those it builds on; where these leave a choice by level, then in alphabetical order."""
    for metric in found.values():
        if unknown := [base for base in metric.builds_on if base not in (*found, MEASURED_PAIRS)]:
            reason = f"builds on {unknown[0]!r}, which is no metric; there are: {', '.join(sorted(found))}"
            raise FaultyMetric(metric.name, metric.origin, reason)
    sorter = TopologicalSorter({name: metric.builds_on for name, metric in found.items()})
    sorter.add(MEASURED_PAIRS, *(name for name, metric in found.items() if metric.shape == "pair"))
    try:
        sorter.prepare()
    except CycleError as error:
        circle = [name for name in error.args[1] if name in found]
        raise FaultyMetric(
            circle[0], found[circle[0]].origin, f"builds on itself, by way of {', '.join(circle[1:-1]) or 'nothing'}"
        ) from error

    def place(name: str) -> tuple[int, str]:
        return (_LEVELS.index(found[name].level) if name in found else 0, name)

    order: list[str] = []
    ready = [place(name) for name in sorter.get_ready()]
    heapify(ready)
    while ready:
        _, name = heappop(ready)
        order.append(name)
        sorter.done(name)
        for freed in sorter.get_ready():
            heappush(ready, place(freed))
    return [name for name in order if name in found]


def _name(point: EntryPoint) -> str:
    return f"{point.name} of {point.dist.name}" if point.dist else point.name


def _folder(point: EntryPoint) -> Traversable:
    """The folder of SQL files that an entry point names."""
    try:
        return files(point.value)
    except (ImportError, TypeError) as error:
        raise IsoglossError(
            f"metrics {_name(point)}: {point.value} is no package that can be imported ({error}); mend or uninstall "
            "the package that names it"
        ) from error
