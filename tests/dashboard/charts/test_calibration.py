"""The charts of the Calibration page: what is drawn, what it is called, and what is missing."""

import re
from typing import Any

import pandas as pd
import pytest

from dashboard.charts.crossing_ladder import crossing_ladder
from dashboard.charts.kit.theme import PALETTES, Theme
from dashboard.charts.right_answers_chart import right_answers_chart
from dashboard.charts.truth_chart import truth_chart
from tests.support.drawing import Drawing, draw, selections

NAMES = {"en": "English", "he": "עברית", "zh": "中文"}
THEMES: tuple[Theme, ...] = tuple(PALETTES)
MODELS = pd.DataFrame(
    {
        "model": ["switch:cloze", "mix:cloze"],
        "crossed": [0.47, -0.05],
        "crossed_low": [0.27, -0.9],
        "crossed_high": [0.6, 0.2],
        "ra": [0.68, 0.61],
        "overlap": [0.684, None],
        "n_languages": [9, 9],
        "n_nowhere": [40, 38],
        "accuracy_nowhere": [0.27, 0.31],
        "accuracy_elsewhere": [0.62, 0.28],
    }
)
LANGUAGES = pd.DataFrame(
    {
        "language": list(NAMES),
        "stored": [0.9, 0.25, None],
        "crossed_share": [0.0, 0.5, None],
        "guessed": [0.1, 0.25, None],
        "share_low": [None, 0.3, None],
        "share_high": [None, 0.6, None],
        "n_right": [1200, 40, 0],
        "n_here": [1100, 12, 5],
        "n_elsewhere": [0, 90, 80],
        "n_nowhere": [40, 40, 40],
        "accuracy_elsewhere": [None, 0.45, 0.0],
        "accuracy_nowhere": [0.3, 0.2, 0.0],
        "ra": [0.86, 0.15, 0.0],
        "overlap": [0.4, 0.3, None],
    }
)
MEASURES = pd.DataFrame(
    {
        "measure": ["ra", "overlap", "above_chance"],
        "n": [54, 54, 2],
        "spearman": [0.76, 0.79, None],
        "spearman_different": [0.57, -0.2, None],
        "spearman_taught": [0.91, 0.79, None],
        "excess": [0.57, 0.0, 0.5],
    }
)
TITLES = {"ra": "RA", "overlap": "Overlap", "above_chance": "Above chance"}


def ladder(models: pd.DataFrame = MODELS, **changes: Any) -> Drawing:
    names = {"switch:cloze": "switch", "mix:cloze": "mix"}
    choice: dict[str, Any] = {"order": list(models["model"]), "names": names, "theme": "light", "selected": None}
    return draw(crossing_ladder(models, **choice | changes))


def answers(figures: pd.DataFrame = LANGUAGES, **changes: Any) -> Drawing:
    choice: dict[str, Any] = {"order": list(figures["language"]), "names": NAMES, "theme": "light"}
    return draw(right_answers_chart(figures, **choice | changes))


def truth(measures: pd.DataFrame = MEASURES, **changes: Any) -> Drawing:
    choice: dict[str, Any] = {"order": list(measures["measure"]), "names": TITLES, "theme": "light"}
    return draw(truth_chart(measures, **choice | changes))


def test_the_ladder_says_what_crossed_beside_ra_and_overlap() -> None:
    drawing = ladder()
    switch = (
        "Right of the facts taught elsewhere: 62 %; Right of the facts taught nowhere (control): 27 %; "
        "Smallest control, facts: 40; Languages: 9"
    )
    mix = switch.replace("62", "28").replace("27", "31").replace("40", "38")
    assert set(drawing.marks) == {
        "Model: switch; Figure: What crossed, in truth; Mean over languages: 47 %; 95 % interval: 27 % – 60 %; "
        + switch,
        "Model: switch; Figure: What the overlap says; Mean over languages: 68 %; 95 % interval: –; " + switch,
        "Model: switch; Figure: What RA says; Mean over languages: 68 %; 95 % interval: –; " + switch,
        "Model: mix; Figure: What crossed, in truth; Mean over languages: −5 %; 95 % interval: −90 % – 20 %; " + mix,
        "Model: mix; Figure: What RA says; Mean over languages: 61 %; 95 % interval: –; " + mix,
    }
    assert {"47 %", "68 %", "-5 %", "switch", "mix"} <= {text.replace("−", "-") for text in drawing.texts}
    assert "What crossed, in truth" in drawing.texts
    assert selections(crossing_ladder(MODELS, order=[], names={}, theme="light", selected=None)) == {"cell": ["model"]}


def test_an_interval_is_cut_where_it_says_no_more() -> None:
    spec = crossing_ladder(MODELS, order=list(MODELS["model"]), names={}, theme="light", selected=None)
    assert spec["encoding"]["x"]["scale"]["domain"] == [-0.4, 1.0]
    low = crossing_ladder(
        MODELS.assign(crossed=-0.7), order=list(MODELS["model"]), names={}, theme="light", selected=None
    )
    assert low["encoding"]["x"]["scale"]["domain"] == [-0.7, 1.0]
    high = MODELS.assign(crossed=0.5, crossed_low=0.2)
    spec = crossing_ladder(high, order=list(MODELS["model"]), names={}, theme="light", selected=None)
    assert spec["encoding"]["x"]["scale"]["domain"] == [0.0, 1.0]


@pytest.mark.parametrize("theme", THEMES)
def test_the_chosen_model_is_outlined(theme: Theme) -> None:
    assert ladder(theme=theme).edges(PALETTES[theme].accent) == 0
    assert ladder(theme=theme, selected="mix:cloze").edges(PALETTES[theme].accent) == 1


def test_a_model_of_which_it_is_not_known_says_so() -> None:
    drawing = ladder(MODELS.assign(crossed=None, crossed_low=None, crossed_high=None))
    assert drawing.texts.count("not measured: no control, or nothing was taught elsewhere") == 2
    assert not any("What crossed, in truth; Mean over languages: –" in name for name in drawing.marks)
    assert ladder(MODELS.assign(crossed=None), selected="mix:cloze").edges(PALETTES["light"].accent) == 1


@pytest.mark.parametrize("theme", THEMES)
def test_right_answers_in_three_parts(theme: Theme) -> None:
    drawing = answers(theme=theme)
    hebrew = (
        "Right answers: 40; Facts taught here: 12; Taught elsewhere only: 90, right 45 %; "
        "Taught nowhere (control): 40, right 20 %"
    )
    named = {name for name in drawing.marks if name.startswith("Language: עברית; Part")}
    part = "Language: עברית; Part of the right answers: "
    assert named == {
        f"{part}Crossed; Share: 50 %; 95 % interval: 30 % – 60 %; {hebrew}",
        f"{part}Stored: taught in this language; Share: 25 %; 95 % interval: –; {hebrew}",
        f"{part}Guessed; Share: 25 %; 95 % interval: –; {hebrew}",
    }
    fills = {name.removeprefix(part).split(";")[0].split(":")[0]: drawing.marks[name]["fill"] for name in named}
    palette = PALETTES[theme]
    assert fills == {"Crossed": palette.right, "Stored": palette.line, "Guessed": palette.wrong}
    assert "Language: English; RA: 86 %; Overlap with other languages: 40 %" in drawing.marks
    assert {"1,200", "40", "right", "control", "30 %"} <= set(drawing.texts)
    assert "Language: 中文; Parts: not measured: nothing is right, or there is no control" in drawing.marks
    assert not any(name.startswith("Language: 中文; Part of") for name in drawing.marks)


def test_parts_lie_on_one_another() -> None:
    drawing = answers(LANGUAGES.iloc[1:2])
    bars = re.findall(
        r'aria-label="[^"]*Part of the right answers: (\w+)[^"]*"[^>]* d="M[-\d.]+,([-\d.]+)h[-\d.]+v([-\d.]+)',
        drawing.svg,
    )
    places = {part: (float(top), float(top) + float(height)) for part, top, height in bars}
    assert places["Crossed"][0] == pytest.approx(places["Stored"][1]) and places["Stored"][0] == pytest.approx(
        places["Guessed"][1]
    )
    assert places["Guessed"][0] == pytest.approx(0, abs=1)
    heights = {part: bottom - top for part, (top, bottom) in places.items()}
    assert heights["Crossed"] == pytest.approx(2 * heights["Stored"]) == pytest.approx(2 * heights["Guessed"])


def test_measures_against_the_truth() -> None:
    drawing = truth()
    assert set(drawing.marks) == {
        "Measure: RA; Rank correlation: With what crossed; Spearman's ρ: +0.76; With what crossed among other "
        "spellings: +0.57; Ranked: 54; Most overrated, share of all places: 57 %",
        "Measure: RA; Rank correlation: With what was stored; Spearman's ρ: +0.91; With what crossed among other "
        "spellings: +0.57; Ranked: 54; Most overrated, share of all places: 57 %",
        "Measure: Overlap; Rank correlation: With what crossed; Spearman's ρ: +0.79; With what crossed among other "
        "spellings: −0.20; Ranked: 54; Most overrated, share of all places: 0 %",
        "Measure: Overlap; Rank correlation: With what was stored; Spearman's ρ: +0.79; With what crossed among other "
        "spellings: −0.20; Ranked: 54; Most overrated, share of all places: 0 %",
    }
    assert drawing.texts.count("not measured: too few to rank") == 1
    spec = truth_chart(MEASURES, order=["ra"], names={}, theme="light")
    assert spec["encoding"]["x"]["scale"]["domain"] == [0.0, 1.0]
    spec = truth_chart(MEASURES.assign(spearman=[-0.1, 0.2, 0.3]), order=["ra"], names={}, theme="light")
    assert spec["encoding"]["x"]["scale"]["domain"] == [-1.0, 1.0]


@pytest.mark.parametrize("theme", THEMES)
def test_correlations_differ_in_colour(theme: Theme) -> None:
    colours = {name.split("; ")[1]: look["fill"] for name, look in truth(theme=theme).marks.items() if "RA" in name}
    assert colours == {
        "Rank correlation: With what crossed": PALETTES[theme].right,
        "Rank correlation: With what was stored": PALETTES[theme].accent,
    }


@pytest.mark.parametrize(("make", "source"), [(ladder, MODELS), (answers, LANGUAGES), (truth, MEASURES)])
def test_twice_is_refused_nothing_is_empty_and_names_are_texts(make: Any, source: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="stand twice"):
        make(pd.concat([source, source.iloc[:1]]), order=list(source.iloc[:, 0]))
    assert make(source.iloc[:0]).marks == {}
    hostile = "\"'; alert(1) <img src=x onerror=alert(1)> ${1} datum.value \\"
    drawing = make(names=dict.fromkeys(source.iloc[:, 0], hostile))
    assert any(f": {hostile};" in name for name in drawing.marks) if make is not answers else True
    assert "<img" not in drawing.svg
