"""What a reader sees of a text: two texts that look the same have the same appearance."""

import re
import unicodedata

# Unicode's Default_Ignorable_Code_Point and the marks of interlinear annotation: nothing is drawn for them. Tag
# characters count only outside the flags that they spell.
_FLAG = "\U0001f3f4[\U000e0020-\U000e007f]+"
_INVISIBLE = (
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_MARKS = re.compile(f"({_FLAG})|{_INVISIBLE}+")
_TATWEEL = "\u0640"
# Kinds of compatibility characters (UAX 44) that are drawn as what they stand for; superscripts, fractions, circled and
# styled letters are not.
_DRAWN_ALIKE = ("<compat>", "<wide>", "<narrow>", "<noBreak>", "<initial>", "<medial>", "<final>", "<isolated>")


def unmarked(text: str) -> str:
    """The text without the characters for which nothing is drawn, such as direction marks and zero-width spaces."""
    return _MARKS.sub(lambda found: found[1] or "", text)


def appearance(text: str) -> str:
    """The text in the one form of all texts that look like it; empty: nothing of it can be seen.

    What is drawn as nothing goes, and tatweel; full-width, half-width and presentation forms, ligatures and no-break
    spaces are plain; composed and decomposed letters are one; white space is one space. Case, punctuation, accents and
    superscripts, which can be the point of a question, stay.
    """
    text = unicodedata.normalize("NFC", unmarked(text)).translate(_DRAWN_AS)
    return " ".join(unicodedata.normalize("NFC", text).split())


class _DrawnAs(dict[int, str]):
    """What each character is drawn as, by its code; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        alike = unicodedata.decomposition(character).partition(" ")[0] in _DRAWN_ALIKE
        self[code] = drawn = unicodedata.normalize("NFKC", character).replace(_TATWEEL, "") if alike else character
        return drawn


# Besides: two hyphens, and the braille pattern without a dot.
_DRAWN_AS = _DrawnAs({ord(_TATWEEL): "", 0x2010: "-", 0x2011: "-", 0x2800: " "})
