"""What a language calls countries, currencies, languages, scripts and cities: names out of CLDR, by way of Babel.

Capitals that CLDR does not name come from engine/capitals.toml, in the languages that it has.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from engine.capitals import capitals

Names = Mapping[str, str]  # by key: what kind of thing it is and its code, e.g. "territory:FR"

KINDS = {"territory": "territories", "currency": "currencies", "language": "languages", "script": "scripts"}
_INVISIBLE = re.compile("[\u00ad\u061c\u200e\u200f]")  # soft hyphens and marks of direction
# What tells apart two things of one name, "Tripoli (Libye)", or gives a second one, "Myanmar (Birma)".
_DISAMBIGUATOR = re.compile(r"\s*[(（\[][^()（）\[\]]*[)）\]]$")
_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ`´′", "'"))
_LANGUAGES = 64  # whose names are kept in memory: about half a megabyte each


@lru_cache(maxsize=_LANGUAGES)
def names_in(tag: str) -> Names:
    """The names of a language, a BCP 47 tag, by key; none where CLDR does not have the language."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return {}
    return locale_names(locale)


def keys_called(name: str, tag: str) -> tuple[str, ...]:
    """The things that a language calls so, capitals aside; accents aside too where nothing is called exactly so."""
    by_name = _keys(tag)
    return by_name.get(folded(name)) or by_name.get(_ACCENTS.sub("", _decomposed(name))) or ()


def also_true(key: str) -> frozenset[str]:
    """Keys of what may be as right as any other answer about a country or language: tongues, currencies, cities."""
    kind, _, code = key.partition(":")
    if kind == "language":
        return frozenset(f"script:{script}" for script in _scripts(code))
    if kind != "territory":
        return frozenset()
    spoken = {f"language:{tag.partition('_')[0]}" for tag in get_global("territory_languages").get(code, {})}
    paid = get_global("territory_currencies").get(code, [])
    current = {currency for currency, _, end, *_ in paid if end is None}
    zones = {zone for zone, territory in get_global("zone_territories").items() if territory == code}
    return frozenset(
        spoken
        | {f"currency:{currency}" for currency in current}
        | {f"code:{currency}" for currency in current}
        | {f"city:{zone}" for zone in zones}
        | {f"capital:{code}"}
    )


def folded(name: str) -> str:
    """A name as it is compared: capitals, compatibility forms and the shape of apostrophes aside."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name.translate(_APOSTROPHES)).casefold()).strip()


def locale_names(locale: Locale) -> dict[str, str]:
    """All names of a locale by key, without what tells apart two things of one name."""
    names = {
        f"{kind}:{key}": name for kind, attribute in KINDS.items() for key, name in getattr(locale, attribute).items()
    }
    used = (currency for history in get_global("territory_currencies").values() for currency, *_ in history)
    names |= {f"code:{currency}": currency for currency in used}
    names |= {f"city:{zone}": city for zone, city in _cities(locale)}
    tag = str(locale)
    names |= {f"capital:{code}": city.names[tag] for code, city in capitals().items() if tag in city.names}
    return {key: plain for key, name in names.items() if (plain := plain_name(name))}


def plain_name(name: str) -> str:
    """A name without invisible marks, without a second name in brackets, with single blanks."""
    return " ".join(_DISAMBIGUATOR.sub("", _INVISIBLE.sub("", name).strip()).split())


@lru_cache(maxsize=_LANGUAGES)
def _keys(tag: str) -> Mapping[str, tuple[str, ...]]:
    """The keys by folded name, and by the name without accents where no other thing is called exactly so."""
    exact: dict[str, list[str]] = defaultdict(list)
    bare: dict[str, list[str]] = defaultdict(list)
    for key, name in names_in(tag).items():
        exact[folded(name)].append(key)
        bare[_ACCENTS.sub("", _decomposed(name))].append(key)
    return {name: tuple(keys) for name, keys in (bare | exact).items()}


def _decomposed(name: str) -> str:
    return unicodedata.normalize("NFKD", folded(name))


def _scripts(language: str) -> set[str]:
    """The scripts in which CLDR has a language written."""
    likely = get_global("likely_subtags")
    written = [full for short, full in likely.items() if short == language or short.startswith(f"{language}_")]
    return {full.split("_")[1] for full in written}


def _cities(locale: Locale) -> Iterator[tuple[str, str]]:
    """The city that each time zone is named after. CLDR files some of them under the zone's former name."""
    former = defaultdict(list)
    for alias, zone in get_global("zone_aliases").items():
        former[zone].append(alias)
    likely = get_global("likely_subtags").get(str(locale), str(locale))
    for zone in get_global("zone_territories"):
        told = (locale.time_zones.get(name, {}).get("city") for name in (zone, *former[zone]))
        if city := next(filter(None, told), None):
            yield zone, city
        elif "_Latn_" in likely:  # left out where the city is called as in the zone's name: CLDR's rule
            yield zone, zone.rpartition("/")[2].replace("_", " ")
