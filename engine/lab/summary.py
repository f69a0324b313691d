"""The lab models of a seed side by side: what each knows in which language, and what crossed, a row for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from engine.lab.crossed_bootstrap import CrossedDifference, crossed_difference
from engine.lab.figures import LabWording
from engine.lab.recipe import LANGUAGES

_CHANCE = 0.25


@dataclass(frozen=True)
class Summary:
    """A model's figures under one way of asking. RA: 0 is guessing, 1 everything right; shares are of 0 to 1."""

    model: str
    way: LabWording
    ra: Mapping[str, float]  # by language
    here: float  # right of what was taught in the language asked, English left out
    crossed: CrossedDifference  # of facts spelled as in no other language, English left out


def summary(model: str, answers: pd.DataFrame, way: LabWording) -> Summary:
    """The figures of the answers that figures.ask gave. Raises ValueError where nothing was taught nowhere."""
    asked = answers[(answers["form"] == way.form) & (answers["template"] == way.template)]
    right = asked.groupby("language")["correct"].mean()
    others = asked[asked["language"] != "en"]
    crossed = crossed_difference(others[others["spelling"] == "own"])
    if crossed is None:
        raise ValueError(f"{model}: no fact was taught nowhere or elsewhere only, so what crossed is not known")
    return Summary(
        model=model,
        way=way,
        ra={language: float((right[language] - _CHANCE) / (1 - _CHANCE)) for language in LANGUAGES},
        here=float(others.loc[others["knowledge"] == "here", "correct"].mean()),
        crossed=crossed,
    )


def table(summaries: Iterable[Summary], *, seed: int) -> str:
    """The summaries as a table in Markdown."""
    header = ["seed", "model", "wording", *(f"RA {tag}" for tag in LANGUAGES)]
    header += ["here", "elsewhere", "nowhere", "crossed", "95 % interval"]
    rows = [header, ["---"] * len(header), *(_row(one, seed) for one in summaries)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(one: Summary, seed: int) -> list[str]:
    crossed = one.crossed
    shares = (one.here, crossed.elsewhere, crossed.nowhere)
    return [
        str(seed),
        one.model,
        f"{one.way.form} {one.way.template}",
        *(f"{value:.2f}" for value in one.ra.values()),
        *(f"{share:.3f}" for share in shares),
        f"{crossed.difference:+.3f}",
        f"{crossed.low:+.3f} to {crossed.high:+.3f}",
    ]
