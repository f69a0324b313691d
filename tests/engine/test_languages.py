"""Languages: tags read from what people write, and what is shown of them."""

import babel.localedata
import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.facts.build import known_languages
from engine.language_families import FAMILIES
from engine.languages import Language, by_family, language, parse_language, unusual_region
from engine.locations import EMBEDDED

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


# All codes of mBART-50 (as its tokenizer has them) and of OpenAI's MMMLU.
MBART = (
    "ar_AR cs_CZ de_DE en_XX es_XX et_EE fi_FI fr_XX gu_IN hi_IN it_IT ja_XX kk_KZ ko_KR lt_LT lv_LV my_MM ne_NP nl_XX "
    "ro_RO ru_RU si_LK tr_TR vi_VN zh_CN af_ZA az_AZ bn_IN fa_IR he_IL hr_HR id_ID ka_GE km_KH mk_MK ml_IN mn_MN mr_IN "
    "pl_PL ps_AF pt_XX sv_SE sw_KE ta_IN te_IN th_TH uk_UA ur_PK xh_ZA gl_ES sl_SI"
)
MMMLU = "AR_XY BN_BD DE_DE ES_LA FR_FR HI_IN ID_ID IT_IT JA_JP KO_KR PT_BR SW_KE YO_NG ZH_CN"


@pytest.mark.parametrize("code", [*MBART.split(), *MMMLU.split()])
def test_codes_of_mbart_and_mmmlu_are_their_languages(code: str) -> None:
    assert parse_language(code) == ("es-419" if code == "ES_LA" else code[:2].lower())
    assert parse_language(code.lower()) == parse_language(code.upper()) == parse_language(code)


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        # FLORES-200, GlotLID: a script that is the usual one, whole or in part
        ("kor_Hang", "ko"), ("kor_Kore", "ko"), ("cmn_Hani", "zh"), ("yue_Hani", "yue"), ("zh-Hani-TW", "zh-TW"),
        ("urd_Aran", "ur"), ("jpn_Jpan", "ja"), ("arb_Arab", "ar"),
        # a script that says something
        ("ko-Latn", "ko-Latn"), ("ja-Hira", "ja-Hira"), ("arb_Latn", "ar-Latn"), ("urd_Latn", "ur-Latn"),
        # regions and scripts for private use are none; Kosovo is a region
        ("tl_XX", "fil"), ("AR_XY", "ar"), ("en-ZZ", "en"), ("zho_Hans_XX", "zh"), ("sr_Latn_QM", "sr-Latn"),
        ("en-Zzzz", "en"), ("en-Qaaa-AA", "en"), ("sq-XK", "sq-XK"), ("sr_XK", "sr-XK"),
        # a hyphen makes a tag, an underscore a code of a list
        ("ar-AR", "ar-AR"), ("es-LA", "es-LA"), ("sw-KE", "sw-KE"), ("bn-IN", "bn-IN"), ("es_MX", "es-MX"),
        ("en_GB", "en-GB"), ("fr_CA", "fr-CA"),
    ],
)  # fmt: skip
def test_a_region_or_script_that_says_nothing_goes_and_any_other_stays(code: str, tag: str) -> None:
    assert parse_language(code) == tag


@pytest.mark.slow
def test_every_stored_tag_is_read_as_itself() -> None:
    store = open_database([EMBEDDED])
    stored = store.frame(
        "select distinct language::varchar as tag from accuracy_counts union select language from fact_texts"
    )["tag"].tolist()
    store.close()
    assert len(stored) >= 10
    assert [tag for tag in [*stored, *known_languages()] if parse_language(tag) != tag] == []


_LANGUAGES = st.sampled_from(["en", "ko", "zh", "yue", "ja", "ar", "es", "pt", "sr", "sw", "no", "uz", "kor", "arb"])
_SCRIPTS = st.sampled_from(["Latn", "Hang", "Hani", "Hans", "Hant", "Arab", "Aran", "Cyrl", "Kore", "Zzzz", "Qaaa"])
_REGIONS = st.sampled_from(["XX", "ZZ", "XK", "AR", "LA", "KE", "BR", "PT", "TW", "HK", "GB", "419", "001", "AA", "QO"])


@given(_LANGUAGES, st.none() | _SCRIPTS, st.none() | _REGIONS, st.sampled_from("-_"))
def test_a_tag_is_read_as_itself(language: str, script: str | None, region: str | None, mark: str) -> None:
    tag = parse_language(mark.join(part for part in (language, script, region) if part))
    assert parse_language(tag) == tag
    assert not {"XX", "ZZ", "AA", "QO", "Zzzz", "Qaaa"} & set(tag.split("-"))


@pytest.mark.parametrize(
    ("tag", "unusual"),
    [
        ("es-LA", True), ("ar-AR", True), ("ja-BR", False), ("sw-KE", False), ("de", False), ("es-419", False),
        ("ko-KE", True), ("en-001", False), ("sq-XK", False), ("zh-TW", False), ("sr-Latn", False), ("nb-AQ", True),
    ],
)  # fmt: skip
def test_a_region_is_unusual_where_cldr_knows_nobody_to_speak_the_language(tag: str, unusual: bool) -> None:
    assert unusual_region(tag) == unusual


def test_no_cldr_locale_is_unusual() -> None:
    locales = [Locale.parse(name) for name in babel.localedata.locale_identifiers()]
    tags = [parse_language(str(locale)) for locale in locales if not locale.variant and locale.language != "tok"]
    assert len(tags) > 1000
    assert [tag for tag in tags if unusual_region(tag)] == []


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


@pytest.mark.slow
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
