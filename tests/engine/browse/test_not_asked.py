"""What a relation leaves out: by the id that the fact would have, with its name and the reason."""

import pyarrow.parquet as pq

from engine.browse.not_asked import not_asked
from engine.facts.countries import members
from engine.facts.wording import relations
from engine.locations import EMBEDDED
from engine.store.manifest import read_manifest


def test_a_country_that_is_left_out_has_a_name_and_a_reason() -> None:
    left = not_asked("world", "capital")["capital:ZA"]
    assert (left.name("en"), left.name("pl")) == ("South Africa", "Republika Południowej Afryki")
    assert left.reason == "it has three capitals: Pretoria, Cape Town and Bloemfontein"


def test_a_city_goes_by_its_time_zone_and_an_unknown_language_by_english() -> None:
    left = not_asked("world", "city_country")["city_country:Asia/Jerusalem"]
    assert (left.name("he"), left.name("tlh")) == ("ירושלים", "Jerusalem")


def test_facts_that_others_made_leave_nothing_out() -> None:
    assert not not_asked("my-facts", "capital")
    assert not not_asked("world", "mayor")


def test_every_country_is_asked_its_capital_or_is_left_out_with_a_reason() -> None:
    (entry,) = [entry for entry in read_manifest(EMBEDDED) if (entry.table, entry.name) == ("facts", "world")]
    told = set(pq.read_table(EMBEDDED / entry.path, columns=["fact_id"])["fact_id"].to_pylist())
    for relation in relations():
        assert not told & not_asked("world", relation).keys(), relation
    wanted = {f"capital:{country}" for country in members()}
    assert wanted - told == not_asked("world", "capital").keys() - {"capital:CD", "capital:CG"}
