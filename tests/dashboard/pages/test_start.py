"""The Start page's sentences, from figures worked out by hand."""

import pandas as pd
import pytest

from dashboard.app_pages.start.sentences import group_title, group_words, headline, telling_fact


def cells(*rows: tuple[str, float | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"language": tag, "n": 200, "accuracy": share, "accuracy_low": 0.1, "accuracy_high": 0.9}
            for tag, share in rows
        ]
    )


def test_the_headline_is_the_best_and_the_worst_language() -> None:
    found = headline(cells(("de", 0.5), ("en", 0.774), ("he", 0.366), ("zh", None)))
    assert found is not None
    assert found.pair == ("en", "he")
    said = found.as_html(model="<b>m</b>", title="world facts")
    assert "Of 200 world facts, the model <span>&lt;b&gt;m&lt;/b&gt;</span> knows" in said
    assert '<strong title="n = 200 facts; 95 % interval 10–90 %">77 %</strong> in English' in said
    assert found.small_print(n_languages=3, chance=0.25) == (
        "The same facts were asked in 3 languages. 95 % intervals: 10–90 % and 10–90 %. Guessing gives 25 %."
    )
    assert "Guessing" not in found.small_print(n_languages=3, chance=float("nan"))


def test_languages_that_know_as_much_stand_by_their_tags() -> None:
    found = headline(cells(("he", 0.5), ("de", 0.5), ("en", 0.5)))
    assert found is not None and found.pair == ("de", "he")


@pytest.mark.parametrize("rows", [[("en", 0.5)], [("en", 0.5), ("de", None)]])
def test_of_one_language_there_is_no_headline(rows: list[tuple[str, float | None]]) -> None:
    assert headline(cells(*rows)) is None


def test_a_telling_fact_is_cut_where_it_is_long() -> None:
    assert telling_fact("Is it?", model="m", right=1, measured=3) == "Is it? m is right in 1 of 3 languages."
    assert len(telling_fact("word " * 200_000, model="m", right=1, measured=3)) < 160


def test_what_is_known_of_published_models_is_said() -> None:
    assert group_title("published", 46) == "46 models of a published study"
    assert "which facts these are is not known here" in group_words("published", n_models=46, n_answered=0)
    assert "16 of the 46 models" in group_words("published", n_models=46, n_answered=16)
