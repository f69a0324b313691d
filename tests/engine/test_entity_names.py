"""Names out of CLDR: the same ones that the facts are built with, found by name, and what is as true as an answer."""

import pytest

from engine.entity_names import also_true, folded, keys_called, names_in
from engine.facts.cldr import names_of


def test_names_read_side_by_side_are_those_read_apart() -> None:
    """Babel mixes up what one locale aliases in another; of these kinds nothing is aliased."""
    for code, apart in names_of(["he", "zh", "pl"]).items():
        kept = {key: name for key, name in apart.items() if key.split(":")[0] not in ("month", "weekday")}
        assert names_in(code) == kept


@pytest.mark.parametrize(
    ("name", "tag", "keys"),
    [
        ("Polska", "pl", ("territory:PL",)),
        ("POLSKA", "pl", ("territory:PL",)),
        ("波兰", "zh", ("territory:PL",)),
        ("Cote d'Ivoire", "en", ("territory:CI",)),  # accents and the shape of the apostrophe aside
        ("Luxembourg", "en", ("territory:LU", "city:Europe/Luxembourg")),
        ("PLN", "he", ("code:PLN",)),
        ("Poland", "pl", ()),
        ("Poland", "tlh", ()),  # CLDR has no Klingon
        ("", "en", ()),
    ],
)
def test_what_is_called_so(name: str, tag: str, keys: tuple[str, ...]) -> None:
    assert keys_called(name, tag) == keys


def test_an_accent_may_be_left_out() -> None:
    assert keys_called("Índia", "pt") == keys_called("India", "pt") == ("territory:IN",)


def test_regional_and_script_variants_have_names_of_their_own() -> None:
    assert names_in("zh")["territory:PL"] == "波兰"
    assert names_in("zh-TW")["territory:PL"] == "波蘭"


def test_what_is_true_of_switzerland_and_of_serbian() -> None:
    swiss = also_true("territory:CH")
    assert {"language:de", "language:fr", "language:it", "language:rm", "currency:CHF", "city:Europe/Zurich"} <= swiss
    assert "language:pl" not in swiss and "city:Europe/Warsaw" not in swiss
    assert also_true("language:sr") == {"script:Cyrl", "script:Latn"}
    assert also_true("currency:PLN") == frozenset()


def test_folding_is_idempotent() -> None:
    for name in ("Łódź", "ﬁn", "STRASSE", "’Ali", "ΟΔΟΣ"):
        assert folded(folded(name)) == folded(name)
