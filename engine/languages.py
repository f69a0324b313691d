"""Languages: BCP 47 tags read from what people write, with the names, script and direction that CLDR gives them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import babel.localedata
import langcodes
from babel import Locale, UnknownLocaleError
from babel.core import get_global

from engine.errors import IsoglossError
from engine.language_families import DISPLAY_ORDER, FAMILY_OF, OTHER

Direction = Literal["ltr", "rtl"]
_Subtags = tuple[str, str | None, str | None]  # language, script, region

_UNKNOWN_SCRIPT = "Zzzz"
# The scripts whose letters Unicode writes from the right (bidi classes R and AL).
_RIGHT_TO_LEFT = (
    "Adlm Arab Aran Armi Avst Chrs Cprt Elym Gara Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc Mero Narb Nbat Nkoo "
    "Orkh Ougr Palm Phli Phlp Phnx Prti Rohg Samr Sarb Sogd Sogo Syrc Syre Syrj Syrn Thaa Yezi"
)
_NOT_A_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})  # ISO 639-2: undetermined, several, none, uncoded
_SCRIPT_NAMES = {"Hans": "Simplified Han", "Hant": "Traditional Han"}  # CLDR's stand-alone forms; Babel has the short
_TRANSLATED = re.compile(r"[_-]trans$", re.IGNORECASE)  # how the CLiKA release marks a translated folder
# Codes of mBART-50 and MMMLU, written with an underscore, whose region is not the one that a tag would mean. Every
# other code of theirs has a region that CLDR's likely subtags imply, or none (XX, XY).
_LISTED = {"ar_ar": "ar", "bn_in": "bn", "es_la": "es-419", "sw_ke": "sw"}
# ISO 3166's codes for private use, Kosovo (XK) aside, and CLDR's unknown region.
_NO_REGION = re.compile(r"AA|Q[M-Z]|X[A-JL-Z]|ZZ")
# ISO 15924's codes for private use, and for what is unknown, inherited or in common use.
_NO_SCRIPT = re.compile(r"Qa[a-b][a-z]|Z(yyy|inh|zzz)")
# Codes that name a language's usual script less exactly than CLDR does: Hangul alone, Han of either kind, Nastaliq.
_LESS_EXACT = {"Kore": ("Hang",), "Hans": ("Hani",), "Hant": ("Hani",), "Arab": ("Aran",)}


@dataclass(frozen=True)
class Language:
    """A language as it is shown: its tag, names, script (ISO 15924), direction and family."""

    tag: str
    name: str
    autonym: str
    script: str
    script_name: str
    direction: Direction
    family: str


@lru_cache(maxsize=4096)
def parse_language(text: str) -> str:
    """The shortest BCP 47 tag of a language written in any usual way.

    `ZH_trans`, `zho_Hans` and `zh-CN` are "zh"; `pt_BR` is "pt"; `zh_Hant` and `zh-TW` are "zh-TW". A script or region
    stays only where CLDR's likely subtags (UTS 35) do not imply it: en-GB, pt-PT and sr-Latn stay, de-DE is "de". What
    says nothing goes: regions and scripts for private use (en_XX), and a script that only names the usual one less
    exactly (kor_Hang). A code with an underscore is read as mBART-50 and MMMLU mean it: `ar_AR` is "ar", `ES_LA` is
    "es-419"; with a hyphen it is a tag, ar-AR is Arabic in Argentina. A tag that this gives is read as itself. Raises
    IsoglossError when the text is no language.
    """
    written = _TRANSLATED.sub("", text.strip())
    written = _LISTED.get(written.lower(), written).replace("_", "-")
    try:
        parsed = langcodes.Language.get(langcodes.standardize_tag(written, macro=True), normalize=False)
    except ValueError as error:
        raise _no_language(text) from error
    code, script, region = parsed.language, parsed.script, parsed.territory
    if code is None or code in _NOT_A_LANGUAGE or code.startswith("x-") or not parsed.is_valid():
        raise _no_language(text)
    if parsed.extlangs or parsed.variants or parsed.extensions or parsed.private:
        raise IsoglossError(f'"{text:.60}": a language may have a script and a region (sr-Latn, zh-TW), nothing else')
    region = None if region is None or _NO_REGION.fullmatch(region) else region
    usual = _maximised(code, None, region)[1]
    if script is not None and (_NO_SCRIPT.fullmatch(script) or script in _LESS_EXACT.get(usual or "", ())):
        script = None
    return _minimised(code, script, region)


def unusual_region(tag: str) -> bool:
    """Whether the tag has a region of whose people CLDR does not say that some speak the language (es-LA, ar-AR)."""
    parsed = langcodes.Language.get(tag, normalize=False)
    if parsed.territory is None or not parsed.territory.isalpha():  # a number is a part of the world
        return False
    spoken = {spoken.partition("_")[0] for spoken in get_global("territory_languages").get(parsed.territory, {})}
    return parsed.language not in spoken and not _is_locale(tag)


@lru_cache(maxsize=4096)
def language(tag: str) -> Language:
    """What is known of a language. Where CLDR has no English name it is the tag, and no own name the English one.

    Raises IsoglossError when the tag is no language.
    """
    tag = parse_language(tag)
    parsed = langcodes.Language.get(tag, normalize=False)
    code, script, region = parsed.language or tag, parsed.script, parsed.territory
    full_script = _maximised(code, script, region)[1] or _UNKNOWN_SCRIPT
    english = Locale("en")
    name = _name_in(english, code, script, region) or tag
    return Language(
        tag=tag,
        name=name,
        autonym=_autonym(code, script, region) or name,
        script=full_script,
        script_name=_SCRIPT_NAMES.get(full_script) or english.scripts.get(full_script, full_script),
        direction="rtl" if full_script in _RIGHT_TO_LEFT.split() else "ltr",
        family=FAMILY_OF.get(code, OTHER),
    )


def by_family(tags: Iterable[str]) -> list[str]:
    """The tags in display order: English first, then family by family (Germanic, Romance, Slavic, …), each by name."""

    def place(tag: str) -> tuple[bool, int, str, str]:
        known = language(tag)
        return known.tag != "en", DISPLAY_ORDER[known.family], known.name, tag

    return sorted(tags, key=place)


def _no_language(text: str) -> IsoglossError:
    return IsoglossError(f'"{text:.60}" is no language: write a BCP 47 tag, such as en, zh, pt-PT or sr-Latn')


def _maximised(code: str, script: str | None, region: str | None) -> _Subtags:
    """Language, script and region with what CLDR's likely subtags add; None: CLDR does not know."""
    likely = get_global("likely_subtags")
    for known in ((code, script, region), (code, None, None)):
        full = likely.get(_joined(known, "_"))
        if full:
            _, likely_script, likely_region = full.split("_")[:3]
            return code, script or likely_script, region or likely_region
    return code, script, region


def _minimised(code: str, script: str | None, region: str | None) -> str:
    """CLDR's "remove likely subtags": where a region or a script will do, the region stays (zh-TW, not zh-Hant)."""
    full = _maximised(code, script, region)
    shorter: tuple[_Subtags, ...] = ((code, None, None), (code, None, full[2]), (code, full[1], None))
    return _joined(next((tag for tag in shorter if _maximised(*tag) == full), full), "-")


def _is_locale(tag: str) -> bool:
    """Whether CLDR has data of its own for the language in this region."""
    return babel.localedata.exists(tag.replace("-", "_"))


def _joined(subtags: _Subtags, mark: str) -> str:
    return mark.join(part for part in subtags if part)


def _name_in(locale: Locale, code: str, script: str | None, region: str | None) -> str | None:
    name = locale.languages.get(code)
    if name is None:
        return None
    details = [locale.scripts.get(script, script)] if script else []
    details += [locale.territories.get(region, region)] if region else []
    return f"{name} ({', '.join(details)})" if details else name


def _autonym(code: str, script: str | None, region: str | None) -> str | None:
    try:
        own = Locale.parse(_joined((code, script, region), "_"))
    except (UnknownLocaleError, ValueError):
        return None
    return _name_in(own, code, script, region)
