"""Text from anywhere: nothing in it is live, nothing in it is hidden, and the scripts that need joiners keep them."""

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.elements.visible_text import visible

MARK = re.compile(r'<span class="iso-mark" dir="ltr" title="([^"]*)">⟨([^<]*)⟩</span>')
PLAIN = "".join(chr(code) for code in range(0x20, 0x7F)) + "éЖשאع中あ한ก👍\n\t"
UNSEEN = "\x00\x1b\x7f\x85\u00ad\u061c\u200b\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\u3164\ud800\U000e0041"


class Tags(HTMLParser):
    """The tags of a piece of HTML with their attributes' names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[tuple[str, ...]] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, *(name for name, _ in attrs)))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "![x](http://evil.example/x.png)",
        "$x^2$ **bold** `code`",
        "<img src=x onerror=alert(1)>",
        "&lt;b&gt; & \"quoted\" 'too'",
        "</div></style><svg onload=alert(1)>",
    ],
)
def test_markup_is_shown_as_it_stands(hostile: str) -> None:
    shown = visible(hostile)
    assert not Tags(shown).found
    assert html.unescape(shown) == hostile


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=PLAIN + UNSEEN, max_size=60))
def test_nothing_is_lost_and_nothing_stays_unseen(text: str) -> None:
    shown = visible(text)
    assert Tags(shown).found <= {("span", "class", "dir", "title")}
    assert not set(shown) & set(UNSEEN)

    def written(match: re.Match[str]) -> str:
        code, _, times = match[2].partition(" ×")
        return chr(int(code.removeprefix("U+"), 16)) * int(times or 1)

    assert html.unescape(MARK.sub(written, shown)) == text


@pytest.mark.parametrize(
    ("text", "title", "mark"),
    [
        ("\u202egnp.exe", "U+202E RIGHT-TO-LEFT OVERRIDE", "U+202E"),
        ("\x00", "U+0000 CONTROL CHARACTER", "U+0000"),
        ("a\u200b\u200b\u200b", "U+200B ZERO WIDTH SPACE", "U+200B ×3"),
        ("\ud800", "U+D800 CONTROL CHARACTER", "U+D800"),
        ("x\ufe01\ufe02", "U+FE02 VARIATION SELECTOR-3", "U+FE02"),
    ],
)
def test_a_mark_names_its_character(text: str, title: str, mark: str) -> None:
    assert MARK.findall(visible(text)) == [(title, mark)]


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian
        "क्\u200dष",  # Hindi, after a virama
        "ශ්\u200dරී",  # Sinhala
        "👩\u200d👩\u200d👧",
        "👩🏽\u200d🚀",
        "🏳️\u200d🌈",
        "🙂\u200d↔️",
    ],
)
def test_joiners_stay_where_letters_and_emoji_need_them(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("text", ["a\u200db", "a\u200c", "\u200dع", "ع\u200cx", "م\u200c\u200cخ", "中\u200d中"])
def test_joiners_elsewhere_are_shown(text: str) -> None:
    assert "⟨U+200" in visible(text)


def test_line_ends_of_windows_are_line_ends() -> None:
    assert visible("a\r\nb") == "a\nb"
    assert "⟨U+000D⟩" in visible("a\rb")


def test_a_long_text_is_cut_and_says_by_how_much() -> None:
    shown = visible("x" * 1_000_000, longest=2_000)
    assert shown.startswith("x" * 2_000 + " <span")
    assert "… 998,000 more characters are not shown." in shown
    assert "… 1 more character is not shown." in visible("xyz", longest=2)
    assert "not shown" not in visible("xyz", longest=3)


def test_a_cut_does_not_go_through_a_letter() -> None:
    assert visible("abe\u0301", longest=3).startswith("ab <span")
    assert visible("ab👩\u200d🚀", longest=4).startswith("ab <span")
    assert visible("ab👩🏽", longest=3).startswith("ab <span")
    assert visible("a" + "\u0301" * 500, longest=100).startswith("a" + "\u0301" * 99 + " <span")


def test_what_is_shown_stays_small_whatever_it_is_made_of() -> None:
    for text in ("\u202e" * 1_000_000, "\u202e\u202d" * 500_000, "<" * 1_000_000, "Z" + "\u0301" * 1_000_000):
        assert len(visible(text, longest=300)) < 300 * 120
