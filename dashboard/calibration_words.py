"""What the Calibration page says of lab models and of measures, in sentences made from its figures."""

from collections.abc import Mapping

import pandas as pd

from dashboard import sentences
from engine.browse.queries import Row

MEASURES: Mapping[str, str] = {
    "ra": "RA",
    "overlap": "Overlap with other languages",
    "overlap_english": "Overlap with English (en-CO)",
    "above_chance": "Overlap above chance",
    "transfer": "Transfer into the language",
    "transfer_english": "Transfer from English (en-CO)",
    "same_option": "Same option in two languages (Cons_2)",
    "agreement": "Both right or both wrong",
}
_CLEAR = 0.05  # two rank correlations nearer than this say the same


def rho(value: float | None) -> str:
    """A rank correlation with its sign; a missing one as a dash."""
    return "–" if value is None or pd.isna(value) else f"{value:+.2f}".replace("-", "−")


def first_places(models: pd.DataFrame) -> str:
    """Which model RA puts first, and which one crossed most. `models`: engine/browse/calibration_models.sql."""
    known = models.dropna(subset=["crossed", "ra"])
    if known.empty:
        return "There is no control, or nothing that could have crossed, so what crossed is not known."
    by_truth = known.sort_values(["place", "own_name"]).iloc[0]
    by_ra = known.sort_values(["ra_place", "own_name"]).iloc[0]
    crossed = f"{sentences.percent(by_truth['crossed'])} (95 %: {bounds(by_truth, 'crossed')})"
    if by_ra["own_name"] == by_truth["own_name"]:
        return (
            f"RA puts {by_ra['own_name']} first ({sentences.percent(by_ra['ra'])}), and there most did cross: of what "
            f"it was taught in other languages only, it knows {crossed}."
        )
    return (
        f"RA puts {by_ra['own_name']} first ({sentences.percent(by_ra['ra'])}); in truth most crossed in "
        f"{by_truth['own_name']}: of what it was taught in other languages only, it knows {crossed}, "
        f"{by_ra['own_name']} {sentences.percent(by_ra['crossed'])}."
    )


def made_of(model: Row) -> str:
    """What the right answers of a model are made of. `model`: a row of engine/browse/calibration_models.sql."""
    if pd.isna(model["stored"]):
        return f"What the right answers of {model['own_name']} are made of is not known."
    return (
        f"{sentences.percent(model['stored'])} were taught in the language they are asked in, "
        f"{sentences.percent(model['crossed_share'])} crossed (95 %: {bounds(model, 'share')}), "
        f"{sentences.percent(model['guessed'])} are guesses; RA says {sentences.percent(model['ra'])}, the overlap "
        f"{sentences.percent(model['overlap'])}."
    )


def bounds(row: Row, name: str) -> str:
    """The interval of a figure, with the minus sign that its lower end may have; a dash where it is missing."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if pd.isna(low) or pd.isna(high):
        return "–"
    return f"{sentences.percent(low)} to {sentences.percent(high)}".replace("-", "−")


def measure(row: Row, *, names: Mapping[str, str], own_names: Mapping[str, str]) -> str:
    """Whether a measure follows what crossed or what was stored, and what it overrates most.

    `row`: of the metric measures_against_truth; `names`: of the languages; `own_names`: of the models by their labels.
    """
    true, stored = row["spearman"], row["spearman_taught"]
    if pd.isna(true):
        said = f"Too few figures to rank: n = {int(row['n'])}."
    elif pd.isna(stored) or abs(true - stored) < _CLEAR:
        said = f"As close to what crossed (ρ {rho(true)}) as to what was stored (ρ {rho(stored)})."
    elif stored > true:
        said = f"Fooled by storage: closer to what was stored (ρ {rho(stored)}) than to what crossed (ρ {rho(true)})."
    else:
        said = f"Closer to what crossed (ρ {rho(true)}) than to what was stored (ρ {rho(stored)})."
    if pd.isna(row["excess"]) or pd.isna(row["overrated"]) or row["excess"] <= 0:
        return said
    where = f" in {names.get(row['in_language'], row['in_language'])}" if pd.notna(row["in_language"]) else ""
    overrated = own_names.get(row["overrated"], row["overrated"])
    return f"{said} Overrates {overrated}{where} most, by {sentences.percent(row['excess'])} of all places."


def ranking(measures: pd.DataFrame, *, what: str) -> str:
    """How to read the rank correlations of measures. `what`: what is ranked."""
    if measures.empty:
        return "Nothing to rank: there is nowhere that both a measure and what crossed are known."
    counts = dict.fromkeys((int(measures["n"].min()), int(measures["n"].max())))
    return (
        f"How well each measure puts {what} in the right order (n = {' to '.join(str(n) for n in counts)}): 1 is the "
        "order of what crossed, all names counted. A measure of what crosses should not follow what was stored more "
        "closely. Overrated by a share of all places: so much further up than what crossed would put it. No intervals: "
        "the figures share models and facts."
    )
