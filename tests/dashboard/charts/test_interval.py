"""Figures with their intervals as points: what is drawn, what it is called, and what is left out."""

from typing import Any

import pandas as pd
import pytest

from dashboard.charts.interval_chart import interval_chart
from dashboard.charts.kit.theme import PALETTES, Theme
from tests.support.drawing import Drawing, draw

NAN = float("nan")
NAMES = {"de": "Deutsch", "he": "עברית", "zh": "中文"}
FIGURES = pd.DataFrame(
    {
        "key": ["de", "he", "zh"],
        "value": [0.5, 0.25, 1.0],
        "ci_low": [0.404, 0.1, 0.96],
        "ci_high": [0.596, 0.4, 1.0],
        "n": [1200, 60, 96],
        "reason": "nothing is right in either",
    }
)
THEMES: tuple[Theme, ...] = tuple(PALETTES)


def chart(figures: pd.DataFrame = FIGURES, **changes: Any) -> dict[str, Any]:
    choice: dict[str, Any] = {"title": "Consistency", "note": "as read", "theme": "light"} | changes
    return interval_chart(figures, **{"order": list(NAMES), "names": NAMES} | choice)


def bars(drawing: Drawing) -> int:
    """How many shapes have the colour of the interval bars for their edge."""
    return drawing.edges(PALETTES["light"].right)


def test_a_point_says_its_figure_interval_n_and_the_note() -> None:
    drawing = draw(chart())
    assert set(drawing.marks) == {
        "For: Deutsch; Consistency: 50 %; 95 % interval: 40 % – 60 %; Facts: 1,200; Note: as read",
        "For: עברית; Consistency: 25 %; 95 % interval: 10 % – 40 %; Facts: 60; Note: as read",
        "For: 中文; Consistency: 100 %; 95 % interval: 96 % – 100 %; Facts: 96; Note: as read",
    }
    assert [text for text in drawing.texts if text in NAMES.values()] == list(NAMES.values())
    assert bars(drawing) == 3


def test_the_order_is_the_callers_not_the_tables() -> None:
    drawing = draw(chart(FIGURES.iloc[::-1], order=["zh", "de"]))
    assert [text for text in drawing.texts if text in NAMES.values()] == ["中文", "Deutsch"]
    assert len(drawing.marks) == 2


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_missing_figure_is_not_drawn_and_never_zero(missing: Any) -> None:
    figures = FIGURES.astype(object).assign(value=[0.5, missing, 1.0])
    drawing = draw(chart(figures))
    assert len(drawing.marks) == 2
    assert not any("עברית" in name for name in drawing.marks)
    assert "עברית" in drawing.texts  # its place stays


def test_a_key_without_a_row_keeps_its_place() -> None:
    drawing = draw(chart(FIGURES.iloc[:1]))
    assert len(drawing.marks) == 1
    assert set(NAMES.values()) <= set(drawing.texts)


def test_a_point_without_an_interval_stands_alone() -> None:
    half = FIGURES.assign(ci_low=[0.404, NAN, NAN], ci_high=[0.596, NAN, NAN])
    for figures, n_bars in ((half, 1), (FIGURES.drop(columns=["ci_low", "ci_high"]), 0)):
        drawing = draw(chart(figures))
        assert len(drawing.marks) == 3 and bars(drawing) == n_bars
        assert "For: עברית; Consistency: 25 %; 95 % interval: –; Facts: 60; Note: as read" in drawing.marks


def test_nothing_at_all_is_an_empty_chart() -> None:
    for figures in (FIGURES.iloc[:0], FIGURES.assign(value=None)):
        assert draw(chart(figures)).marks == {}
    assert draw(chart(FIGURES.iloc[:0], order=[], names={})).marks == {}


def test_the_scale_is_the_same_for_every_model() -> None:
    labels = {f"{share} %" for share in (0, 20, 40, 60, 80, 100)}
    for figures in (FIGURES, FIGURES.assign(value=0.01), FIGURES.iloc[:0]):
        assert labels <= set(draw(chart(figures)).texts)


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="1 combinations of key stand twice"):
        chart(pd.concat([FIGURES, FIGURES.iloc[:1]]))


def test_texts_are_texts_whatever_they_hold() -> None:
    hostile = "\"'; alert(1) <img src=x onerror=alert(1)> ${1} datum.value \\"
    drawing = draw(chart(title='It\'s "so"', note=hostile, names=NAMES | {"de": hostile}))
    name = f'For: {hostile}; It\'s "so": 50 %; 95 % interval: 40 % – 60 %; Facts: 1,200; Note: {hostile}'
    assert name in drawing.marks
    assert "<img" not in drawing.svg


@pytest.mark.parametrize("theme", THEMES)
def test_charts_of_one_kind_share_nothing_that_varies(theme: Theme) -> None:
    first, second = chart(theme=theme), chart(FIGURES.iloc[:1], note="other", theme=theme)
    assert draw(first).marks.keys() == draw(chart(theme=theme)).marks.keys()
    assert [name.endswith("Note: other") for name in draw(second).marks] == [True]
    assert first["config"] == second["config"]
