"""Laws of the metrics, and a plain numpy reference, on random tables."""

import tempfile
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.database.compute import compute
from tests.support.tables import model_store

pytestmark = pytest.mark.slow

LANGUAGES = ("ar", "de", "en", "he")
SIGNS = "ABCD?! "


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A gold string and what a model said in four languages; unreadable, unmeasured and absent answers among them."""
    n = draw(st.integers(2, 12))
    gold = draw(st.text("ABCD", min_size=n, max_size=n))
    said = {language: draw(st.text(SIGNS, min_size=n, max_size=n)) for language in LANGUAGES}
    return gold, said


class Reference:
    """The measures from their definitions, one fact at a time."""

    def __init__(self, gold: str, said: dict[str, str]) -> None:
        self.gold = np.array(list(gold))
        self.said = {language: np.array(list(signs)) for language, signs in said.items()}

    def scored(self, language: str) -> np.ndarray:
        return ~np.isin(self.said[language], ["!", " "])

    def right(self, language: str) -> np.ndarray:
        return np.asarray(self.said[language] == self.gold)

    def overlap(self, a: str, b: str) -> tuple[float | None, float | None]:
        inside = self.scored(a) & self.scored(b)
        right_a, right_b = self.right(a) & inside, self.right(b) & inside
        if not (right_a | right_b).any():
            return None, None
        groups = [inside & (self.gold == letter) for letter in "ABCD"]
        both = sum((right_a & g).sum() * (right_b & g).sum() / g.sum() for g in groups if g.any())
        return (right_a & right_b).sum() / (right_a | right_b).sum(), both / (right_a.sum() + right_b.sum() - both)

    def consistency(self, k: int) -> float | None:
        languages = [language for language in self.said if self.scored(language).any()]
        inside = np.logical_and.reduce([self.scored(language) for language in languages]) if languages else []
        if len(languages) < k or not np.any(inside):
            return None
        same = [
            np.mean([len({str(self.said[x][i]) for x in subset}) == 1 and self.said[subset[0]][i] != "?"
                     for i in np.flatnonzero(inside)])
            for subset in combinations(languages, k)
        ]  # fmt: skip
        return float(np.mean(same))


@settings(max_examples=40, deadline=None)
@given(tables())
def test_metrics_equal_their_definitions(table: tuple[str, dict[str, str]]) -> None:
    gold, said = table
    reference = Reference(gold, said)
    with tempfile.TemporaryDirectory() as folder:
        store = model_store(Path(folder), gold, said)
        overlap = compute(store, "overlap").set_index(["language_a", "language_b"])
        consistency = compute(store, "consistency").set_index("k")["consistency"]
        accuracy = compute(store, "accuracy").set_index("language")
        store.close()
    for language in LANGUAGES:
        scored = reference.scored(language)
        if scored.any():
            assert accuracy.loc[language, "accuracy"] == reference.right(language)[scored].mean()
        elif language in accuracy.index:
            assert np.isnan(accuracy["accuracy"][language])
    for a, b in combinations(LANGUAGES, 2):
        expected = reference.overlap(a, b)
        got = tuple(overlap.loc[(a, b), ["overlap", "expected"]]) if (a, b) in overlap.index else (np.nan, np.nan)
        for number, wanted in zip(got, expected, strict=True):
            assert np.isnan(number) if wanted is None else number == pytest.approx(wanted, abs=1e-12)
    for k in range(2, len(LANGUAGES) + 1):
        wanted = reference.consistency(k)
        if wanted is None:
            assert k not in consistency.index
        else:
            assert consistency.loc[k] == pytest.approx(wanted, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(tables())
def test_laws(table: tuple[str, dict[str, str]]) -> None:
    gold, said = table
    assume(said["en"].strip() and said["de"].strip())  # a pivot needs figures
    said = said | {"it": said["en"]}  # a language that answers exactly as English does
    with tempfile.TemporaryDirectory() as folder:
        store = model_store(Path(folder), gold, said)
        overlap, transfer = compute(store, "overlap", interval=True), compute(store, "transfer")
        english, german = compute(store, "en_co"), compute(store, "en_co", pivot="de")
        store.close()
    measured = overlap.dropna(subset=["overlap"])
    # bounds, and the interval holds the figure
    assert measured["overlap"].between(0, 1).all() and measured["expected"].between(0, 1).all()
    assert (measured["ci_low"] <= measured["overlap"] + 1e-12).all()
    assert (measured["overlap"] <= measured["ci_high"] + 1e-12).all()
    # identity: the same answers overlap wholly, and transfer wholly
    twin = measured[(measured["language_a"] == "en") & (measured["language_b"] == "it")]
    assert (twin["overlap"] == 1).all()
    twin = transfer[(transfer["language_a"] == "en") & (transfer["language_b"] == "it")].dropna()
    assert (twin["transfer"] == 1).all()
    # symmetry: English seen from German is German seen from English
    ways = english[english["language"] == "de"]["jaccard"], german[german["language"] == "en"]["jaccard"]
    if all(len(way) for way in ways):
        assert ways[0].item() == pytest.approx(ways[1].item(), nan_ok=True)
    # overlap never exceeds transfer in either direction
    both = transfer.dropna(subset=["transfer"]).merge(measured, on=["language_a", "language_b"])
    assert (both["overlap"] <= both["transfer"] + 1e-12).all()


def test_consistency_of_uniform_guessing() -> None:
    """Every combination of 4 options in 3 languages once: Cons_k = 4^(1-k)."""
    words = [(a, b, c) for a in "ABCD" for b in "ABCD" for c in "ABCD"]
    said = {language: "".join(word[i] for word in words) for i, language in enumerate(("en", "de", "he"))}
    with tempfile.TemporaryDirectory() as folder:
        store = model_store(Path(folder), "A" * len(words), said)
        figures = compute(store, "consistency").set_index("k")["consistency"]
        store.close()
    assert figures[2] == pytest.approx(1 / 4)
    assert figures[3] == pytest.approx(1 / 16)
