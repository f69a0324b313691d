"""What truly crossed, computed a second time: the independent check of the measure `crossed`.

engine/metrics/crossed.sql counts bits in SQL, language by language, takes guessing away, and has a formula for the
interval. Here the answers themselves are counted, over all languages but English at once; the interval is a bootstrap
over facts. For both, a fact is taught elsewhere if it is in other languages only, and nowhere if it is in none. Of one
language they give the same accuracies and counts, and crossed = difference / (1 - nowhere).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

_RESAMPLES = 2000
_LEVEL = (2.5, 97.5)


@dataclass(frozen=True)
class CrossedDifference:
    """Accuracies between 0 and 1, how many answers stand behind them, and the interval of their difference (95 %)."""

    elsewhere: float
    n_elsewhere: int
    nowhere: float
    n_nowhere: int
    low: float
    high: float

    @property
    def difference(self) -> float:
        """How much better facts are answered that were taught in other languages than facts taught in none."""
        return self.elsewhere - self.nowhere


def crossed_difference(answers: pd.DataFrame, *, seed: int = 0) -> CrossedDifference | None:
    """What crossed in answers of one way of asking (see figures.ask), English left out; None: a group is empty.

    The interval is a bootstrap over facts, since the answers to one fact in nine languages are not nine draws.
    """
    others = answers[answers["language"] != "en"]
    groups = [_by_fact(others[others["knowledge"] == knowledge]) for knowledge in ("elsewhere", "nowhere")]
    if not all(len(group) for group in groups):
        return None
    chance = np.random.default_rng(seed)
    resampled = [_resampled(group, chance) for group in groups]
    low, high = np.percentile(resampled[0] - resampled[1], _LEVEL)
    (right, n), (right_nowhere, n_nowhere) = (group.sum(axis=0) for group in groups)
    return CrossedDifference(
        elsewhere=float(right / n),
        n_elsewhere=int(n),
        nowhere=float(right_nowhere / n_nowhere),
        n_nowhere=int(n_nowhere),
        low=float(low),
        high=float(high),
    )


def _by_fact(answers: pd.DataFrame) -> np.ndarray:
    """Right answers and answers of each fact, shape (facts, 2)."""
    counted = answers.groupby("fact_id")["correct"].agg(["sum", "count"])
    return counted.to_numpy(dtype=np.int64)


def _resampled(group: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """The accuracy in each of `_RESAMPLES` draws of as many facts, with replacement."""
    sums = group[chance.integers(len(group), size=(_RESAMPLES, len(group)))].sum(axis=1)
    return np.asarray(sums[:, 0] / sums[:, 1])
