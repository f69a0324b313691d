"""A chart as a picture, made on this machine; called only when somebody asks for one (the first call takes seconds)."""

import html
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Literal

import vl_convert

from dashboard.charts.kit.theme import PALETTES, Theme

_VEGA_LITE: Literal["6.4"] = "6.4"
_MARGIN = 16

# vl-convert takes the first font of a list that exists, and for the glyphs it lacks any font at all, bold ones
# included. So the font is named by the script of the text; by the first word of a letter's Unicode name.
_FONTS: Mapping[str, str] = {
    "CJK": "Noto Sans CJK SC",
    "HIRAGANA": "Noto Sans CJK JP",
    "KATAKANA": "Noto Sans CJK JP",
    "HANGUL": "Noto Sans CJK KR",
    "CHECK": "DejaVu Sans",  # ✓
    "BALLOT": "DejaVu Sans",  # ✗
    "MINUS": "DejaVu Sans",
}
_PLAIN_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_TEXT = re.compile(r'(<text\b[^>]*?)font-family="[^"]*"([^>]*>)([^<]*)(?=</text>)')


def to_svg(spec: Mapping[str, Any], theme: Theme) -> bytes:
    """The chart as an SVG document, UTF-8, on the theme's background."""
    whole = {**spec, "autosize": "pad", "background": PALETTES[theme].background, "padding": _MARGIN}
    svg: str = vl_convert.vegalite_to_svg(whole, vl_version=_VEGA_LITE)
    return _TEXT.sub(_with_font, svg).encode()


def to_png(spec: Mapping[str, Any], theme: Theme, *, scale: float = 2) -> bytes:
    """The chart as a PNG image on the theme's background, `scale` pixels for each pixel of the chart."""
    return bytes(vl_convert.svg_to_png(to_svg(spec, theme).decode(), scale=scale))


def _with_font(text: re.Match[str]) -> str:
    before, after, content = text.groups()
    return f'{before}font-family="{_font(html.unescape(content))}"{after}{content}'


def _font(text: str) -> str:
    for letter in text:
        script = unicodedata.name(letter, "LATIN").split()[0].split("-")[0]
        if script in _FONTS:
            return f"{_FONTS[script]}, sans-serif"
        if unicodedata.category(letter)[0] == "L" and script not in _PLAIN_SCRIPTS:
            return f"Noto Sans {script.title()}, sans-serif"
    return "Noto Sans, sans-serif"
