"""Every chart of every page on real figures, as the pages themselves build it, drawn in both themes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from dashboard.charts.kit.image import to_svg
from dashboard.charts.kit.spec import Spec
from dashboard.charts.kit.theme import PALETTES, Theme, config
from engine.browse.queries import browse
from engine.database.database import Database, open_database
from engine.locations import EMBEDDED
from tests.support.drawing import Drawing
from tests.support.page import open_page
from tests.support.tables import Said, fact_rows, make_store, result_rows, run_rows

pytestmark = pytest.mark.slow

KEEPS_CACHES = True
# The best, one that guesses, and one that always says the same letter.
MODELS = ("chatgpt", "bloom_7b1", "bloomz_7b1_mt")
DATASETS = ("x_copa", "x_csqa", "x_geo", "x_name")
# All of them in one theme, one in every theme: a theme changes colours alone, which the charts' own tests look at.
DRAWN: tuple[tuple[str, Theme], ...] = tuple(
    (dataset, theme) for dataset in DATASETS for theme in PALETTES if theme == "light" or dataset == "x_geo"
)
# The choices of the three charts on Language pairs, each of them once; None: as the page chooses.
PAIR_VIEWS = (
    ("overlap", "jaccard", "consistency"),
    ("above_chance", "share_of_english", "ac3"),
    ("transfer", None, None),
)
N_LANGUAGES, N_PUBLISHED = 10, 46

Charts = Callable[..., dict[str, Spec]]


@pytest.fixture(scope="module")
def stores(imported: Path) -> tuple[Path, Path]:
    return EMBEDDED, imported


@pytest.fixture(scope="module")
def store(stores: tuple[Path, Path]) -> Iterator[Database]:
    opened = open_database(stores)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def charts_of(stores: tuple[Path, Path]) -> Iterator[Charts]:
    """Runs a page under a theme and with choices in its URL, and gives its charts by their keys."""
    with pytest.MonkeyPatch.context() as patch:

        def charts(page: str, *, theme: Theme, **query: str) -> dict[str, Spec]:
            drawn = open_page(page, patch, *stores, theme=theme, **query).charts
            assert all(spec["config"] == config(theme) for spec in drawn.values())
            return drawn

        for cache in (st.cache_data, st.cache_resource):
            cache.clear()
        yield charts
        for cache in (st.cache_data, st.cache_resource):
            cache.clear()


def names_in(spec: Spec, theme: Theme) -> list[str]:
    """The names of the marks in the picture of a chart, after strict JSON."""
    sent = json.loads(json.dumps(spec, allow_nan=False))
    return list(Drawing(to_svg(sent, theme).decode()).marks)


@pytest.mark.parametrize(("dataset", "theme"), DRAWN)
@pytest.mark.parametrize("model", MODELS)
def test_language_pairs(charts_of: Charts, store: Database, model: str, dataset: str, theme: Theme) -> None:
    cells = browse(store, "pair_cells", model=model, dataset=dataset)
    assert len(cells) == N_LANGUAGES**2
    pairs = cells[cells["language_a"] != cells["language_b"]]
    catalogue = browse(store, "catalogue").set_index(["model", "dataset"])
    has_answers = catalogue.loc[(model, dataset), "source"] == "results"
    for measure, reading, k_measure in PAIR_VIEWS:
        view = {"measure": measure} | ({"reading": reading, "k_measure": k_measure} if reading and k_measure else {})
        charts = charts_of("pairs", theme=theme, model=model, dataset=dataset, **view)
        assert charts.keys() == {"pair-heatmap", "pivot-chart", "k-chart"}
        heatmap = names_in(charts["pair-heatmap"], theme)
        assert len(heatmap) == N_LANGUAGES**2
        assert sum("not measured" in name for name in heatmap) == pairs[measure].isna().sum()
        counts = [int(name.split("Right in both: ")[1].split(";")[0]) for name in heatmap if "Right in both" in name]
        assert sorted(counts) == sorted(pairs.dropna(subset=[measure])["n_both"])
        if reading:
            assert len(names_in(charts["pivot-chart"], theme)) == N_LANGUAGES - 1
            assert len(names_in(charts["k-chart"], theme)) == (N_LANGUAGES - 1 if has_answers else 1)


@pytest.mark.parametrize(("dataset", "theme"), DRAWN)
def test_one_fact(charts_of: Charts, store: Database, dataset: str, theme: Theme) -> None:
    model = MODELS[DATASETS.index(dataset) % len(MODELS)]
    fact = str(store.frame("select min(fact_id) as fact from facts where dataset = $d", {"d": dataset})["fact"].item())
    grid = browse(store, "fact_grid", dataset=dataset, fact=fact)
    charts = charts_of("fact", theme=theme, model=model, dataset=dataset, fact=fact)
    (spec,) = charts.values()
    names = names_in(spec, theme)
    assert len(names) == len(grid) == grid["model"].nunique() * N_LANGUAGES
    assert sum("Answer: right" in name for name in names) == grid["correct"].sum()


@pytest.mark.parametrize(("dataset", "theme"), DRAWN)
def test_overview(charts_of: Charts, store: Database, dataset: str, theme: Theme) -> None:
    """All charts are built and their points drawn; the big heatmaps, which take a second each, once per theme."""
    languages = list(browse(store, "catalogue")["languages"].iloc[0])
    summary = browse(store, "model_summary", dataset=dataset, languages=languages, models=None)
    for level, order in (("accuracy", "strategy"), ("ra", "gap")):
        charts = charts_of("overview", theme=theme, dataset=dataset, model="bloom_7b1", level=level, models_by=order)
        assert charts.keys() == {"model-heatmap", "strategy-chart"}
        points = names_in(charts["strategy-chart"], theme)
        assert len(points) == len(summary.dropna(subset=[f"mean_{level}", "mean_above_chance"]))
        heatmap = charts["model-heatmap"]
        json.dumps(heatmap, allow_nan=False)
        groups = summary["training_strategy"].nunique() if order == "strategy" else 0
        assert len(heatmap["encoding"]["y"]["scale"]["domain"]) == N_PUBLISHED + groups
        assert len(heatmap["data"]["values"]) == N_PUBLISHED * (N_LANGUAGES + 1) + groups
        if (dataset, level) in (("x_copa", "accuracy"), ("x_geo", "ra")):
            names = names_in(heatmap, theme)
            assert len(names) == N_PUBLISHED * (N_LANGUAGES + 1)
            assert not any("not measured" in name for name in names)


@pytest.mark.parametrize("page", ["facts", "methods"])
def test_pages_without_charts(charts_of: Charts, page: str) -> None:
    """A chart that is added to one of these pages is to be drawn here."""
    assert charts_of(page, theme="light", dataset="x_geo", model="chatgpt") == {}


@pytest.mark.parametrize(
    ("said", "n_missing"),
    [
        pytest.param({"en": "AB", "de": "AB"}, 5, id="two languages"),  # two accuracies, and their pair both ways
        pytest.param({"en": "AB"}, None, id="one language"),  # there is no pair, which the page says
        pytest.param(dict.fromkeys(("de", "en", "he"), "??"), 6, id="nothing right"),  # 0 %, but no overlap
        pytest.param(dict.fromkeys(("de", "en", "he"), "!!"), None, id="nothing measured"),
    ],
)
def test_a_model_of_which_little_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: Said, n_missing: int | None
) -> None:
    everywhere = dict.fromkeys(("de", "en", "he"), "AB")
    results = [*result_rows("m", "d", "AB", said), *result_rows("other", "d", "AB", everywhere)]
    runs = [*run_rows("m"), *run_rows("other")]
    make_store(tmp_path, facts=fact_rows("d", "AB", list(everywhere)), results=results, runs=runs).close()
    choices: tuple[dict[str, Any], ...] = ({}, {"cell": "en.de", "measure": "above_chance"})
    for choice in choices:
        charts = open_page("pairs", monkeypatch, tmp_path, model="m", **choice).charts
        assert ("pair-heatmap" in charts) == (n_missing is not None)
        if n_missing is None:
            continue
        names = names_in(charts["pair-heatmap"], "light")
        assert len(names) == 9
        assert sum("not measured" in name for name in names) == n_missing
    for page, key, n_marks in (("overview", "model-heatmap", 2 * 4), ("fact", "fact-grid", 2 * 3)):
        assert len(names_in(open_page(page, monkeypatch, tmp_path, model="m").charts[key], "light")) == n_marks


def test_control_a_broken_chart_is_seen(charts_of: Charts) -> None:
    spec = charts_of("pairs", theme="light", dataset="x_geo", model="chatgpt")["pivot-chart"]
    assert len(names_in(spec, "light")) == N_LANGUAGES - 1
    values = [row | {"value": float("nan")} for row in spec["data"]["values"]]
    with pytest.raises(ValueError, match="not JSON compliant"):
        names_in(spec | {"data": {"values": values}}, "light")
    assert names_in(spec | {"data": {"values": []}}, "light") == []
