"""The charts of models: accuracy in languages, one fact, training; and the charts as pictures."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.elements.vega_charts import _marshall_chart_data, _prepare_vega_lite_spec
from streamlit.proto.VegaLiteChart_pb2 import VegaLiteChart

from dashboard.charts.fact_grid import fact_grid
from dashboard.charts.kit.image import to_png, to_svg
from dashboard.charts.kit.theme import PALETTES, Theme
from dashboard.charts.model_heatmap import MEAN, model_heatmap
from dashboard.charts.strategy_chart import strategy_chart
from tests.support.drawing import Drawing, draw, selections

NAMES = {"en": "English", "he": "עברית", "zh": "中文"}
ORDER = list(NAMES)
MODELS = ["small", "large"]
THEMES: tuple[Theme, ...] = ("light", "dark")


def accuracies(value: float | None = 0.5, languages: tuple[str, ...] = ("en", "he", "zh")) -> pd.DataFrame:
    rows = [(model, language) for model in MODELS for language in languages]
    cells = pd.DataFrame(rows, columns=["model", "language"])
    return cells.assign(value=value, ci_low=0.43, ci_high=0.57, n=200, reason=None)


def models_chart(cells: pd.DataFrame, models: list[str] = MODELS, **changes: Any) -> dict[str, Any]:
    choice: dict[str, Any] = {"measure": "accuracy", "chance": 0.25, "theme": "light", "selected_model": None}
    return model_heatmap(cells, models=models, order=ORDER, names=NAMES, **choice | changes)


def test_a_model_in_a_language_says_value_interval_and_n() -> None:
    names = set(draw(models_chart(accuracies())).marks)
    assert "Model: large; Language: עברית; Accuracy: 50 %; 95 % interval: 43 % – 57 %; Facts: 200" in names
    assert len(names) == 6


def test_rows_of_means_make_a_first_column() -> None:
    cells = accuracies(languages=("zh", MEAN, "en", "he")).assign(ci_low=None)
    drawing = draw(models_chart(cells))
    assert [text for text in drawing.texts if text in {"Mean", *NAMES.values()}] == ["Mean", *NAMES.values()]
    assert "Model: small; Language: Mean; Accuracy: 50 %; 95 % interval: –; Facts: 200" in drawing.marks
    assert MEAN not in models_chart(accuracies())["encoding"]["x"]["scale"]["domain"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("value", [0.0, 1.0, None])
def test_a_model_with_nothing_right_and_one_without_figures_are_drawn(value: float | None, theme: Theme) -> None:
    drawing = draw(models_chart(accuracies(value), theme=theme, measure="ra", chance=0))
    assert len(drawing.marks) == 6
    assert drawing.texts.count("–") == (6 if value is None else 0)
    assert all(("not measured" in name) == (value is None) for name in drawing.marks)


def test_groups_stand_under_their_headings_with_all_their_models() -> None:
    cells = accuracies().assign(group=lambda rows: rows["model"].map({"small": "instruction tuning"}))
    spec = models_chart(cells)
    assert {"Instruction tuning (1)", "Unknown (1)"} <= set(draw(spec).texts)
    lines = ["group:instruction tuning", "small", "group:unknown", "large"]
    assert spec["encoding"]["y"]["scale"]["domain"] == lines
    assert spec["height"] == 4 * models_chart(accuracies(), models=["small"])["height"]


def test_the_row_of_the_selected_model_is_outlined_once() -> None:
    accent = PALETTES["light"].accent
    assert draw(models_chart(accuracies(), selected_model="large")).edges(accent) == 1
    assert draw(models_chart(accuracies(), selected_model="absent")).edges(accent) == 0
    assert selections(models_chart(accuracies())) == {"cell": ["model", "language"]}


def grid(correct: list[object], **changes: Any) -> Drawing:
    cells = accuracies().drop(columns="value").assign(correct=pd.Series(correct, dtype=object), **changes)
    return draw(fact_grid(cells, models=MODELS, order=ORDER, names=NAMES, theme="light"))


def test_a_fact_is_right_wrong_or_not_measured_by_sign_as_well_as_colour() -> None:
    drawing = grid([True, False, None, True, True, float("nan")], said=["A", "C", None] * 2, reason="no answer read")
    assert [drawing.texts.count(sign) for sign in "✓✗–"] == [3, 1, 2]
    assert len({look["fill"] for look in drawing.marks.values()}) == 3
    names = set(drawing.marks)
    assert "Model: small; Language: עברית; Answer: wrong (said C)" in names
    assert "Model: large; Language: 中文; Answer: not measured: no answer read" in names


@pytest.mark.parametrize("state", [True, False, None])
def test_a_grid_of_one_state_is_drawn(state: bool | None) -> None:
    assert len(grid([state] * 6).marks) == 6


def points_of(x: list[float | None], **changes: Any) -> pd.DataFrame:
    names = [f"m{number}" for number in range(len(x))]
    frame = pd.DataFrame({"model": names, "x": x, "y": 0.2, "family": "F", "billion_parameters": 7.0, "n": 2000})
    return frame.assign(strategy="base").assign(**changes)


def test_a_point_says_all_about_its_model_whatever_the_titles_hold() -> None:
    spec = strategy_chart(
        points_of([0.5, 0.25], billion_parameters=[7.0, None]), x_title='Mean "accuracy"', y_title="It's", theme="dark"
    )
    start = "Model: m1; Family: F; Size: –; Training: base; "
    assert f'{start}Mean "accuracy": 25 %; It\'s: +20 points; Facts: 2,000' in draw(spec).marks
    assert selections(spec) == {"point": ["model"]}


@pytest.mark.parametrize("x", [[], [0.5], [0.5, 0.5], [0.0, None, 1.0], [None]])
def test_every_placed_model_has_a_point(x: list[float | None]) -> None:
    spec = strategy_chart(points_of(x), x_title="Accuracy", y_title="Gap", theme="light", selected_model="m0")
    assert len(draw(spec).marks) == sum(value is not None for value in x)


@pytest.fixture(scope="module")
def published(published_csv: Path) -> pd.DataFrame:
    """All 46 models on the geography facts, with their means."""
    counts = pd.read_csv(published_csv / "clika_accuracy.csv").query("dataset == 'x_geo'")
    cells = counts.groupby(["model", "language"], as_index=False)[["n", "correct"]].sum()
    cells = cells.assign(value=cells["correct"] / cells["n"])
    means = cells.groupby("model", as_index=False).agg(value=("value", "mean"), n=("n", "sum")).assign(language=MEAN)
    whole = pd.concat([cells, means])
    return whole.assign(ci_low=whole["value"] - 0.06, ci_high=whole["value"] + 0.06)


@pytest.mark.slow
def test_all_published_models_are_drawn_and_fit_into_a_message(published: pd.DataFrame) -> None:
    models, order = sorted(published["model"].unique()), sorted(set(published["language"]) - {MEAN})
    choice: dict[str, Any] = {"measure": "accuracy", "chance": 0.25, "theme": "light", "selected_model": None}
    spec = model_heatmap(published, models=models, order=order, names=NAMES, **choice)
    assert len(draw(spec).marks) == 46 * 11
    message = VegaLiteChart()
    _marshall_chart_data(message, _prepare_vega_lite_spec(spec, True), None)
    assert len(message.data.data) <= 50 * 1024


@pytest.mark.parametrize("theme", THEMES)
def test_a_chart_is_a_picture_on_the_background_of_its_theme(theme: Theme) -> None:
    svg = to_svg(models_chart(accuracies(), theme=theme), theme).decode()
    assert f'fill="{PALETTES[theme].background}"' in svg
    assert 'font-family="Noto Sans Hebrew, sans-serif"' in svg
    assert 'font-family="Noto Sans CJK SC, sans-serif"' in svg
    assert {"עברית", "中文", "large"} <= set(Drawing(svg).texts)


def test_a_picture_has_the_pixels_asked_for() -> None:
    def width(png: bytes) -> int:
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        return int.from_bytes(png[16:20])

    spec = models_chart(accuracies())
    assert width(to_png(spec, "light", scale=2)) == pytest.approx(2 * width(to_png(spec, "light", scale=1)), abs=2)


@pytest.mark.slow
def test_the_charts_need_no_streamlit() -> None:
    files = [path for path in Path("dashboard/charts").rglob("*.py") if path.stem != "__init__"]
    modules = [".".join(path.with_suffix("").parts) for path in files]
    others = ("dashboard.elements.table_files", "dashboard.elements.fact_table", "dashboard.elements.figures")
    imports = "; ".join(f"import {name}" for name in modules)
    code = f"import sys; {imports}; import {', '.join(others)}; sys.exit('streamlit' in sys.modules)"
    assert len(modules) >= 8
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
