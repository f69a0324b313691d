"""The embedded facts: what they say, what they offer, and that a rebuild gives the same bytes."""

from collections import Counter, defaultdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.capitals import capitals
from engine.database.check import check_store
from engine.facts.build import EMBEDDED_LANGUAGES, BuiltFacts, build_facts, write_built
from engine.facts.cldr import names_of
from engine.facts.distractors import choose_options, distinct
from engine.facts.fact import Fact
from engine.facts.wording import written_languages
from engine.locations import EMBEDDED
from engine.schema import TableName
from engine.store.manifest import read_manifest

pytestmark = pytest.mark.slow

TEN = ("en", "de", "fr", "it", "pl", "ru", "ar", "he", "zh", "ja")
DATASETS = ("world", "calendar")
REBUILT = ("he", "vi")  # one with words of its own and one with a label
Row = dict[str, object]


def _embedded(table: TableName) -> pa.Table:
    entries = [entry for entry in read_manifest(EMBEDDED) if entry.table == table and entry.name in DATASETS]
    assert len(entries) == len(DATASETS)
    return pa.concat_tables([pq.read_table(EMBEDDED / entry.path) for entry in entries])


@pytest.fixture(scope="module")
def facts() -> list[dict[str, object]]:
    return _embedded("facts").to_pylist()


@pytest.fixture(scope="module")
def traits() -> dict[tuple[object, object], dict[str, object]]:
    return {(row["fact_id"], row["language"]): row for row in _embedded("traits").to_pylist()}


@pytest.fixture(scope="module")
def rebuilt() -> BuiltFacts:
    return build_facts(REBUILT)


def test_every_language_tells_every_fact(facts: list[Row]) -> None:
    told: dict[object, set[object]] = defaultdict(set)
    for row in facts:
        told[row["language"]].add(row["fact_id"])
    assert written_languages() == TEN
    assert set(told) == set(EMBEDDED_LANGUAGES) > set(TEN)
    written_only = {f"capital:{country}" for country in capitals()}  # those that CLDR has no name for
    assert len(written_only) > 50
    assert all(ids == told["en"] - (set() if tag in TEN else written_only) for tag, ids in told.items())
    counted = Counter(str(fact_id).partition(":")[0] for fact_id in told["en"])
    assert counted["month_after"] == 12
    assert counted["weekday_after"] == 7
    assert min(counted[name] for name in ("capital", "city_country", "continent", "currency", "currency_code")) > 100
    assert counted["official_language"] > 100
    assert counted["script"] > 50


def test_options_are_the_same_everywhere_and_none_is_offered_twice(facts: list[Row]) -> None:
    english = {row["fact_id"]: row for row in facts if row["language"] == "en"}
    for row in facts:
        options = row["options"]
        assert isinstance(options, list)
        assert len(options) == 4
        assert distinct(options), row
        assert row["gold"] == english[row["fact_id"]]["gold"]
    # One order: the right answers of two facts that are one thing in English are one thing in every language.
    for name, language in (("currency_code", "he"), ("currency_code", "th")):
        codes = {row["fact_id"]: row["options"] for row in facts if row["language"] == language}
        assert all(codes[i] == row["options"] for i, row in english.items() if str(i).startswith(f"{name}:"))


def test_the_right_option_stands_everywhere_equally_often(facts: list[Row]) -> None:
    places: dict[object, Counter[object]] = defaultdict(Counter)
    for row in facts:
        if row["language"] == "en":
            places[row["relation"]][str(row["gold"])] += 1
    for relation, counted in places.items():
        assert len(counted) == 4, relation
        assert max(counted.values()) - min(counted.values()) <= 1, relation


def test_an_answer_is_offered_as_a_wrong_one_as_often_as_chance_has_it(facts: list[Row]) -> None:
    # Whoever sees "Euro" among the options must not know by that alone that it is right: of the times that it is
    # offered, it is right about one time in four.
    offered = [row for row in facts if row["language"] == "en" and row["relation"] == "currency"]
    with_euro = [row for row in offered if "Euro" in row["options"]]
    right = [row for row in with_euro if row["options"][row["gold"][0]] == "Euro"]
    assert len(right) > 20
    assert 0.15 < len(right) / len(with_euro) < 0.4


def test_the_answer_stands_in_no_question_unless_flagged(
    facts: list[Row], traits: dict[tuple[object, object], Row]
) -> None:
    flagged = 0
    for row in facts:
        answer = row["options"][row["gold"][0]]
        marked = traits[row["fact_id"], row["language"]]["subject_same_as_object"]
        flagged += bool(marked)
        question = str(row["question"])
        if row["relation"] != "currency_code":  # else TRY would stand in "country"
            answer, question = answer.casefold(), question.casefold()
        assert marked or answer not in question, row
        subject = str(row["subject"]).casefold()
        assert marked == (subject in answer.casefold() or answer.casefold() in subject)
    assert 0 < flagged < 0.15 * len(facts)


def test_traits_compare_with_english(traits: dict[tuple[object, object], Row]) -> None:
    assert all(row["subject_same_as_english"] for (_, language), row in traits.items() if language == "en")
    # Berlin is Berlin in German, Germany is Deutschland; nothing in Cyrillic is written as in English.
    berlin = traits["capital:DE", "de"]
    assert (berlin["subject_same_as_english"], berlin["object_same_as_english"]) == (False, True)
    assert not any(row["subject_same_as_english"] for (_, language), row in traits.items() if language == "ru")
    assert traits["capital:LU", "de"]["subject_same_as_object"]
    assert (berlin["script"], berlin["template_kind"]) == ("Latn", "written")
    assert (traits["capital:DE", "hi"]["script"], traits["capital:DE", "hi"]["template_kind"]) == ("Deva", "label")


def test_no_two_subjects_of_a_relation_have_one_name(facts: list[Row]) -> None:
    asked = Counter((row["language"], row["relation"], str(row["subject"]).casefold()) for row in facts)
    assert not [key for key, n in asked.items() if n > 1]


def test_names_carry_no_disambiguator(facts: list[Row]) -> None:
    names = {str(name) for row in facts for name in (row["subject"], *row["options"])}  # type: ignore[misc]
    assert not [name for name in names if name.endswith((")", "]", "）")) or "\u00ad" in name]


def test_a_rebuild_gives_the_same_rows(rebuilt: BuiltFacts) -> None:
    for table, rows in (
        ("facts", [told.fact for told in rebuilt.told]),
        ("traits", [told.traits for told in rebuilt.told]),
    ):
        embedded = [row for row in _embedded(table).to_pylist() if row["language"] in REBUILT]  # type: ignore[arg-type]
        key = ("dataset", "fact_id", "language")
        assert sorted(embedded, key=lambda row: [row[name] for name in key]) == sorted(
            rows, key=lambda row: [row[name] for name in key]
        )


def test_writing_twice_gives_the_same_bytes(rebuilt: BuiltFacts, tmp_path: Path) -> None:
    first = write_built(rebuilt, tmp_path / "one")
    again = write_built(rebuilt, tmp_path / "one")
    other = write_built(rebuilt, tmp_path / "two")
    assert len(first.written) == 5
    assert again.written == ()
    assert first.written == other.written  # the names hold the hash of the bytes
    assert not check_store([tmp_path / "one"]).findings


def test_what_has_names_in_the_written_languages_only_is_counted_and_drops_no_language(rebuilt: BuiltFacts) -> None:
    assert rebuilt.languages == REBUILT
    assert rebuilt.n_facts * len(REBUILT) - len(rebuilt.told) == rebuilt.n_written == len(capitals())
    assert rebuilt.lines()[1:3] == [
        f"left out in other languages (1): {len(capitals())} capitals, named in the written languages only",
        "left out: 0 rows for which a language has no name, or one name for two things",
    ]


def test_a_language_with_few_names_is_left_out_and_named() -> None:
    built = build_facts(("de", "la"))  # CLDR has little Latin
    assert built.languages == ("de",)
    assert built.too_few_names == ("la",)
    assert "la" in built.lines()[-1]


def test_months_do_not_leak_from_one_language_into_another() -> None:
    # Babel 2.18: once Hebrew's stand-alone months were read, March is מרץ in Chinese too, in the same process.
    names = names_of(["he", "zh"])
    assert (names["he"]["month:3"], names["zh"]["month:3"]) == ("מרץ", "三月")


def _fact(about: str, answer: str, also_true: frozenset[str] = frozenset()) -> Fact:
    return Fact(
        dataset="world", relation="capital", about=about, subject=f"s:{about}", answer=answer, also_true=also_true
    )


def test_no_wrong_option_is_true_or_called_like_another() -> None:
    facts = [_fact("1", "a:1", frozenset({"a:2"}))] + [_fact(str(n), f"a:{n}") for n in range(2, 8)]
    one = {f"a:{n}": f"name {n}" for n in range(1, 8)}
    other = one | {"a:3": "Ｎame 1"}  # full width and a capital: to a reader, the name of the first answer
    options = choose_options(facts, [one, other])
    assert set(options["capital:1"]) <= {"a:1", "a:4", "a:5", "a:6", "a:7"}
    assert "a:1" in options["capital:1"]
    assert not {"a:1", "a:3"} <= set(options["capital:3"])
    assert options == choose_options(facts[::-1], [one, other])  # the order of the facts changes nothing


def test_wrong_options_are_of_the_kind_of_the_right_one() -> None:
    """So that an answer that few languages name takes no other fact from them."""
    facts = [_fact(str(n), f"{'ab'[n % 2]}:{n}") for n in range(8)]
    options = choose_options(facts, [{f"{kind}:{n}": f"name {n}" for kind in "ab" for n in range(8)}])
    assert len(options) == 8
    assert all(len({key[0] for key in keys}) == 1 for keys in options.values())


def test_a_fact_without_three_wrong_options_gets_none() -> None:
    names = {f"a:{n}": f"name {n}" for n in range(1, 4)}
    assert not choose_options([_fact(str(n), f"a:{n}") for n in range(1, 4)], [names])
