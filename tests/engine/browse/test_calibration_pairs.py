"""The heatmap of language pairs for a part of the facts: as a lab model was taught them, and as names are spelled."""

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.browse.queries import Strings, Taught, browse, browse_part
from engine.database.database import Database
from tests.support.tables import exposure_rows, fact_rows, make_store, result_rows, run_rows, trait_rows

pytestmark = pytest.mark.slow

LANGUAGES = ["de", "en", "he"]
GOLD = "AAAAAAAABB"
# en and de share 0 1; en alone 2 3 4; de alone 5; he nothing; 6-9 nowhere
TAUGHT = {"en": "ttttt.....", "de": "tt...t....", "he": ".........."}
SPELLED = {"en": "bbbbbbbbbb", "de": "s.o...b...", "he": ".o........"}
SAID = {"en": "AAABAAABBC", "de": "AABACAA?BC", "he": "ABBACBCABB"}
CHOSEN = {"model": "m", "dataset": "d"}
STRINGS: tuple[Strings, ...] = ("same", "different")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = make_store(
        tmp_path_factory.mktemp("store"),
        # another dataset, longer than the one that is looked at, and a model of which nothing is known
        facts=[*fact_rows("d", GOLD, LANGUAGES), *fact_rows("long", GOLD * 3, LANGUAGES)],
        results=[
            *result_rows("m", "d", GOLD, SAID),
            *result_rows("m", "long", GOLD * 3, {"en": "A" * 30, "de": "B" * 30}),
            *result_rows("other", "d", GOLD, SAID, "other"),
        ],
        exposure=exposure_rows("m", "d", TAUGHT),
        traits=trait_rows("d", SPELLED),
        runs=[*run_rows("m"), *run_rows("other", "other")],
    )
    yield opened
    opened.close()


def part_of(store: Database, taught: Taught, strings: Strings = "all", model: str = "m") -> pd.DataFrame:
    rows = browse_part(store, "pair_cells", model=model, dataset="d", taught=taught, strings=strings)
    return rows.set_index(["language_a", "language_b"])


@pytest.mark.parametrize("model", ["m", "other"])
def test_all_facts_are_what_was_counted_when_the_store_was_loaded(store: Database, model: str) -> None:
    chosen = {"model": model, "dataset": "d"}
    part = browse_part(store, "pair_cells", **chosen, taught="all", strings="all")
    pd.testing.assert_frame_equal(part, browse(store, "pair_cells", **chosen), check_dtype=False)
    for measure in ("overlap", "above_chance", "transfer"):
        given = {**chosen, "measure": measure, "languages": LANGUAGES}
        part = browse_part(store, "pair_summary", **given, taught="all", strings="all")
        pd.testing.assert_frame_equal(part, browse(store, "pair_summary", **given), check_dtype=False)


@pytest.mark.parametrize(
    ("taught", "facts"),
    [("both", "01"), ("one", "2345"), ("neither", ""), ("nowhere", "6789")],
)
def test_by_what_english_and_german_were_taught(store: Database, taught: Taught, facts: str) -> None:
    rows = part_of(store, taught)
    cell, turned = rows.loc[("en", "de")], rows.loc[("de", "en")]
    right = {tag: {i for i in facts if SAID[tag][int(i)] == GOLD[int(i)]} for tag in ("en", "de")}
    assert cell["n"] == len(facts)
    assert cell["n_both"] == len(right["en"] & right["de"])
    assert cell["n_only_a"] == turned["n_only_b"] == len(right["en"] - right["de"])
    assert cell["n_only_b"] == turned["n_only_a"] == len(right["de"] - right["en"])
    assert cell["n_wrong_alike"] + cell["n_wrong_differently"] == len(facts) - len(right["en"] | right["de"])


def test_figures_of_a_part_by_hand(store: Database) -> None:
    rows = part_of(store, "one")
    # facts 2-5, all gold A: English right in 2 4 5, German in 3 5; one both, two only English, one only German
    cell = rows.loc[("en", "de")]
    assert cell[["n", "n_both", "n_only_a", "n_only_b"]].tolist() == [4, 1, 2, 1]
    assert cell["overlap"] == 1 / 4 and cell["transfer"] == 1 / 3 and rows.loc[("de", "en"), "transfer"] == 1 / 2
    # by chance 3 * 2 / 4 of them are right in both, of 3 + 2 - 3 / 2 in either
    assert cell["expected"] == pytest.approx(1.5 / 3.5) and cell["above_chance"] == pytest.approx(1 / 4 - 1.5 / 3.5)
    nowhere = part_of(store, "nowhere").loc[("en", "de")]
    # 9 is wrong alike: C in both; 7 is B in English and cannot be read in German
    assert nowhere[["n_wrong_alike", "n_wrong_differently"]].tolist() == [1, 1]
    assert rows.loc[("en", "en"), "n"] == 0 and pd.isna(rows["accuracy"]["en", "en"])
    # the diagonal: a language with itself shares what it was taught
    assert part_of(store, "both").loc[("en", "en"), ["n", "n_both", "accuracy"]].tolist() == [5, 4, 0.8]
    # in Hebrew nothing was taught: of the five elsewhere-only facts of English all are taught in one
    assert part_of(store, "one").loc[("en", "he"), "n"] == 5
    assert part_of(store, "neither").loc[("en", "he"), "n"] == 1  # 5, taught in German
    assert part_of(store, "neither").loc[("de", "he"), "n"] == 3  # 2 3 4, taught in English


def test_by_spelling(store: Database) -> None:
    same, different = part_of(store, "all", "same"), part_of(store, "all", "different")
    # English is spelled as in English: the other language decides; German 0 2 6, Hebrew 1
    assert same.loc[("en", "de"), "n"] == 3 and different.loc[("en", "de"), "n"] == 7
    assert same.loc[("de", "he"), "n"] == 0 and different.loc[("de", "he"), "n"] == 10
    assert same.loc[("he", "he"), "n"] == 1
    both = part_of(store, "one", "same").loc[("en", "de")]
    assert both[["n", "n_only_a"]].tolist() == [1, 1]  # 2
    # the spelling is the dataset's: it splits a model of which nothing else is known
    assert part_of(store, "all", "same", "other").loc[("en", "de"), "n"] == 3
    assert part_of(store, "both", model="other").empty


def test_parts_add_up(store: Database) -> None:
    counts = ["n", "n_both", "n_only_a", "n_only_b"]
    whole = part_of(store, "all")[counts]
    by_exposure = sum(part_of(store, taught)[counts] for taught in get_args(Taught) if taught != "all")
    by_both = sum(
        part_of(store, taught, strings)[counts]
        for taught, strings in itertools.product(get_args(Taught), STRINGS)
        if taught != "all"
    )
    for parts in (by_exposure, by_both):
        assert isinstance(parts, pd.DataFrame)
        pd.testing.assert_frame_equal(parts, whole, check_dtype=False)


def test_the_facts_behind_a_cell_are_those_of_the_part(store: Database) -> None:
    for taught, strings in itertools.product(get_args(Taught), get_args(Strings)):
        cell = part_of(store, taught, strings).loc[("en", "de")]
        listed = {
            group: browse_part(
                store, "pair_facts", **CHOSEN, language_a="en", language_b="de", facts_group=group, limit=99, offset=0,
                taught=taught, strings=strings,
            )
            for group in ("both", "only_a", "only_b", "wrong_alike", "wrong_differently")
        }  # fmt: skip
        assert {group: len(facts) for group, facts in listed.items()} == {group: cell[f"n_{group}"] for group in listed}
    facts = browse_part(
        store, "pair_facts", **CHOSEN, language_a="en", language_b="de", facts_group="only_a", limit=1, offset=1,
        taught="one", strings="all",
    )  # fmt: skip
    assert facts[["fact_id", "n_facts"]].to_numpy().tolist() == [["4", 2]]


def test_the_summary_speaks_of_the_part_and_names_no_empty_pair(store: Database) -> None:
    given = {**CHOSEN, "measure": "overlap", "languages": LANGUAGES}
    one = browse_part(store, "pair_summary", **given, taught="one", strings="all").iloc[0]
    # pairs: de-en 2 3 4 5, de-he 0 1 5, en-he 0-4
    assert (one["n_least"], one["n_most"]) == (3, 5)
    # de-en 1/4; de-he: 0 in both, 1 and 5 in German: 1/3; en-he: 0 in both, 1 2 4 in English, 3 in Hebrew: 1/5
    assert one["mean_value"] == pytest.approx((1 / 4 + 1 / 3 + 1 / 5) / 3)
    assert (list(one["strongest_pair"]), list(one["weakest_pair"])) == (["he", "de"], ["en", "he"])
    neither = browse_part(store, "pair_summary", **given, taught="neither", strings="all").iloc[0]
    assert neither["n_least"] == 0 and neither["n_pairs"] == 2  # en-de has no fact
    assert set(neither["strongest_pair"]) in ({"en", "he"}, {"de", "he"}) and neither["strongest"] <= 1


def test_what_can_be_split_is_known(store: Database) -> None:
    assert set(browse(store, "known_parts", **CHOSEN)["part"]) == {"taught", "strings"}
    assert set(browse(store, "known_parts", model="other", dataset="d")["part"]) == {"strings"}
    assert browse(store, "known_parts", model="m", dataset="long").empty


@pytest.mark.parametrize("name", ["taught", "strings", "model", "dataset"])
def test_what_names_nothing_finds_nothing(store: Database, name: str) -> None:
    given: dict[str, Any] = {**CHOSEN, "taught": "all", "strings": "all"}
    for payload in ("nothing", "all' or 1=1 --", "'; drop table facts; --", "$model", "%"):
        assert browse_part(store, "pair_cells", **given | {name: payload}).empty
    assert not browse(store, "fact_header", dataset="d", fact="0").empty


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_any_split_counts_as_one_by_one(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 9))
    gold = data.draw(st.text("ABC", min_size=n, max_size=n))
    taught, spelled, said = (
        {tag: data.draw(st.text(signs, min_size=n, max_size=n)) for tag in LANGUAGES}
        for signs in ("t. ", "s.b", "ABC?! ")
    )
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(
            Path(folder), facts=fact_rows("d", gold, LANGUAGES), results=result_rows("m", "d", gold, said),
            runs=run_rows("m"), exposure=exposure_rows("m", "d", taught), traits=trait_rows("d", spelled),
        )  # fmt: skip
        parts = {key: part_of(store, *key) for key in itertools.product(get_args(Taught), get_args(Strings))}
        store.close()
    anywhere = {i for signs in taught.values() for i in range(n) if signs[i] == "t"}

    def taught_so(i: int, a: str, b: str) -> str:
        if " " in (taught[a][i], taught[b][i]):
            return "unknown"
        if i not in anywhere:
            return "nowhere"
        return ("neither", "one", "both")[len([tag for tag in (a, b) if taught[tag][i] == "t"])]

    for (a, b), (taught_in, strings) in itertools.product(itertools.permutations(LANGUAGES, 2), parts):
        wanted = [
            i
            for i in range(n)
            if taught_in in ("all", taught_so(i, a, b))
            and strings in ("all", "different" if "." in (spelled[a][i], spelled[b][i]) else "same")
            and said[a][i] not in "! "
            and said[b][i] not in "! "
        ]
        rows = parts[taught_in, strings]
        if (a, b) not in rows.index:
            assert not wanted
            continue
        only_a = sum(said[a][i] == gold[i] != said[b][i] for i in wanted)
        both = sum(said[a][i] == gold[i] == said[b][i] for i in wanted)
        alike = sum(said[a][i] == said[b][i] not in ("?", gold[i]) for i in wanted)
        assert rows.loc[(a, b), ["n", "n_both", "n_only_a", "n_wrong_alike"]].tolist() == [
            len(wanted),
            both,
            only_a,
            alike,
        ]
