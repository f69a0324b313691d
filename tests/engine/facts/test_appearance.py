"""What looks the same: one rule for options at import and for answers that are read."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.facts.appearance import appearance, unmarked
from engine.probes.normalise import normalise

MARKS = "\u200b\u200c\u200d\u200e\u200f\u061c\u2060\ufeff\u00ad\u202b\u2067\u034f\u3164\ufe0f\U000e0041"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("חיפה", "\u200fחיפה\u200e"),  # direction marks
        ("New York", "New\u00a0York"),
        ("New York", " New \u2009York\u3000"),
        ("12", "１２"),
        ("アメリカ", "ｱﾒﾘｶ"),
        ("مصر", "مـــصر"),  # tatweel
        ("لا", "\ufefb"),  # a presentation form
        ("Zürich", "Zu\u0308rich"),
        ("Việt", "Vie\u0323\u0302t"),
        ("한", "\u1112\u1161\u11ab"),
        ("office", "o\ufb03ce"),  # a ligature
        ("Jean-Luc", "Jean\u2011Luc"),
        ("co\u00adoperate", "cooperate"),
        ("葛", "葛\U000e0100"),
        ("a b", "a\u2800b"),
    ],
)  # fmt: skip
def test_texts_that_look_the_same_are_the_same(one: str, other: str) -> None:
    assert appearance(one) == appearance(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Polish", "polish"), ("AA", "Aa"), ("mW", "MW"),  # case can be the point
        ("C", "C++"), ("C#", "C"), ("+", "-"), ("1.5", "15"), ("well", "we'll"), ("e.g.", "eg"),
        ("the Who", "Who"), ("Москва", "Москва\u0301"), ("كَتَبَ", "كُتِبَ"), ("résumé", "resume"),
        ("10²", "102"), ("½", "12"), ("①", "1"), ("ℝ", "R"), ("A", "А"), ("1", "١"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flags of England and Scotland
         "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"),
    ],
)  # fmt: skip
def test_texts_that_look_different_are_different(one: str, other: str) -> None:
    assert appearance(one) != appearance(other)


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u200e\u200f", "\u3164", "\u00a0\u2003", "\ufeff", "\u2800"])
def test_what_cannot_be_seen_is_empty(text: str) -> None:
    assert appearance(text) == ""


@given(st.text())
def test_the_appearance_looks_like_itself_in_any_form_of_unicode(text: str) -> None:
    assert appearance(appearance(text)) == appearance(text)
    for form in ("NFC", "NFD"):
        assert appearance(unicodedata.normalize(form, text)) == appearance(text)


@pytest.mark.slow
def test_every_character_looks_like_itself() -> None:
    characters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    assert [hex(ord(c)) for c in characters if appearance(appearance(c)) != appearance(c)] == []
    assert [hex(ord(c)) for c in characters if appearance(unicodedata.normalize("NFD", c)) != appearance(c)] == []


@given(st.text("aÄé 漢한ﬀ１ـ-"), st.data())
def test_invisible_marks_change_nothing_wherever_they_stand(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    marked = text[:place] + data.draw(st.text(MARKS, min_size=1, max_size=3)) + text[place:]
    assert unmarked(marked) == text
    assert appearance(marked) == appearance(text)


@given(
    st.text(max_size=10), st.text(MARKS + "\u00a0 ", max_size=4), st.sampled_from(["en", "de", "ar", "he", "zh", "tr"])
)
def test_scorers_read_what_looks_the_same_alike(text: str, marks: str, language: str) -> None:
    assert normalise(marks + text, language) == normalise(appearance(text), language) == normalise(text, language)
