"""What the Calibration page says of lab models and of measures, in sentences made from its figures."""

from collections.abc import Mapping

import pandas as pd

from dashboard.elements import figures
from dashboard.elements.sentences import bounds
from engine.browse.queries import Row
from engine.metrics.definition import pair_measures

# In words where they say more than the measure's title: of pairs a mean is ranked, over those of a language.
_WORDS: Mapping[str, str] = {
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


def measure_names() -> Mapping[str, str]:
    """What each measure is called that the metric measured_and_crossed can name."""
    titles = {name: metric.title for name, metric in pair_measures().items()}
    return {**titles, **{f"{name}_english": f"{title}, with English" for name, title in titles.items()}, **_WORDS}


def rho(value: float | None) -> str:
    """A rank correlation with its sign; a missing one as a dash."""
    return "–" if value is None or pd.isna(value) else f"{value:+.2f}".replace("-", "−")


def made_of(model: Row) -> str:
    """What the right answers of a model are made of. `model`: a row of engine/browse/calibration_models.sql."""
    if pd.isna(model["stored"]):
        return f"What the right answers of {model['own_name']} are made of is not known."
    return (
        f"{figures.percent(model['stored'])} were taught in the language they are asked in, "
        f"{figures.percent(model['crossed_share'])} crossed (95 %: {bounds(model, 'share')}), "
        f"{figures.percent(model['guessed'])} are guesses; RA says {figures.percent(model['ra'])}, the overlap "
        f"{figures.percent(model['overlap'])}."
    )


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
    return f"{said} Overrates {overrated}{where} most, by {figures.percent(row['excess'])} of all places."


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
