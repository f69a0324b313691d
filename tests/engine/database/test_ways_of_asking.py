"""Ways of asking: what each is called, that no figure mixes two of them, and that weights are never mixed."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.browse.queries import browse
from engine.cli import main
from engine.database.check import check_store
from engine.database.compute import compute
from engine.database.database import Database
from engine.database.ways_of_asking import WayOfAsking, asking_labels
from engine.errors import IsoglossError
from engine.metrics.definition import metrics
from tests.support.asked_ways import BY_CLOZE, BY_LETTER, GOLD, LANGUAGES, Open, asked, opened_stores, right
from tests.support.tables import fact_rows, make_store, result_rows, run_rows


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """A store of these answers and runs, to facts in three languages."""
    with opened_stores(tmp_path) as make:
        yield make


def day(number: int) -> datetime.datetime:
    return datetime.datetime(2026, 1, number, tzinfo=datetime.UTC)


@pytest.fixture
def mixed(opened: Open) -> Database:
    """One model asked by letter in three languages, later by cloze in two of them, and imported on another dataset."""
    cloze = {language: BY_CLOZE[language] for language in ("en", "de")}
    results = [
        *asked(BY_LETTER, "first", "letter", "plain@1"),
        *asked(cloze, "second", "cloze", "plain@1"),
        *asked(BY_LETTER, "third", None, None, "e"),
    ]
    runs = [*run_rows("m", "first", finished=day(1)), *run_rows("m", "second", finished=day(2), probe="cloze")]
    return opened(
        results, [*runs, *run_rows("m", "third", source="import", probe=None)], models=[{"model": "m", "family": "F"}]
    )


def test_two_probes_of_one_model_never_stand_in_one_heatmap(mixed: Database) -> None:
    assert mixed.problems == ()
    assert mixed.names("model") == ("m", "m:cloze:plain@1", "m:letter:plain@1")
    assert right(mixed, "m:letter:plain@1") == {"de": 3, "en": 4, "he": 2}
    assert right(mixed, "m:cloze:plain@1") == {"de": 0, "en": 1}  # no Hebrew from the letter probe
    cells = {model: browse(mixed, "pair_cells", model=model, dataset="d") for model in mixed.names("model")}
    # three languages make 9 cells, two make 4; on d there is nothing imported
    assert {model: len(rows) for model, rows in cells.items()} == {
        "m": 0, "m:cloze:plain@1": 4, "m:letter:plain@1": 9,
    }  # fmt: skip
    letter = cells["m:letter:plain@1"].set_index(["language_a", "language_b"])
    # right by letter: de 0 1 2, he 0 1
    assert tuple(letter.loc[("de", "he"), ["n_both", "n_only_a", "n_only_b"]]) == (2, 1, 0)


def test_what_is_listed_says_how_it_was_asked(mixed: Database) -> None:
    listed = browse(mixed, "catalogue").set_index(["dataset", "model"])
    assert listed[["own_name", "probe", "template"]].astype(object).fillna("").T.to_dict("list") == {
        ("d", "m:cloze:plain@1"): ["m", "cloze", "plain@1"],
        ("d", "m:letter:plain@1"): ["m", "letter", "plain@1"],
        ("e", "m"): ["m", "", ""],
    }
    # the family is the model's, whatever the way of asking; cloze was asked last
    assert set(listed["family"]) == {"F"}
    assert listed["is_latest"].to_dict() == {
        ("d", "m:cloze:plain@1"): True, ("d", "m:letter:plain@1"): False, ("e", "m"): True,
    }  # fmt: skip
    summary = browse(mixed, "model_summary", dataset="d", languages=LANGUAGES, models=None).set_index("model")
    assert summary["family"].to_dict() == {"m:cloze:plain@1": "F", "m:letter:plain@1": "F"}
    said = browse(mixed, "fact", dataset="d", fact="0", model="m:letter:plain@1")
    assert set(said["probe"]) == {"letter"} and set(said["template"]) == {"plain@1"}


def test_published_counts_were_asked_by_somebody_else(opened: Open) -> None:
    counts = {"source": "paper", "model": "m", "dataset": "e", "n": 10, "gold_option": 0, "n_unparsed": 0}
    published = [counts | {"language": language, "n_correct": n} for language, n in zip(LANGUAGES, (1, 2, 3))]  # noqa: B905
    store = opened(asked(BY_LETTER, "r", "letter", "plain@1"), run_rows("m", "r"), published_accuracy=published)
    assert right(store, "m", "e") == {"de": 1, "en": 2, "he": 3}
    assert right(store, "m:letter:plain@1") == {"de": 3, "en": 4, "he": 2}
    listed = browse(store, "catalogue").set_index("model")
    assert listed.loc["m", ["probe", "template"]].isna().all() and listed.loc["m", "own_name"] == "m"


def test_a_model_asked_in_one_way_goes_by_its_own_name(opened: Open) -> None:
    results = [*asked(BY_LETTER, "r", "letter", "plain@1"), *asked(BY_CLOZE, "r", "letter", "plain@1", "e")]
    store = opened(results, run_rows("m", "r"))
    assert store.names("model") == ("m",)
    assert right(store, "m") == {"de": 3, "en": 4, "he": 2}
    assert right(store, "m", "e") == {"de": 0, "en": 1, "he": 1}


def test_two_wordings_in_one_run_are_two_ways(opened: Open) -> None:
    results = [*asked(BY_LETTER, "r", "letter", "plain@1"), *asked(BY_CLOZE, "r", "letter", "exam@1")]
    store = opened(results, run_rows("m", "r"))
    assert store.problems == ()
    assert right(store, "m:letter:plain@1") == {"de": 3, "en": 4, "he": 2}
    assert right(store, "m:letter:exam@1") == {"de": 0, "en": 1, "he": 1}


@pytest.mark.slow
def test_a_label_stands_for_itself_and_an_own_name_for_all_its_ways(
    opened: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    results = [*asked(BY_LETTER, "a", "letter", "plain@1"), *asked(BY_CLOZE, "b", "cloze", "plain@1")]
    store = opened([*results, *result_rows("o", "d", GOLD, BY_LETTER)], run_rows("m", "a"))
    assert store.labels("m") == ("m:cloze:plain@1", "m:letter:plain@1")
    assert store.labels("m:cloze:plain@1") == ("m:cloze:plain@1",)
    assert store.labels("nobody") == ()
    rows = compute(store, "accuracy", models=["m"])
    assert rows.groupby("model")["correct"].sum().to_dict() == {"m:cloze:plain@1": 2, "m:letter:plain@1": 9}
    for name in metrics():  # metrics with parameters filter in another place
        found = compute(store, name, models=["m"])
        # a metric over models may name one of them, and may name none
        named = next((found[column].dropna() for column in ("model", "overrated") if column in found), ())
        assert set(named) <= {"m", "m:cloze:plain@1", "m:letter:plain@1"}, name
    with pytest.raises(IsoglossError, match="there are: m:cloze:plain@1, m:letter:plain@1, o"):
        compute(store, "accuracy", models=["nobody"])


def test_an_imported_model_is_not_mixed_with_its_probes_when_named(mixed: Database) -> None:
    assert mixed.labels("m") == ("m",)
    assert set(compute(mixed, "accuracy", models=["m"])["dataset"]) == {"e"}


@pytest.mark.slow
def test_the_command_line_takes_an_own_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = [*asked(BY_LETTER, "a", "letter", "plain@1"), *asked(BY_CLOZE, "b", "cloze", "plain@1")]
    make_store(tmp_path, facts=fact_rows("d", GOLD, LANGUAGES), results=results, runs=run_rows("m", "a")).close()
    with pytest.raises(SystemExit) as ended:
        main(["metric", "accuracy", "--store", str(tmp_path), "--no-embedded", "--model", "m", "--format", "csv"])
    assert not ended.value.code
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["m:cloze:plain@1"] * 3 + ["m:letter:plain@1"] * 3


ways = st.builds(
    WayOfAsking,
    st.sampled_from(["m", "m:letter", "m:letter:p@1", "o"]),
    st.sampled_from(["letter", "cloze", None]),
    st.sampled_from([None, "p@1", "p@1+cyclic", "letter:p@1"]),
    st.sampled_from([None, "CLiKA", "letter"]),
)


@given(st.sets(ways, max_size=12))
def test_laws_of_labels(askings: set[WayOfAsking]) -> None:
    labels = asking_labels(askings)
    assert set(labels) == askings
    assert len(set(labels.values())) == len(askings)  # no two alike
    assert asking_labels(sorted(askings, key=repr, reverse=True)) == labels  # in any order
    for asking, label in labels.items():
        assert label.startswith(asking.model)
        if asking.is_unknown and sum(other.is_unknown and other.model == asking.model for other in askings) == 1:
            assert label == asking.model
        alone = sum(other.model == asking.model for other in askings) == 1
        assert (label == asking.model) or not alone


@given(st.sets(ways, max_size=8), ways)
def test_a_new_way_of_one_model_renames_no_other(askings: set[WayOfAsking], new: WayOfAsking) -> None:
    # names without a colon cannot be mistaken for a label
    askings, new = {ask._replace(model=ask.model[0]) for ask in askings}, new._replace(model="x")
    before, after = asking_labels(askings), asking_labels({*askings, new})
    assert {asking: after[asking] for asking in askings} == before


def test_labels_as_written() -> None:
    letter, cloze = WayOfAsking("m", "letter", "plain@1+cyclic"), WayOfAsking("m", "cloze", None)
    imported, named = WayOfAsking("m", None, None), WayOfAsking("m:cloze", "letter", "plain@1")
    assert asking_labels([letter]) == {letter: "m"}
    assert asking_labels([letter, cloze, imported, named]) == {
        letter: "m:letter:plain@1+cyclic", cloze: "m:cloze'", imported: "m", named: "m:cloze",
    }  # fmt: skip


def test_answers_of_other_weights_are_left_out_and_counted(opened: Open) -> None:
    older = {"en": "BBBB", "de": "ABCA", "he": "ABC "}  # 4, 4 and 3 answers
    newer = {"en": "ABCA"}
    results = [*asked(older, "old", "letter", "plain@1"), *asked(newer, "new", "letter", "plain@1")]
    runs = [
        *run_rows("m", "old", finished=day(1), weights_sha256="aaaa"),
        *run_rows("m", "new", finished=day(2), weights_sha256="bbbb"),
    ]
    store = opened(results, runs)
    assert right(store, "m") == {"en": 4}
    (problem,) = store.problems
    assert problem.file == "model m"
    # German and Hebrew would speak; the English answers have been replaced by newer ones in any case
    assert "two different weights" in problem.reason and "7 answers" in problem.reason


def test_the_same_weights_are_filled_up_and_an_older_run_is_no_problem(opened: Open) -> None:
    results = [*asked(BY_CLOZE, "old", "letter", "p@1"), *asked({"en": "ABCA"}, "new", "letter", "p@1")]
    runs = [
        *run_rows("m", "old", finished=day(1), weights_sha256="aaaa"),
        *run_rows("m", "new", finished=day(2), weights_sha256="aaaa"),
    ]
    store = opened(results, runs)
    assert right(store, "m") == {"de": 0, "en": 4, "he": 1}
    assert store.problems == ()


def test_weights_are_held_apart_inside_a_way_of_asking_only(opened: Open) -> None:
    results = [*asked(BY_LETTER, "a", "letter", "p@1"), *asked(BY_CLOZE, "b", "cloze", "p@1")]
    runs = [
        *run_rows("m", "a", finished=day(1), weights_sha256="aaaa"),
        *run_rows("m", "b", finished=day(2), weights_sha256="bbbb"),
    ]
    store = opened(results, runs)
    assert right(store, "m:letter:p@1") == {"de": 3, "en": 4, "he": 2}
    assert right(store, "m:cloze:p@1") == {"de": 0, "en": 1, "he": 1}
    assert store.problems == ()


@pytest.mark.slow
def test_a_check_counts_models_and_ways(tmp_path: Path) -> None:
    results = [*asked(BY_LETTER, "a", "letter", "plain@1"), *asked(BY_CLOZE, "a", "letter", "exam@1")]
    make_store(tmp_path, facts=fact_rows("d", GOLD, LANGUAGES), results=results, runs=run_rows("m", "a")).close()
    report = check_store([tmp_path])
    assert report.counts == {"facts": 4, "answers": 24, "models": 1, "ways of asking them": 2}
    assert report.findings == ()
