"""Imports of several harnesses, and published counts: which way of asking each is, and what it is called."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.browse.queries import browse
from engine.database.compute import compute
from tests.support.asked_ways import BY_CLOZE, BY_LETTER, LANGUAGES, Open, Rows, asked, opened_stores, right
from tests.support.tables import run_rows


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """A store of these answers and runs, to facts in three languages."""
    with opened_stores(tmp_path) as make:
        yield make


def imported(harness: str | None, run: str, probe: str | None = None) -> Rows:
    return run_rows("m", run, source="import", probe=probe, harness=harness)


def test_two_harnesses_of_which_one_says_how_it_asked(opened: Open) -> None:
    """The way that is not known keeps the model's own name; no answer of one harness fills up the other's."""
    known = {language: BY_CLOZE[language] for language in ("de", "en")}
    results = [*asked(BY_LETTER, "a", None, None), *asked(known, "b", "letter", "mmlu")]
    store = opened(results, [*imported("CLiKA", "a"), *imported("lm-eval 0.4.13", "b", "letter")])
    assert store.problems == ()
    assert store.names("model") == ("m", "m:lm-eval 0.4.13:letter:mmlu")
    assert right(store, "m") == {"de": 3, "en": 4, "he": 2}
    assert right(store, "m:lm-eval 0.4.13:letter:mmlu") == {"de": 0, "en": 1}
    listed = browse(store, "catalogue").set_index("model")
    assert list(listed.loc["m", ["probe", "harness"]].astype(object).fillna("")) == ["", "CLiKA"]
    assert len(compute(store, "overlap", models=["m"])) == 3 and len(compute(store, "overlap")) == 4  # pairs of 3, of 2
    said = browse(store, "fact", dataset="d", fact="0", model="m")
    assert set(said["predicted"]) == {0}


def test_two_harnesses_that_do_not_say_how_they_asked_are_two_ways(opened: Open) -> None:
    results = [*asked(BY_LETTER, "a", None, None), *asked({"en": "BBBB"}, "b", None, None)]
    store = opened(results, [*imported("CLiKA", "a"), *imported("other", "b")])
    assert store.problems == ()
    assert right(store, "m:CLiKA") == {"de": 3, "en": 4, "he": 2}
    assert right(store, "m:other") == {"en": 1}


@pytest.mark.slow
def test_the_same_wording_by_two_harnesses_is_two_ways_and_no_comparison_of_wordings(opened: Open) -> None:
    results = [*asked(BY_LETTER, "a", "letter", "mmlu"), *asked(BY_CLOZE, "b", "letter", "mmlu")]
    store = opened(results, [*imported("one", "a", "letter"), *imported(None, "b", "letter")])
    assert store.names("model") == ("m:letter:mmlu", "m:one:letter:mmlu")
    assert right(store, "m:one:letter:mmlu") == {"de": 3, "en": 4, "he": 2}
    assert right(store, "m:letter:mmlu") == {"de": 0, "en": 1, "he": 1}


@pytest.mark.slow
def test_wordings_of_a_probe_that_is_not_known_are_not_compared(opened: Open) -> None:
    results = [*asked(BY_LETTER, "a", None, "one"), *asked(BY_CLOZE, "b", None, "two")]
    store = opened(results, [*imported("h", "a"), *imported("h", "b")])
    assert store.names("model") == ("m:h:one", "m:h:two")
    assert compute(store, "wording_overlap").empty


@pytest.mark.slow
@pytest.mark.parametrize(
    ("harness", "names"), [("paper", ("m",)), (None, ("m",)), ("pap", ("m", "m:pap")), ("CLiKA", ("m", "m:CLiKA"))]
)
def test_published_counts_belong_to_the_harness_that_their_source_names(
    opened: Open, harness: str | None, names: tuple[str, ...]
) -> None:
    counts = {"source": "paper release", "model": "m", "dataset": "e", "n": 10, "gold_option": 0, "n_unparsed": 0}
    published = [counts | {"language": language, "n_correct": n} for language, n in zip(LANGUAGES, (1, 2, 3))]  # noqa: B905
    store = opened(asked(BY_LETTER, "a", None, None), imported(harness, "a"), published_accuracy=published)
    assert store.names("model") == names
    assert right(store, "m", "e") == {"de": 1, "en": 2, "he": 3}
    assert right(store, names[-1]) == {"de": 3, "en": 4, "he": 2}
