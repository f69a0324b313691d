"""Answers made comparable: what people of a language would call the same answer, written the same."""

import re
import unicodedata

from engine.facts.appearance import appearance

# Articles that may stand before a name. They are taken off what the model said and off the accepted answers alike.
_ARTICLES = {
    "en": "a an the",
    "de": "der die das den dem des ein eine einen einem einer eines",
    "fr": "le la les l un une des",
    "it": "il lo la i gli le l un uno una",
    "es": "el la los las un una unos unas",
    "pt": "o a os as um uma uns umas",
    "nl": "de het een t",
}
# Capitals whose small letters are not Unicode's usual ones.
_CAPITALS = {language: str.maketrans("Iİ", "ıi") for language in ("tr", "az")}
# What a language may write or leave out: the dots of ё and the stress mark.
_OPTIONAL = {"ru": str.maketrans({"ё": "е", "\u0301": ""})}
_VOWEL_POINTS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_KANA_OR_HAN = r"[\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
_SPACE_IN_CJK = re.compile(rf"(?<={_KANA_OR_HAN})\s+(?={_KANA_OR_HAN})")
_ABBREVIATION = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)")  # the dots inside "U.S.A."


def normalise(text: str, language: str) -> str:
    """The text as answers are compared, by these rules in this order.

    1. Texts that look the same are the same (`engine.facts.appearance`), and so are all compatibility forms (Unicode
    NFKC). 2. Small letters (Unicode case folding; ı and i stay apart in Turkish and Azeri; ё is е in Russian).
    3. Hebrew and Arabic vowel points and format characters go. 4. Digits of every script become 0-9. 5. Dots inside
    abbreviations go; all other punctuation becomes a space. 6. White space becomes one space, and none between Chinese
    characters or kana. 7. One leading article goes, where the language has them before names and something follows.
    May be empty.
    """
    base = language.partition("-")[0]
    text = unicodedata.normalize("NFKC", appearance(text))
    text = text.translate(_CAPITALS.get(base, {}))
    text = unicodedata.normalize("NFKC", text.casefold()).translate(_OPTIONAL.get(base, {}))
    text = _VOWEL_POINTS.sub("", text)
    text = _ABBREVIATION.sub("", text)
    text = " ".join("".join(map(_plain, text)).split())
    text = _SPACE_IN_CJK.sub("", text)
    article, _, rest = text.partition(" ")
    return rest if rest and article in _ARTICLES.get(base, "").split() else text


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Cf":
        return ""
    if category[0] in "PZC" or category == "Sk":
        return " "
    return character


def ends_word(text: str, end: int) -> bool:
    """Whether a word of a normalised text may end before the character at `end`.

    In scripts written without spaces a word may end anywhere, but not inside a run of katakana.
    """
    if end >= len(text):
        return True
    last, following = text[end - 1], text[end]
    if unicodedata.category(following)[0] == "M":
        return False
    if not following.isalnum():
        return True
    scripts = {_script(last), _script(following)}
    return bool(scripts & _UNSPACED) and scripts != {"KATAKANA"}


_UNSPACED = {"CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN"}


def _script(character: str) -> str:
    """The first word of the character's Unicode name, which is its script's."""
    return unicodedata.name(character, "").partition(" ")[0].partition("-")[0]
