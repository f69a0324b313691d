"""The facts of the dataset `world`: what CLDR and GeoNames say of countries, cities and languages."""

from collections.abc import Callable, Iterator, Mapping

from babel import localedata
from babel.core import get_global

from engine.capitals import capitals
from engine.entity_names import Names
from engine.facts import geonames
from engine.facts.cldr import base_locales
from engine.facts.countries import left_out, members
from engine.facts.fact import Fact

_Facts = Iterator[Fact]


def world_facts(english: Names) -> list[Fact]:
    """Every fact of every relation that has an English name, in the order of the relations."""
    return [
        fact
        for relation, facts in RELATIONS.items()
        for fact in facts(relation, english)
        if not {fact.about, fact.subject.partition(":")[2]} & left_out(relation).keys()
    ]


def _capitals(relation: str, english: Names) -> _Facts:
    for country in members():
        if country in capitals():
            yield _of_country(relation, country, f"capital:{country}")
            continue
        for zone in _zones(country):
            if geonames.folded(english.get(f"city:{zone}", "")) == geonames.capital(country):
                yield _of_country(relation, country, f"city:{zone}")


def _currencies(relation: str, english: Names) -> _Facts:
    """Countries with one legal tender. What is no longer tender but still about is not offered either."""
    kind = "code" if relation == "currency_code" else "currency"
    for country in members():
        history = get_global("territory_currencies").get(country, [])
        current = [currency for currency, _, end, is_tender in history if end is None and is_tender]
        about = frozenset(f"{kind}:{currency}" for currency, _, end, _ in history if end is None)
        if len(current) == 1:
            yield _of_country(relation, country, f"{kind}:{current[0]}", also_true=about)


def _official_languages(relation: str, english: Names) -> _Facts:
    """Countries with one official language. No other language that people speak there is offered."""
    for country in members():
        spoken = get_global("territory_languages").get(country, {})
        official = {
            code.partition("_")[0]
            for code, facts in spoken.items()
            if facts["official_status"] in ("official", "de_facto_official")
        }
        about = frozenset(f"language:{code.partition('_')[0]}" for code in spoken) | geonames.spoken(country)
        if len(official) == 1:
            yield _of_country(relation, country, f"language:{official.pop()}", also_true=about)


def _continents(relation: str, english: Names) -> _Facts:
    for country in members():
        yield _of_country(relation, country, geonames.continent(country))


def _cities(relation: str, english: Names) -> _Facts:
    for country in members():
        for zone in _zones(country):
            if geonames.is_known_city(english.get(f"city:{zone}", ""), country):
                yield Fact(
                    dataset="world",
                    relation=relation,
                    about=zone.rpartition("/")[2],
                    subject=f"city:{zone}",
                    answer=f"territory:{country}",
                    country=country,
                )


def _scripts(relation: str, english: Names) -> _Facts:
    """Languages with some official status and one script; in Latin script only those that are a country's only one.

    Where language and script have one name ("Armenian") nothing is asked.
    """
    only = {fact.answer.partition(":")[2] for fact in _official_languages("official_language", english)}
    parts = (locale.split("_") for locale in localedata.locale_identifiers())
    in_several = {code for code, *rest in parts if rest and len(rest[0]) == 4}
    official = {
        code
        for spoken in get_global("territory_languages").values()
        for code, facts in spoken.items()
        if facts["official_status"]
    }
    for code in base_locales():
        script = get_global("likely_subtags").get(code, "__").split("_")[1]
        language_name, script_name = english.get(f"language:{code}"), english.get(f"script:{script}")
        if code not in official - in_several or (script == "Latn" and code not in only):
            continue
        if language_name and script_name and language_name != script_name:
            yield Fact(
                dataset="world",
                relation=relation,
                about=code,
                subject=f"language:{code}",
                answer=f"script:{script}",
            )


RELATIONS: Mapping[str, Callable[[str, Names], _Facts]] = {
    "capital": _capitals,
    "city_country": _cities,
    "continent": _continents,
    "currency": _currencies,
    "currency_code": _currencies,
    "official_language": _official_languages,
    "script": _scripts,
}


def _of_country(relation: str, country: str, answer: str, also_true: frozenset[str] = frozenset()) -> Fact:
    return Fact(
        dataset="world",
        relation=relation,
        about=country,
        subject=f"territory:{country}",
        answer=answer,
        also_true=also_true,
        country=country,
    )


def _zones(country: str) -> list[str]:
    return sorted(zone for zone, territory in get_global("zone_territories").items() if territory == country)
