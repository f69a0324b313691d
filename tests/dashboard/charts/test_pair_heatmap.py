"""The chart of language pairs: every cell is there, says what it is, and can be read."""

import copy
import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.charts.kit.colour import ink
from dashboard.charts.kit.theme import PALETTES, Theme
from dashboard.charts.pair_heatmap import ANNOTATED_LANGUAGES, pair_heatmap, scale
from engine.metrics.definition import metrics, pair_measures
from tests.support.drawing import draw, selections

NAMES = {"en": "English", "fr": "Français", "he": "עברית", "zh": "中文"}
MEASURES = ("overlap", "above_chance", "transfer")
THEMES: tuple[Theme, ...] = ("light", "dark")

# 200 facts: 163 right in French, 57 in Hebrew, 50 in both, so 113 and 7 in one only; 50 / 170 = 29 %
# By chance, with 81.5 % and 28.5 %: 0.232 / (0.815 + 0.285 - 0.232) = 27 %
PAIR = {"value": 50 / 170, "n": 200, "n_both": 50, "n_only_a": 113, "n_only_b": 7, "expected": 0.2676}


def frame(order: list[str], value: Any = 0.5) -> pd.DataFrame:
    """Every ordered pair with the same value, or with the values of a sequence."""
    pairs = [(a, b) for a in order for b in order]
    values = value if isinstance(value, list) else [value] * len(pairs)
    return pd.DataFrame({"language_a": [a for a, _ in pairs], "language_b": [b for _, b in pairs], "value": values})


def chart(cells: pd.DataFrame, order: list[str], **changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"names": NAMES, "measure": "overlap", "chance": 0.14, "theme": "light", "selected": None}
    choice = usual | changes
    return pair_heatmap(cells, order=order, **choice | {"measure": metrics()[choice["measure"]]})


@pytest.mark.slow
def test_a_cell_says_in_words_what_it_shows() -> None:
    cells = pd.DataFrame(
        [
            {"language_a": "fr", "language_b": "he"} | PAIR,
            {"language_a": "fr", "language_b": "fr", "value": 0.815, "n": 200},
            {"language_a": "he", "language_b": "fr", "value": None, "reason": "only 3 facts in common"},
        ]
    )
    assert set(draw(chart(cells, ["fr", "he"])).marks) == {
        "Right in: Français; Compared with: עברית; Overlap: 29 %; 95 % interval: –; Expected by chance: 27 %; "
        "Right in both: 50; Right in the first only: 113; Right in the second only: 7; Facts: 200",
        "Language: Français; Accuracy: 82 %; 95 % interval: –; Facts: 200",
        "Right in: עברית; Compared with: Français; Overlap: not measured: only 3 facts in common",
        "Right in: עברית; Compared with: עברית; Overlap: not measured: no such figure in the data",
    }


@pytest.mark.parametrize(("value", "figure"), [(0.281, "+28"), (-0.043, "−4"), (0.0, "0"), (0.004, "0")])
def test_above_chance_is_in_points_with_a_sign(value: float, figure: str) -> None:
    drawing = draw(chart(frame(["en", "he"], value), ["en", "he"], measure="above_chance"))
    assert drawing.texts.count(figure) >= 2  # the two cells; the legend has a 0 of its own
    assert any(f"Above chance: {figure} points" in name for name in drawing.marks)


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("value", [0.0, 1.0, 0.37, math.nan, math.inf, None])
@pytest.mark.parametrize("order", [["en"], ["en", "he", "zh"]])
def test_every_pair_has_its_cell_in_extreme_frames(
    order: list[str], value: float | None, measure: str, theme: Theme
) -> None:
    drawing = draw(chart(frame(order, value), order, measure=measure, theme=theme))
    assert len(drawing.marks) == len(order) ** 2
    if value is None or not math.isfinite(value):
        assert drawing.texts.count("–") == len(order) ** 2
        assert drawing.edges(PALETTES[theme].line) == len(order) ** 2


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_pair_has_its_cell_in_any_frame(data: st.DataObject) -> None:
    order = data.draw(st.permutations(sorted(NAMES)))[: data.draw(st.integers(1, 4))]
    numbers = st.one_of(st.none(), st.floats(-2, 2), st.just(math.nan))
    values = data.draw(st.lists(numbers, min_size=len(order) ** 2, max_size=len(order) ** 2))
    cells = frame(order, values).sample(frac=data.draw(st.floats(0, 1)), random_state=1)
    spec = chart(
        cells,
        order,
        measure=data.draw(st.sampled_from(MEASURES)),
        chance=data.draw(st.floats(0, 1)),
        theme=data.draw(st.sampled_from(THEMES)),
        selected=(order[0], order[-1]),
    )
    assert len(draw(spec).marks) == len(order) ** 2


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("measure", MEASURES)
def test_the_colour_drawn_is_the_colour_for_which_the_ink_was_chosen(measure: str, theme: Theme) -> None:
    order = [f"l{number}" for number in range(14)]
    values = [-0.5 + 1.6 * place / 195 for place in range(196)]
    spec = chart(frame(order, values), order, measure=measure, theme=theme, chance=0.25)
    marks = draw(spec).marks
    ramp, low, high = scale(PALETTES[theme], metrics()[measure], 0.25)
    for row, value in zip(spec["data"]["values"], values, strict=True):
        if row["language_a"] != row["language_b"]:
            start = f"Right in: {row['language_a']}; Compared with: {row['language_b']}; "
            drawn = next(look["fill"] for name, look in marks.items() if name.startswith(start))
            assert hexadecimal(drawn) == ramp.colour(value, low, high)
            assert row["white"] == (ink(hexadecimal(drawn)) == "#ffffff")


def hexadecimal(colour: str) -> str:
    """rgb(1, 2, 3) as #010203."""
    if colour.startswith("#"):
        return colour
    return "#" + "".join(f"{int(part):02x}" for part in colour.removeprefix("rgb(").removesuffix(")").split(","))


def test_the_diagonal_is_grey_and_shows_the_accuracy_in_italics() -> None:
    drawing = draw(chart(frame(["en", "he"], [0.9, 0.3, 0.3, 0.28]), ["en", "he"], measure="above_chance"))
    assert (
        drawing.marks["Language: English; Accuracy: 90 %; 95 % interval: –; Facts: –"]["fill"]
        == PALETTES["light"].diagonal
    )
    assert [text for text in drawing.texts if text.endswith("%")] == ["90 %", "28 %"]
    assert drawing.svg.count('font-style="italic"') == 2


def test_the_axes_stand_in_the_order_given_by_name() -> None:
    order = ["zh", "en", "he"]
    spec = chart(frame(sorted(order)), order)
    names = [text for text in draw(spec).texts if text in NAMES.values()]
    assert names == ["中文", "English", "עברית"] * 2
    assert [spec["encoding"][channel]["scale"]["domain"] for channel in "xy"] == [order, order]


def test_figures_are_left_out_where_the_cells_are_too_small() -> None:
    most = [f"l{number:02}" for number in range(ANNOTATED_LANGUAGES + 1)]
    drawing = draw(chart(frame(most), most))
    assert len(drawing.marks) == len(most) ** 2
    assert "50 %" not in drawing.texts
    assert draw(chart(frame(most[:-1]), most[:-1])).texts.count("50 %") == ANNOTATED_LANGUAGES**2


@pytest.mark.parametrize(("languages", "turned"), [(3, False), (40, True)])
def test_names_turn_only_where_there_is_no_room(languages: int, turned: bool) -> None:
    order = [f"l{number:02}" for number in range(languages)]
    spec = chart(frame(order), order, names={tag: "Indonesia" for tag in order})
    assert ("rotate(-40)" in draw(spec).svg) is turned


def test_the_selected_cell_alone_is_outlined_and_lies_on_top() -> None:
    accent = PALETTES["light"].accent
    order = ["en", "he", "zh"]
    assert draw(chart(frame(order), order)).edges(accent) == 0
    drawing = draw(chart(frame(order), order, selected=("he", "en")))
    assert drawing.edges(accent) == 1
    assert drawing.svg.rindex('"rect mark"') < drawing.svg.index(accent)


def test_a_click_gives_the_tags_of_the_pair() -> None:
    assert selections(chart(frame(["en"]), ["en"])) == {"cell": ["language_a", "language_b"]}


def test_a_chart_does_not_touch_another_one_of_its_kind() -> None:
    first = chart(frame(["en", "he"]), ["en", "he"])
    before = copy.deepcopy(first)
    chart(frame(["zh"], 0.1), ["zh"], selected=("zh", "zh"))
    assert first == before


def test_streamlit_finds_one_place_for_the_data() -> None:
    # a data set of Altair's own, or one in a layer, would take the data's place, and the page would stay empty
    spec = chart(frame(["en"]), ["en"])
    assert "datasets" not in spec
    assert not [layer for layer in spec["layer"] if "data" in layer]


def test_names_may_hold_anything() -> None:
    names = {"en": "\"'</text><script>`${1}\\", "he": "constructor"}
    drawing = draw(chart(frame(["en", "he"]), ["en", "he"], names=names))
    assert drawing.texts.count(names["en"]) == 2
    assert f"Language: {names['en']}; Accuracy: 50 %; 95 % interval: –; Facts: –" in drawing.marks


def test_a_pair_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="1 combinations of language_a and language_b stand twice"):
        chart(pd.concat([frame(["en", "he"]), frame(["en"])]), ["en", "he"])


def test_a_frame_without_values_is_refused() -> None:
    with pytest.raises(KeyError, match="value"):
        chart(frame(["en"]).drop(columns="value"), ["en"])


def test_every_measure_of_pairs_says_its_name_and_unit_beside_the_colours() -> None:
    assert tuple(pair_measures()) == MEASURES
    for measure, legend in zip(
        MEASURES, ("Overlap", "Above chance, points", "Transfer from row to column"), strict=True
    ):
        assert legend in draw(chart(frame(["en", "he"]), ["en", "he"], measure=measure)).texts
