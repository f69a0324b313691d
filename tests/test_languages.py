"""Languages: tags read from what people write, and what is shown of them."""

import babel.localedata
import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import IsoglossError
from engine.language_families import FAMILIES
from engine.languages import Language, by_family, language, parse_language

CLIKA_FOLDERS = {
    "en": "en", "DE_trans": "de", "FR_trans": "fr", "IT_trans": "it", "JA_trans": "ja", "PL_trans": "pl",
    "RU_trans": "ru", "ZH_trans": "zh", "ar_trans": "ar", "he_trans": "he", "DE": "de", "PL": "pl", "JA": "ja",
}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        *CLIKA_FOLDERS.items(),
        ("zho_Hans", "zh"), ("zh-CN", "zh"), ("zh-Hans", "zh"), ("cmn", "zh"), ("zh-yue", "yue"),
        ("zh-TW", "zh-TW"), ("zho_Hant", "zh-TW"), ("zh-Hant-TW", "zh-TW"), ("zh_HK", "zh-HK"),
        ("pt_BR", "pt"), ("pt-PT", "pt-PT"), ("eng_Latn", "en"), ("en-GB", "en-GB"), (" en ", "en"),
        ("arb_Arab", "ar"), ("arb_Latn", "ar-Latn"), ("ary", "ary"), ("iw", "he"), ("azj_Latn", "az"),
        ("srp_Cyrl", "sr"), ("sr-Latn", "sr-Latn"), ("sr_ME", "sr-ME"), ("pes_Arab", "fa"), ("quy_Latn", "quy"),
    ],
)  # fmt: skip
def test_shortest_tag_of_any_usual_spelling(written: str, tag: str) -> None:
    assert parse_language(written) == tag


@pytest.mark.parametrize(
    "text",
    ["xx", "jp", "", " ", "-", "english", "und", "mul", "zxx", "x-geo", "x_geo", "../en", "日本", "xx-Latn", "a"],
)
def test_no_language_is_an_error_that_names_it(text: str) -> None:
    with pytest.raises(IsoglossError) as caught:
        parse_language(text)
    assert f'"{text}" is no language' in str(caught.value)
    with pytest.raises(IsoglossError):
        language(text)


@pytest.mark.parametrize("text", ["de-1996", "en-x-test", "en-u-ca-buddhist"])
def test_more_than_script_and_region_is_refused(text: str) -> None:
    with pytest.raises(IsoglossError, match="script and a region"):
        parse_language(text)


@given(st.text(max_size=12))
def test_any_text_is_a_tag_or_an_error(text: str) -> None:
    try:
        tag = parse_language(text)
    except IsoglossError:
        return
    assert parse_language(tag) == tag


def test_languages_as_cldr_names_them() -> None:
    assert language("he") == Language("he", "Hebrew", "עברית", "Hebr", "Hebrew", "rtl", "Semitic")
    assert language("zh") == Language("zh", "Chinese", "中文", "Hans", "Simplified Han", "ltr", "Sinitic")
    assert language("fr") == Language("fr", "French", "français", "Latn", "Latin", "ltr", "Romance")
    assert language("ja") == Language("ja", "Japanese", "日本語", "Jpan", "Japanese", "ltr", "Japonic")


def test_script_and_region_are_part_of_the_names() -> None:
    assert language("zh-TW").name == "Chinese (Taiwan)"
    assert language("zh-TW").script == "Hant"
    assert language("sr-Latn").autonym == "srpski (latinica)"
    assert language("pt_BR") == language("pt")


def test_direction_is_the_scripts() -> None:
    assert [language(tag).direction for tag in ("ar", "ar-Latn", "ur", "pa", "pa-PK", "dv")] == [
        "rtl", "ltr", "rtl", "ltr", "rtl", "rtl",
    ]  # fmt: skip


def test_every_cldr_locale_reads_and_has_cldrs_direction() -> None:
    locales = [Locale.parse(name) for name in babel.localedata.locale_identifiers()]
    plain = [locale for locale in locales if not locale.variant and locale.language != "tok"]  # langcodes has no tok
    assert len(plain) > 1000
    # Mongolian script runs from top to bottom; its lines are laid out as left-to-right ones.
    differ = {str(locale) for locale in plain if language(str(locale)).direction != locale.text_direction}
    assert differ <= {"mn_Mong", "mn_Mong_CN", "mn_Mong_MN"}


def test_valid_tag_without_names_falls_back_to_itself() -> None:
    quechua = language("quy")
    assert (quechua.name, quechua.autonym, quechua.family) == ("quy", "quy", "Quechuan")
    assert (language("qaa").name, language("qaa").script, language("qaa").family) == ("qaa", "Zzzz", "other")
    assert language("got").autonym == "Gothic"  # CLDR names it in English only


def test_every_code_of_the_family_table_is_canonical_and_stands_once() -> None:
    codes = [code for listed in FAMILIES.values() for code in listed.split()]
    assert len(codes) == len(set(codes)) >= 130
    assert [code for code in codes if parse_language(code) != code] == []


def test_display_order_keeps_families_together() -> None:
    tags = ["zh", "ru", "he", "qaa", "fr", "ar", "de", "en", "pl", "it", "ja"]
    assert by_family(tags) == ["en", "de", "fr", "it", "pl", "ru", "ar", "he", "zh", "ja", "qaa"]


@given(st.permutations(["tr", "en", "hi", "pt", "nl", "pt-PT", "sw", "uk", "fi"]))
def test_display_order_does_not_depend_on_the_given_one(tags: list[str]) -> None:
    assert by_family(tags) == ["en", "nl", "pt", "pt-PT", "uk", "hi", "fi", "tr", "sw"]
