"""The measures: each is one SQL file whose header says what it means; here they are read, registered and computed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from engine.errors import IsoglossError

if TYPE_CHECKING:
    from engine.store.read import Store

Level = Literal["performance", "consistency", "conductivity"]
_LEVELS: dict[str, Level] = {level: level for level in get_args(Level)}
# A metric may build on those before it.
_ORDER = (
    "accuracy", "ra", "overlap", "transfer", "en_co", "consistency", "fact_spread", "letter_bias", "wording_overlap",
    "exposure_accuracy", "crossed", "right_answers_made_of", "measured_and_crossed", "measures_against_truth",
)  # fmt: skip
_INTERVAL = ("ci_low", "ci_high")
_KEYS = (
    "model", "probe", "treatment", "dataset", "language", "language_a", "language_b", "k", "fact_id",
    "exposure", "strings", "measure", "unit",
)  # fmt: skip
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


@dataclass(frozen=True)
class Metric:
    """A measure as its SQL file states it."""

    name: str
    title: str
    level: Level
    meaning: str
    range: str
    direction: str
    interval: str
    source: str
    confirmed: bool
    confirmation: str
    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    sql: str

    @property
    def definition(self) -> str:
        """The statement that brings the metric into a store: a table, or a table macro where it has parameters.

        A table rather than a view: it is small, made once per store, and planning the view took longer than reading it.
        """
        if self.parameters:
            return f"create macro {self.name}({', '.join(self.parameters)}) as table {self.sql}"
        return f"create table {self.name} as {self.sql}"


def _read(name: str) -> Metric:
    """Parse the header of engine/metrics/<name>.sql: `-- key: value`, continued by lines indented behind `--`."""
    text = (files("engine.metrics") / f"{name}.sql").read_text(encoding="utf-8")
    header: dict[str, str] = {}
    key = ""
    lines = text.splitlines()
    for line in lines[: next(i for i, line in enumerate(lines) if not line.startswith("--"))]:
        if match := re.fullmatch(r"-- (\w+): (.+)", line):
            key, header[match[1]] = match[1], match[2]
        else:
            header[key] += " " + line.removeprefix("--").strip()
    confirmed, _, confirmation = header["confirmed"].partition(". ")
    return Metric(
        name=name,
        title=header["title"],
        level=_LEVELS[header["level"]],
        meaning=header["meaning"],
        range=header["range"],
        direction=header["direction"],
        interval=header["interval"],
        source=header["source"],
        confirmed=confirmed == "yes",
        confirmation=confirmation,
        parameters=tuple(header.get("parameters", "").replace(",", " ").split()),
        columns=tuple(header["columns"].replace(" ", "").split(",")),
        sql=text,
    )


@cache
def metrics() -> Mapping[str, Metric]:
    """Every metric by its name, each after those it builds on."""
    return {name: _read(name) for name in _ORDER}


def compute(
    store: "Store",
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
    if interval and not metric.interval.startswith("none"):
        columns += [bound for bound in _INTERVAL if bound not in columns]
    relation = name
    if metric.parameters:
        relation += f"({', '.join(f'{p} := {_ARGUMENTS[p]}' for p in metric.parameters)})"
    tests = [_chosen("dataset", "datasets")]
    if "model" in columns:  # a metric over models takes them as a parameter
        tests.append(_ASKINGS_OF_MODELS if _COMPARES in columns else _chosen("model", "models"))
    tests += [_chosen(column, "languages") for column in columns if column.startswith("language")]
    where = " and ".join(tests)
    order = ", ".join(column for column in columns if column in _KEYS)
    sql = f"select {', '.join(columns)} from {relation} where {where} order by {order}"  # noqa: S608 - our own names
    bound: dict[str, object] = {"datasets": datasets, "models": models, "languages": languages, "pivot": pivot}
    return store.frame(sql, {key: value for key, value in bound.items() if f"${key}" in sql})


def _chosen(column: str, values: str) -> str:
    """The test of a column against a list of values, which is NULL for all."""
    return f"(${values}::varchar[] is null or list_contains(${values}, {column}::varchar))"


def _labels(store: "Store", models: Sequence[str]) -> list[str]:
    """The labels of the ways of asking that are meant. Refuses unknown names."""
    labels = {name: store.labels(name) for name in models}
    _refuse_unknown(store, "model", [name for name in models if not labels[name]])
    return [label for name in models for label in labels[name]]


def _refuse_unknown(store: "Store", column: Literal["model", "dataset", "language"], values: Sequence[str]) -> None:
    """Refuse names without figures, naming those that have some."""
    for value in values:
        if value not in store.names(column):
            valid = ", ".join(store.names(column)) or "none: the store is empty"
            raise IsoglossError(f"no figures for {column} {value!r}; there are: {valid}", exit_status=64)
