"""The charts of what the way of asking does: what is drawn, what it is called, and what is missing."""

import re
from typing import Any

import pandas as pd
import pytest

from dashboard.charts.kit.theme import PALETTES, Theme
from dashboard.charts.letter_chart import letter_chart
from dashboard.charts.wording_chart import wording_chart
from tests.support.drawing import Drawing, draw

NAN = float("nan")
NAMES = {"en": "English", "he": "עברית", "zh": "中文"}
ORDER = list(NAMES)
THEMES: tuple[Theme, ...] = tuple(PALETTES)
LETTERS = pd.DataFrame(
    {
        "language": ORDER,
        "favourite": ["B", "A", "D"],
        "share": [0.94, 0.25, 1.0],
        "expected": 0.25,
        "bias": [0.69, 0.0, 0.75],
        "same_choice": [0.1, 1.0, 0.0],
        "ci_low": [0.03, 0.83, 0.0],
        "ci_high": [0.3, 1.0, 0.17],
        "n": [1200, 18, 19],
        "reason": "never rotated",
    }
)
WORDINGS = pd.DataFrame(
    {
        "language": ORDER,
        "between_wordings": [0.4, 0.1, 0.5],
        "between_languages": [0.14, 0.3, 0.5],
        "gap": [0.26, -0.2, 0.0],
        "ci_low": [0.05, -0.51, -0.3],
        "ci_high": [0.47, 0.12, 0.3],
        "n_wordings": [2, 3, 2],
        "n": [1200, 18, 19],
        "reason_wordings": "nothing right in two wordings",
        "reason_languages": "no other language",
    }
)


LETTER_NOTE = "; Note: bias: the share of choices that would have to move for all letters to be chosen alike"
WORDING_NOTE = "; Note: overlap: of the facts right in either, the share right in both"


def letters(figures: pd.DataFrame = LETTERS, **changes: Any) -> Drawing:
    choice: dict[str, Any] = {"order": ORDER, "names": NAMES, "chance": 0.25, "theme": "light"} | changes
    return draw(letter_chart(figures, **choice))


def wordings(figures: pd.DataFrame = WORDINGS, **changes: Any) -> Drawing:
    choice: dict[str, Any] = {"order": ORDER, "names": NAMES, "theme": "light"} | changes
    return draw(wording_chart(figures, **choice))


def heights(drawing: Drawing, text: str) -> list[float]:
    """How far down each text that reads so stands, in pixels; axes lie in groups of their own and are left out."""
    found = re.findall(r'<text [^>]*transform="translate\([-\d.]+,([-\d.]+)\)"[^>]*>([^<]*)</text>', drawing.svg)
    return [float(height) for height, content in found if content == text]


@pytest.mark.slow
def test_a_letter_says_its_share_chance_bias_sameness_and_n() -> None:
    drawing = letters()
    assert set(drawing.marks) == {
        "Language: English; Favourite letter: B; Share of its choices: 94 %; Chance: 25 %; Bias: 69 %; "
        "Same option under every order: 10 %; 95 % interval: 3 % – 30 %; Facts: 1,200" + LETTER_NOTE,
        "Language: עברית; Favourite letter: A; Share of its choices: 25 %; Chance: 25 %; Bias: 0 %; "
        "Same option under every order: 100 %; 95 % interval: 83 % – 100 %; Facts: 18" + LETTER_NOTE,
        "Language: 中文; Favourite letter: D; Share of its choices: 100 %; Chance: 25 %; Bias: 75 %; "
        "Same option under every order: 0 %; 95 % interval: 0 % – 17 %; Facts: 19" + LETTER_NOTE,
    }
    assert {"B", "A", "D", "94 %", "69 %", "1,200", "chance 25 %", "bias", "facts"} <= set(drawing.texts)
    assert [text for text in drawing.texts if text in NAMES.values()] == list(NAMES.values())


@pytest.mark.parametrize(
    ("chance", "labels"),
    [
        (1 / 2, ["0 %", "chance 50 %", "100 %"]),
        (1 / 3, ["0 %", "chance 33 %", "50 %", "100 %"]),
        (1 / 20, ["chance 5 %", "50 %", "100 %"]),  # 0 % would stand on it
    ],
)
def test_the_line_of_chance_is_named_once_and_covers_no_other(chance: float, labels: list[str]) -> None:
    drawing = letters(LETTERS.assign(expected=chance, share=0.97, bias=0.11), chance=chance)
    axis = [text for text in drawing.texts if "%" in text and text not in ("97 %", "11 %")]
    assert axis == labels
    assert len(re.findall("stroke-dasharray", drawing.svg)) == 1


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_language_without_letters_is_drawn_as_missing(missing: object, theme: Theme) -> None:
    figures = LETTERS.iloc[:2].astype(object)
    figures.loc[1, ["share", "favourite", "bias", "same_choice", "ci_low", "ci_high"]] = missing
    drawing = letters(figures, theme=theme)
    empty = {name for name in drawing.marks if "not measured" in name}
    assert empty == {
        "Language: עברית; Letters: not measured: never rotated",
        "Language: 中文; Letters: not measured: no such figure in the data",
    }
    assert len(drawing.marks) == 3
    assert drawing.edges(PALETTES[theme].line) == 2
    assert "18" not in drawing.texts and "0 %" in drawing.texts  # of the axis
    assert drawing.texts.count("0 %") == 1


def test_each_overlap_is_a_mark_of_its_own() -> None:
    english = (
        "Wordings less languages: +26 points; 95 % interval: +5 to +47 points; Wordings: 2; Facts: 1,200" + WORDING_NOTE
    )
    hebrew = (
        "Wordings less languages: −20 points; 95 % interval: −51 to +12 points; Wordings: 3; Facts: 18" + WORDING_NOTE
    )
    marks = wordings().marks
    assert len(marks) == 6
    assert {
        f"Language: English; Between: Two wordings of the language; Overlap: 40 %; {english}",
        f"Language: English; Between: The language and another one; Overlap: 14 %; {english}",
        f"Language: עברית; Between: Two wordings of the language; Overlap: 10 %; {hebrew}",
        f"Language: עברית; Between: The language and another one; Overlap: 30 %; {hebrew}",
    } <= set(marks)


@pytest.mark.parametrize("theme", THEMES)
def test_the_two_overlaps_differ_in_colour_and_the_legend_tells_which_is_which(theme: Theme) -> None:
    drawing = wordings(theme=theme)
    colours = {kind: {look["fill"] for name, look in drawing.marks.items() if kind in name} for kind in ("Two", "and")}
    assert colours == {"Two": {PALETTES[theme].categories[0]}, "and": {PALETTES[theme].categories[1]}}
    assert {"Two wordings of the language", "The language and another one"} <= set(drawing.texts)


def test_figures_stand_outside_the_two_dots() -> None:
    drawing = wordings(WORDINGS.iloc[:2])
    assert heights(drawing, "40 %") and heights(drawing, "30 %")
    assert min(heights(drawing, "40 %")) < min(heights(drawing, "14 %"))
    alike = heights(wordings(WORDINGS.iloc[2:].assign(between_wordings=0.53, between_languages=0.53)), "53 %")
    assert len(alike) == 2 and abs(alike[0] - alike[1]) > 24  # one above, one below


def test_an_overlap_that_is_missing_is_drawn_as_missing_beside_one_that_is_not() -> None:
    figures = WORDINGS.assign(between_wordings=[0.4, NAN, NAN], between_languages=[NAN, 0.3, NAN])
    figures[["gap", "ci_low", "ci_high"]] = None
    drawing = wordings(figures)
    two, one = "Between: Two wordings of the language; Overlap", "Between: The language and another one; Overlap"
    assert {name for name in drawing.marks if "not measured" in name} == {
        f"Language: English; {one}: not measured: no other language",
        f"Language: עברית; {two}: not measured: nothing right in two wordings",
        f"Language: 中文; {two}: not measured: nothing right in two wordings",
        f"Language: 中文; {one}: not measured: no other language",
    }
    known = f"Language: עברית; {one}: 30 %; Wordings less languages: –; 95 % interval: –; Wordings: 3; Facts: 18"
    assert known + WORDING_NOTE in drawing.marks
    assert drawing.edges(PALETTES["light"].line) == 4  # no line between: it has two ends nowhere


def test_a_line_joins_two_overlaps() -> None:
    assert wordings().edges(PALETTES["light"].line) == 3
    one = WORDINGS.assign(between_languages=[NAN, 0.3, 0.5])
    assert wordings(one).edges(PALETTES["light"].line) == 1 + 2  # one empty half, two lines


@pytest.mark.parametrize("make", [letters, wordings])
def test_columns_too_narrow_for_figures_leave_them_to_the_hover(make: Any) -> None:
    tags = [f"x{number:02}" for number in range(40)]  # 40 columns of 33 pixels are more than the 560 of a picture
    source = LETTERS if make is letters else WORDINGS
    figures = pd.concat([source.iloc[:1].assign(language=tag) for tag in tags])
    drawing = make(figures, order=tags, names={})
    assert len(drawing.marks) == (40 if make is letters else 80)
    assert "facts" not in drawing.texts and "bias" not in drawing.texts
    figures_drawn = re.findall(r"<text[^>]*>1,200</text>", drawing.svg)
    assert len(figures_drawn) == 40 and all('opacity="0"' in text for text in figures_drawn)


@pytest.mark.parametrize("make", [letters, wordings])
def test_a_language_that_stands_twice_is_refused(make: Any) -> None:
    source = LETTERS if make is letters else WORDINGS
    with pytest.raises(ValueError, match="stand twice"):
        make(pd.concat([source, source.iloc[:1]]))


@pytest.mark.parametrize("make", [letters, wordings])
def test_names_are_texts_whatever_they_hold(make: Any) -> None:
    hostile = "\"'; alert(1) <img src=x onerror=alert(1)> ${1} datum.value \\"
    drawing = make(names=NAMES | {"en": hostile})
    assert any(name.startswith(f"Language: {hostile}; ") for name in drawing.marks)
    assert "<img" not in drawing.svg


@pytest.mark.parametrize("make", [letters, wordings])
def test_nothing_at_all_is_an_empty_chart(make: Any) -> None:
    source = LETTERS if make is letters else WORDINGS
    assert make(source.iloc[:0], order=[], names={}).marks == {}
