"""Colours of values, and that everything written on them or on the page can be read."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts.kit.colour import Ramp, contrast, ink, start_of_scale
from dashboard.charts.kit.theme import PALETTES, Theme, config

THEMES: tuple[Theme, ...] = ("light", "dark")
GREY = Ramp(("#000000", "#ffffff"))
RAMPS = [(theme, name) for theme in THEMES for name in ("sequential", "diverging")]


def ramp_of(theme: Theme, name: str) -> Ramp:
    ramp: Ramp = getattr(PALETTES[theme], name)
    return ramp


def test_a_value_between_two_stops_is_mixed_evenly() -> None:
    # half way: 127.5 rounds up to 128 = 0x80; a quarter: 63.75 rounds to 64 = 0x40
    assert GREY.colour(0.5, 0, 1) == "#808080"
    assert GREY.colour(0.25, 0, 1) == "#404040"
    # -0.4 to 0.4 in two steps: 0.2 is half way up the second
    three = Ramp(("#ff0000", "#000000", "#0000ff"))
    assert three.colour(0.2, -0.4, 0.4) == "#000080"
    assert three.colour(0, -0.4, 0.4) == "#000000"


@pytest.mark.parametrize(("value", "colour"), [(-3.0, "#000000"), (0.2, "#000000"), (1.0, "#ffffff"), (7.0, "#ffffff")])
def test_beyond_the_ends_the_colour_stays(value: float, colour: str) -> None:
    assert GREY.colour(value, 0.2, 1.0) == colour


def test_the_stops_lie_evenly_over_the_range() -> None:
    assert Ramp(("#000000", "#808080", "#ffffff")).domain(0.25, 1.0) == [0.25, 0.625, 1.0]


@pytest.mark.parametrize(("chance", "start"), [(0.25, 0.25), (0.0, 0.0), (-0.1, 0.0), (1.0, 0.95), (math.nan, 0.0)])
def test_a_scale_starts_at_chance_and_always_has_a_width(chance: float, start: float) -> None:
    assert start_of_scale(chance) == start


def test_contrast_as_wcag_has_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the well-known grey that just fails
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize(("theme", "name"), RAMPS)
def test_figures_can_be_read_on_every_colour_of_every_scale(theme: Theme, name: str) -> None:
    ramp = ramp_of(theme, name)
    for step in range(4001):
        colour = ramp.colour(step / 4000, 0, 1)
        assert contrast(ink(colour), colour) >= 4.5, colour


@given(st.integers(0, 0xFFFFFF))
def test_ink_is_readable_on_any_colour_at_all(number: int) -> None:
    colour = f"#{number:06x}"
    assert contrast(ink(colour), colour) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_more_is_darker_in_the_light_theme_and_brighter_in_the_dark_one(theme: Theme) -> None:
    palette = PALETTES[theme]
    away = [contrast(palette.background, colour) for colour in palette.sequential.stops]
    assert away == sorted(away)
    assert away[-1] > 2 * away[0]


@pytest.mark.parametrize("theme", THEMES)
def test_zero_is_the_quietest_colour_of_the_diverging_scale(theme: Theme) -> None:
    palette = PALETTES[theme]
    away = [contrast(palette.background, colour) for colour in palette.diverging.stops]
    middle = len(away) // 2
    assert len(away) % 2 == 1
    assert away[: middle + 1] == sorted(away[: middle + 1], reverse=True)
    assert away[middle:] == sorted(away[middle:])


@pytest.mark.parametrize("theme", THEMES)
def test_text_of_the_charts_can_be_read_on_the_page(theme: Theme) -> None:
    palette, settings = PALETTES[theme], config(theme)
    labels = [settings[guide][part] for guide in ("axis", "legend") for part in ("labelColor", "titleColor")]
    for colour in (*labels, palette.text, palette.muted):
        assert contrast(colour, palette.background) >= 4.5
    assert contrast(palette.text, palette.diagonal) >= 4.5
    assert all(contrast(ink(colour), colour) >= 4.5 for colour in (palette.right, palette.wrong))


@pytest.mark.parametrize("theme", THEMES)
def test_points_and_outlines_stand_out_from_the_page(theme: Theme) -> None:
    palette = PALETTES[theme]
    for colour in (*palette.categories, palette.accent):
        assert contrast(colour, palette.background) >= 3
    assert len(set(palette.categories)) == len(palette.categories)
