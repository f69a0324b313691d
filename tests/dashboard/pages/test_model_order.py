"""The orders of models on the Overview, on a table of four."""

from pathlib import Path

import pandas as pd
import pytest

from dashboard.app_pages.overview.model_order import ORDERS
from engine.browse.queries import browse
from engine.database.database import Database
from tests.support.tables import fact_rows, make_store, result_rows, run_rows

# b is the best, c has no English, d is described by nobody.
SUMMARY = pd.DataFrame(
    {
        "model": ["a", "b", "c", "d"],
        "mean_accuracy": [0.5, 0.9, 0.7, 0.6],
        "english": [0.8, 0.85, None, 0.8],
        "gap": [0.4, -0.05, None, 0.3],
        "mean_above_chance": [0.1, 0.2, -0.1, None],
        "training_strategy": ["tuned", "base", "tuned", None],
        "family": ["Z", "Y", "Z", None],
        "billion_parameters": [7.0, 7.0, 70.0, None],
    }
)


@pytest.mark.parametrize(
    ("order", "models"),
    [
        ("mean", "b c d a"),
        ("en", "b a d c"),  # a and d are equal: by name; c has none: last
        ("gap", "b d a c"),  # the smallest first, also below zero
        ("overlap", "b a c d"),
        ("strategy", "b c a d"),  # base, tuned by accuracy, not known
        ("family", "b c a d"),
        ("size", "c b a d"),  # of two with 7 billion the better one first
        ("name", "a b c d"),
    ],
)
def test_order(order: str, models: str) -> None:
    assert ORDERS[order].models(SUMMARY) == models.split()
    shuffled = SUMMARY.iloc[[2, 0, 3, 1]].reset_index(drop=True)
    assert ORDERS[order].models(shuffled) == models.split()


def test_every_order_is_tested_and_has_a_title_of_its_own() -> None:
    assert set(ORDERS) == {"mean", "en", "gap", "overlap", "strategy", "family", "size", "name"}
    assert len({order.title for order in ORDERS.values()}) == len(ORDERS)


@pytest.mark.parametrize("order", ORDERS)
def test_no_model_is_lost_where_nothing_is_known(order: str) -> None:
    unknown = SUMMARY.copy()
    for column in set(SUMMARY) - {"model"}:
        unknown[column] = None
    assert ORDERS[order].models(unknown) == ["a", "b", "c", "d"]
    assert ORDERS[order].models(SUMMARY.iloc[:0]) == []


def test_groups_are_those_of_the_order() -> None:
    strategies = {"a": "tuned", "b": "base", "c": "tuned", "d": "not known"}
    assert ORDERS["strategy"].groups(SUMMARY) == strategies
    assert ORDERS["family"].groups(SUMMARY) == {"a": "Z", "b": "Y", "c": "Z", "d": "not known"}
    assert all(ORDERS[name].groups(SUMMARY) is None for name in set(ORDERS) - {"strategy", "family"})


@pytest.mark.parametrize("order", ["strategy", "family"])
def test_models_of_a_group_stand_together(order: str) -> None:
    groups = ORDERS[order].groups(SUMMARY) or {}
    in_order = [groups[model] for model in ORDERS[order].models(SUMMARY)]
    assert in_order == sorted(in_order, key=in_order.index)


def test_the_columns_are_those_of_the_view(tmp_path: Path) -> None:
    said = {"en": "AB", "de": "AB", "he": "BA"}
    store: Database = make_store(
        tmp_path,
        facts=fact_rows("d", "AB", list(said)),
        results=[*result_rows("m", "d", "AB", said), *result_rows("o", "d", "AB", said | {"en": "BA"})],
        runs=[*run_rows("m"), *run_rows("o")],
    )
    summary = browse(store, "model_summary", dataset="d", languages=list(said), models=None)
    store.close()
    for order in ORDERS.values():
        assert sorted(order.models(summary)) == ["m", "o"]
    assert ORDERS["mean"].models(summary) == ["m", "o"]  # 4 of 6 right, 2 of 6
    assert ORDERS["gap"].models(summary) == ["o", "m"]  # English minus the others: 0 - 1/2, 1 - 1/2
