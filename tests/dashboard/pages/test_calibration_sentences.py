"""The sentences of the Calibration page, and of a part of the facts."""

import pandas as pd
import pytest

from dashboard.app_pages.calibration import sentences as words
from dashboard.choices.fact_subset import FactsPart
from dashboard.elements.sentences import bounds, first_places

MODELS = pd.DataFrame(
    {
        "own_name": ["switch", "mix"],
        "crossed": [0.56, 0.34],
        "crossed_low": [0.4, -0.02],
        "crossed_high": [0.7, 0.5],
        "ra": [0.7, 0.78],
        "overlap": [0.8, 0.85],
        "place": [1, 2],
        "ra_place": [2, 1],
        "stored": [0.6, 0.8],
        "crossed_share": [0.3, 0.05],
        "guessed": [0.1, 0.15],
        "share_low": [0.2, 0.0],
        "share_high": [0.4, 0.2],
    }
)


def test_ra_and_the_truth_put_different_models_first() -> None:
    assert first_places(MODELS) == (
        "RA puts mix first (78 %); in truth most crossed in switch: of what it was taught in other languages only, it "
        "knows 56 % (95 %: 40 % to 70 %), mix 34 %."
    )


def test_ra_and_the_truth_agree() -> None:
    assert first_places(MODELS.iloc[:1].assign(ra_place=1)) == (
        "RA puts switch first (70 %), and there most did cross: of what it was taught in other languages only, it "
        "knows 56 % (95 %: 40 % to 70 %)."
    )


@pytest.mark.parametrize("models", [MODELS.iloc[:0], MODELS.assign(crossed=None)])
def test_nothing_is_claimed_without_a_control(models: pd.DataFrame) -> None:
    assert first_places(models).endswith("so what crossed is not known.")


def test_made_of() -> None:
    assert words.made_of(MODELS.iloc[1]) == (
        "80 % were taught in the language they are asked in, 5 % crossed (95 %: 0 % to 20 %), 15 % are guesses; RA "
        "says 78 %, the overlap 85 %."
    )
    assert (
        words.made_of(MODELS.assign(stored=None).iloc[1]) == "What the right answers of mix are made of is not known."
    )


def test_bounds_below_zero_and_missing() -> None:
    assert bounds(MODELS.iloc[1], "crossed") == "−2 % to 50 %"
    assert bounds(MODELS.assign(crossed_low=None).iloc[1], "crossed") == "–"


@pytest.mark.parametrize(
    ("true", "stored", "said"),
    [
        (0.76, 0.91, "Fooled by storage: closer to what was stored (ρ +0.91) than to what crossed (ρ +0.76)."),
        (0.9, -0.2, "Closer to what crossed (ρ +0.90) than to what was stored (ρ −0.20)."),
        (0.8, 0.82, "As close to what crossed (ρ +0.80) as to what was stored (ρ +0.82)."),
        (0.8, None, "As close to what crossed (ρ +0.80) as to what was stored (ρ –)."),
        (None, None, "Too few figures to rank: n = 54."),
    ],
)
def test_a_measure_is_fooled_or_not(true: float | None, stored: float | None, said: str) -> None:
    row = pd.Series(
        {
            "n": 54,
            "spearman": true,
            "spearman_taught": stored,
            "excess": 0.57,
            "overrated": "mix:cloze",
            "in_language": "he",
        }
    )
    names = {"names": {"he": "עברית"}, "own_names": {"mix:cloze": "mix"}}
    assert words.measure(row, **names) == f"{said} Overrates mix in עברית most, by 57 % of all places."
    row["in_language"] = None
    assert words.measure(row, **names) == f"{said} Overrates mix most, by 57 % of all places."
    row["excess"], row["overrated"] = 0.0, None
    assert words.measure(row, **names) == said


def test_ranking_gives_n() -> None:
    assert "models in the right order (n = 54)" in words.ranking(pd.DataFrame({"n": [54, 54]}), what="models")
    assert "(n = 48 to 54)" in words.ranking(pd.DataFrame({"n": [54, 48]}), what="models")
    assert words.ranking(pd.DataFrame({"n": []}), what="models").startswith("Nothing to rank")


def test_a_part_says_itself_and_leaves_defaults_out_of_the_link() -> None:
    assert FactsPart().is_all and FactsPart().query == {} and FactsPart().of("world facts") == "world facts"
    part = FactsPart("neither", "different")
    assert part.query == {"taught": "neither", "strings": "different"}
    assert part.of("world facts") == (
        "world facts (taught elsewhere, in neither of the two languages, with names spelled otherwise than in English)"
    )
    assert FactsPart(taught="nowhere").words == "taught in no language"
