"""Computing a measure on an open database: its rows, filtered, in the order of its columns."""

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from engine.database.database import Database
from engine.errors import IsoglossError
from engine.metrics.definition import metrics

_INTERVAL = ("ci_low", "ci_high")
# A metric with this column compares ways of asking a model: its `model` is the model's own name, not a label.
_COMPARES = "probe"
_ASKINGS_OF_MODELS = """($models::varchar[] is null or (model, probe) in (
    select (k.model, k.probe) from askings as k where list_contains($models, k.label::varchar)
))"""
_ARGUMENTS = {
    "datasets": "$datasets::varchar[]",
    "models": "$models::varchar[]",
    "languages": "$languages::varchar[]",
    "pivot_language": "$pivot",
}


def compute(
    store: Database,
    name: str,
    *,
    datasets: Sequence[str] | None = None,
    models: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    pivot: str = "en",
    interval: bool = False,
) -> pd.DataFrame:
    """A metric's rows, filtered (None: all), in the order of its columns; `interval` adds ci_low and ci_high.

    A model is named by the label of a way of asking it, or by its own name, which stands for all of them. Raises
    IsoglossError for an unknown metric, model, dataset or language, and lists the valid ones.
    """
    if name not in metrics():
        raise IsoglossError(f"no metric {name!r}; there are: {', '.join(metrics())}", exit_status=64)
    metric = metrics()[name]
    _refuse_unknown(store, "dataset", datasets or ())
    models = None if models is None else _labels(store, models)
    _refuse_unknown(store, "language", languages or ())
    if "pivot_language" in metric.parameters:
        _refuse_unknown(store, "language", [pivot])

    columns = list(metric.columns)
    if interval and metric.has_interval:
        columns += [bound for bound in _INTERVAL if bound not in columns]
    relation = name
    if metric.parameters:
        relation += f"({', '.join(f'{p} := {_ARGUMENTS[p]}' for p in metric.parameters)})"
    tests = [_chosen("dataset", "datasets")]
    if "model" in columns:  # a metric over models takes them as a parameter
        tests.append(_ASKINGS_OF_MODELS if _COMPARES in columns else _chosen("model", "models"))
    tests += [_chosen(column, "languages") for column in columns if column.startswith("language")]
    where = " and ".join(tests)
    order = ", ".join(metric.key)
    sql = f"select {', '.join(columns)} from {relation} where {where} order by {order}"  # noqa: S608 - our own names
    bound: dict[str, object] = {"datasets": datasets, "models": models, "languages": languages, "pivot": pivot}
    return store.frame(sql, {key: value for key, value in bound.items() if f"${key}" in sql})


def _chosen(column: str, values: str) -> str:
    """The test of a column against a list of values, which is NULL for all."""
    return f"(${values}::varchar[] is null or list_contains(${values}, {column}::varchar))"


def _labels(store: Database, models: Sequence[str]) -> list[str]:
    """The labels of the ways of asking that are meant. Refuses unknown names."""
    labels = {name: store.labels(name) for name in models}
    _refuse_unknown(store, "model", [name for name in models if not labels[name]])
    return [label for name in models for label in labels[name]]


def _refuse_unknown(store: Database, column: Literal["model", "dataset", "language"], values: Sequence[str]) -> None:
    """Refuse names without figures, naming those that have some."""
    for value in values:
        if value not in store.names(column):
            valid = ", ".join(store.names(column)) or "none: the store is empty"
            raise IsoglossError(f"no figures for {column} {value!r}; there are: {valid}", exit_status=64)
