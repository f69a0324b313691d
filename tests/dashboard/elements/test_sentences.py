"""Sentences say what the figures say."""

import pandas as pd
import pytest

from dashboard.app_pages.fact import sentences as fact_sentences
from dashboard.app_pages.facts import sentences as facts_sentences
from dashboard.app_pages.overview import sentences as overview_sentences
from dashboard.app_pages.pairs import sentences as pairs_sentences
from dashboard.choices.fact_filter import FactsFilter
from dashboard.elements import figures
from dashboard.elements.sentences import merged_note, unmeasured

NAMES = {"fr": "Français", "he": "עברית"}


def test_pair_says_what_is_known_in_one_language_only() -> None:
    cell = pd.Series({"language_a": "fr", "language_b": "he", "n": 200, "n_only_a": 113, "n_only_b": 7})
    assert pairs_sentences.pair(cell, model="m", title="geography facts", names=NAMES) == (
        "m knows 113 of 200 geography facts in Français that it does not know in עברית, and 7 the other way round."
    )


def test_a_merged_option_says_how_it_was_scored() -> None:
    assert "log p(both) − log p(question)" in merged_note("plain@1+chat")
    assert "as lm-evaluation-harness cuts it" in merged_note("plain@1+byte+harness")


def test_overview_gives_n_and_both_levels() -> None:
    figures = pd.Series(
        {"n_models": 46, "n_facts": 200, "n_others": 9, "english": 0.7254, "others": 0.4906, "gap": 0.2348}
    )
    said = overview_sentences.overview(figures, title="geography facts")
    assert (
        "46 models" in said and "73 %" in said and "49 %" in said and "n = 200" in said and "9 other languages" in said
    )


def test_overview_without_english_claims_nothing_about_it() -> None:
    figures = pd.Series({"n_models": 2, "n_facts": 5, "n_others": 3, "english": None, "others": 0.5, "gap": None})
    assert overview_sentences.overview(figures, title="T") == "2 models on T, 5 facts in 3 languages."
    one = figures.replace({2: 1, 5: 1, 3: 1})
    assert overview_sentences.overview(one, title="T") == "1 model on T, 1 fact in 1 language."


def test_gap_names_the_two_ends() -> None:
    summary = pd.DataFrame(
        {"model": ["a", "b", "c"], "english": [0.9, 0.5, 0.7], "others": [0.4, 0.45, None], "gap": [0.5, 0.05, None]}
    )
    said = overview_sentences.gap(summary)
    assert said.startswith("a loses most outside English (90 % to 40 %), b least (50 % to 45 %)")
    assert overview_sentences.gap(summary.iloc[:1]) == ""  # one model has no ends


@pytest.mark.parametrize(
    ("value", "percent", "points"),
    [(0.5, "50 %", "+50 pts"), (-0.126, "-13 %", "−13 pts"), (0.0, "0 %", "+0 pts"), (float("nan"), "–", "–")],
)
def test_shares_and_differences(value: float, percent: str, points: str) -> None:
    assert figures.percent(value) == percent
    assert figures.points(value) == points


@pytest.mark.parametrize(
    ("right", "words"),
    [
        ([], "in none of 3 languages"),
        (["Polski"], "in Polski only"),
        (["Polski", "עברית"], "in 2 of 3 languages: Polski, עברית"),
    ],
)
def test_fact_counts_its_languages(right: list[str], words: str) -> None:
    assert words in fact_sentences.fact(model="m", right=right, n_languages=3)


def test_letters() -> None:
    assert figures.letters([0, 3]) == "A, D"
    assert figures.letters([]) == "–"
    assert figures.letters([30]) == "31"


def test_filter_says_itself_and_leaves_defaults_out_of_the_link() -> None:
    assert FactsFilter().query() == {} and FactsFilter().words(NAMES) == ""
    chosen = FactsFilter(text="Kairo", relation="capital", right=("fr",), wrong=("he",), known=(2, 5), sort="fewest")
    assert chosen.query() == {
        "q": "Kairo", "relation": "capital", "right": "fr", "wrong": "he", "known": "2-5", "sort": "fewest"
    }  # fmt: skip
    assert chosen.words(NAMES) == (
        "with “Kairo”, about capital, right in Français, wrong in עברית, right in 2 to 5 languages"
    )
    assert FactsFilter(known=(3, 3)).words(NAMES) == "right in 3 languages"


def test_found_counts_what_is_known_everywhere_and_nowhere() -> None:
    first = pd.Series({"n_facts": 1200, "n_measured": 1200, "n_complete": 1200, "n_everywhere": 24, "n_nowhere": 3})
    assert facts_sentences.found(first, model="m", words="about capital") == (
        "1,200 facts about capital; m knows 24 of them in every language and 3 in none."
    )
    assert facts_sentences.found(first, model="m", words="", has_answers=False) == "1,200 facts."


def test_what_was_not_measured_is_not_counted_as_known_or_unknown() -> None:
    some = pd.Series({"n_facts": 2, "n_measured": 2, "n_complete": 1, "n_everywhere": 0, "n_nowhere": 1})
    assert facts_sentences.found(some, model="m", words="") == (
        "2 facts; m was measured on 1 of them in every chosen language: it knows 0 in all of these, and 1 in none."
    )
    apart = pd.Series({"n_facts": 2, "n_measured": 2, "n_complete": 0, "n_everywhere": 0, "n_nowhere": 0})
    assert "measured on none of them in all of the chosen languages, so" in facts_sentences.found(
        apart, model="m", words=""
    )
    none = pd.Series({"n_facts": 2, "n_measured": 0, "n_complete": 0, "n_everywhere": 0, "n_nowhere": 0})
    assert "2 facts; m was measured on none of them" in facts_sentences.found(none, model="m", words="")
    assert "in none of the chosen languages" in fact_sentences.fact(model="m", right=[], n_languages=0)
    assert fact_sentences.fact(model="m", right=[], n_languages=1) == (
        "m answers this fact wrong in the one language in which it was measured."
    )
    assert "right in the one language" in fact_sentences.fact(model="m", right=["Hebrew"], n_languages=1)
    cell = pd.Series({"language_a": "fr", "language_b": "he", "n": 0, "n_only_a": 0, "n_only_b": 0})
    assert "nothing to compare" in pairs_sentences.pair(cell, model="m", title="facts", names=NAMES)
    assert overview_sentences.undrawn(pd.DataFrame({"x": [None, 1.0], "y": [0.5, None]})) == (
        "No model has both figures, so there is nothing to draw."
    )
    assert (figures.number(None), figures.number(float("nan")), figures.number(1200)) == ("–", "–", "1,200")
    assert "Choose among English, Hebrew." in unmeasured("m", "facts", ["English", "Hebrew"])
    assert "each of its answers failed" in unmeasured("m", "facts", [])
