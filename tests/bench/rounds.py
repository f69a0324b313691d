"""Fair timing: things that are compared take turns, so that a busy machine slows all of them alike."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

Task = Callable[[int], object]  # gets the number of the round


def take_turns(tasks: Mapping[str, Task], *, rounds: int, warm_up: int = 1) -> dict[str, list[float]]:
    """Milliseconds of each task in each round; every other round goes backwards, warm-up rounds do not count."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(rounds + warm_up):
        for name in list(tasks)[:: 1 if number % 2 == 0 else -1]:
            start = time.perf_counter()
            tasks[name](number)
            if number >= warm_up:
                times[name].append(1000 * (time.perf_counter() - start))
    return times


def medians(times: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The median of every task."""
    return {name: statistics.median(values) for name, values in times.items()}


def p95(values: Sequence[float]) -> float:
    """The value that 95 % do not exceed, by linear interpolation."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]
