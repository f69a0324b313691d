"""Names that people type for countries: short, former and official ones, and which of several things is meant."""

import pytest

from engine.common_names import common_names, keys_meant, position_of
from engine.entity_names import keys_called, names_in
from engine.facts.wording import written_languages

GEORGIA = {"en": "Georgia", "de": "Georgien", "he": "גאורגיה"}
AMERICA = {"en": "United States", "de": "Vereinigte Staaten", "he": "ארצות הברית"}


@pytest.mark.parametrize(
    ("name", "tag", "code"),
    [
        ("USA", "en", "US"),
        ("U.S.A.", "en", "US"),
        ("the US", "en", "US"),
        ("America", "en", "US"),
        ("UK", "en", "GB"),
        ("holland", "en", "NL"),
        ("Turkey", "en", "TR"),
        ("Türkiye", "en", "TR"),
        ("Ivory Coast", "en", "CI"),
        ("Burma", "en", "MM"),
        ("the Netherlands", "en", "NL"),
        ("die Schweiz", "de", "CH"),
        ("Elfenbeinküste", "de", "CI"),
        ("l’Italie", "fr", "IT"),
        ("Белоруссия", "ru", "BY"),
        ("米国", "ja", "US"),
    ],
)
def test_a_country_is_known_by_the_name_that_people_use(name: str, tag: str, code: str) -> None:
    assert keys_meant(name, tag) == (f"territory:{code}",)


@pytest.mark.parametrize("name", ["", "Narnia", "Congo", "Korea", "England"])
def test_what_is_unknown_or_could_be_several_countries_is_not_guessed(name: str) -> None:
    assert keys_meant(name, "en") == ()


@pytest.mark.parametrize("tag", written_languages())
def test_every_common_name_means_a_country_that_cldr_knows(tag: str) -> None:
    for key, names in common_names(tag).items():
        assert key in names_in(tag)
        for name in names:
            assert key in keys_meant(name, tag), name
            assert key not in keys_called(name, tag), name  # else it need not be in the list


@pytest.mark.parametrize("name", ["Cote d'Ivoire", "cote d’ivoire", "CÔTE D'IVOIRE"])
def test_accents_apostrophes_and_case_make_no_other_name(name: str) -> None:
    assert keys_meant(name, "en") == ("territory:CI",)


def test_a_thing_is_found_by_its_name_its_other_names_and_its_names_in_other_languages() -> None:
    among = [GEORGIA, AMERICA]
    for name, tag in (("georgia", "en"), ("Georgien", "en"), ("Georgien", "de"), ("גאורגיה", "en")):
        assert position_of(name, tag, among) == 0, name
    for name, tag in (("USA", "en"), ("the United States", "en"), ("Amerika", "de"), ("ארה״ב", "he")):
        assert position_of(name, tag, among) == 1, name
    assert [position_of(name, "en", among) for name in ("", "Narnia", "?")] == [None] * 3


def test_a_name_in_the_language_comes_before_the_same_name_in_another() -> None:
    """Polish calls the Netherlands Holandia and Iceland Islandia; in an invented tongue Islandia is an island."""
    iceland, island = {"en": "Iceland", "pl": "Islandia"}, {"en": "Islandia", "pl": "Wyspa"}
    assert position_of("Islandia", "en", [iceland, island]) == 1
    assert position_of("Islandia", "pl", [iceland, island]) == 0
    assert position_of("Islandia", "de", [iceland, island]) is None  # either could be meant
