"""Text from anywhere as HTML that hides nothing: escaped, with a mark for every character that is not seen."""

import html
import re
import unicodedata

LONGEST_TEXT = 2_000  # characters shown of one text

_JOINERS = frozenset("\u200c\u200d")
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # one of them chooses a glyph; several in a row hide data
# Controls but tab and new line, soft hyphen, blanks that count as letters, everything that turns the direction of
# text or has no width, surrogates, tags. A run of the same character becomes one mark.
_UNSEEN = re.compile(
    "([\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U0001bca0-\U0001bca3"
    f"\U0001d173-\U0001d17a\U000e0000-\U000e00ff]|(?<=[{_SELECTORS}])[{_SELECTORS}])\\1*"
)
# Scripts whose letters a joiner or non-joiner shapes: the first word of their letters' Unicode names.
_SHAPED = frozenset(
    [
        "ARABIC",
        "SYRIAC",
        "MONGOLIAN",
        "NKO",
        "DEVANAGARI",
        "BENGALI",
        "GURMUKHI",
        "GUJARATI",
        "ORIYA",
        "TAMIL",
        "TELUGU",
        "KANNADA",
        "MALAYALAM",
        "SINHALA",
        "KHMER",
        "MYANMAR",
        "BALINESE",
        "JAVANESE",
    ]
)


def visible(text: str, *, longest: int = LONGEST_TEXT) -> str:
    """Escaped HTML of at most `longest` characters of the text; what is left out is counted in a last sentence.

    Unseen characters become marks such as ⟨U+202E⟩ with their Unicode name. Joiners stay as they are between letters
    of the scripts that need them and inside emoji.
    """
    whole = text.replace("\r\n", "\n")
    end = _end(whole, longest)
    shown, parts, last = whole[:end], [], 0
    for match in _UNSEEN.finditer(shown):
        if not _is_shaping(shown, match):
            parts += [html.escape(shown[last : match.start()]), _mark(match[1], len(match[0]))]
            last = match.end()
    parts.append(html.escape(shown[last:]))
    return "".join(parts) + _rest(len(whole) - end)


def _end(text: str, longest: int) -> int:
    """Where to cut: not inside a letter with its accents, nor inside an emoji made of several."""
    if len(text) <= longest:
        return len(text)
    for end in range(longest, max(longest - 40, 0), -1):
        if not _belongs_to_previous(text[end]) and text[end - 1] not in _JOINERS:
            return end
    return longest


def _belongs_to_previous(letter: str) -> bool:
    return letter in _JOINERS or unicodedata.category(letter)[0] == "M" or "\U0001f3fb" <= letter <= "\U0001f3ff"


def _is_shaping(text: str, match: re.Match[str]) -> bool:
    """Whether a single joiner stands between two letters that it shapes, or inside an emoji."""
    if match[0] not in _JOINERS or match.start() == 0 or match.end() == len(text):
        return False
    before, after = text[match.start() - 1], text[match.end()]
    if _script(before) in _SHAPED and _script(before) == _script(after):
        return True
    is_emoji = unicodedata.category(before) == "So" or before == "\ufe0f" or "\U0001f3fb" <= before <= "\U0001f3ff"
    return match[0] == "\u200d" and is_emoji and unicodedata.category(after) in ("So", "Sm")


def _script(letter: str) -> str:
    return unicodedata.name(letter, "NONE").split()[0] if unicodedata.category(letter)[0] in "LM" else ""


def _mark(letter: str, times: int) -> str:
    code = f"U+{ord(letter):04X}"
    title = f"{code} {unicodedata.name(letter, 'CONTROL CHARACTER')}"
    repeated = f" ×{times:,}" if times > 1 else ""
    return f'<span class="iso-mark" dir="ltr" title="{title}">⟨{code}{repeated}⟩</span>'


def _rest(left_out: int) -> str:
    if not left_out:
        return ""
    words = "1 more character is" if left_out == 1 else f"{left_out:,} more characters are"
    return f' <span class="iso-rest" dir="ltr" lang="en">… {words} not shown.</span>'
