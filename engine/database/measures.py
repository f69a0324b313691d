"""Bringing the measures into a database: a table each, or a macro where a measure has parameters."""

import duckdb

from engine.database.pairs import measured_pairs, pair_cells
from engine.metrics.definition import MEASURED_PAIRS, metrics, pair_measures
from engine.metrics.metric import FaultyMetric, Metric


def create_measures(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every measure, the tables in which those of pairs stand side by side, and their list, `pair_measures`.

    Raises FaultyMetric for a statement that cannot be, or does not give the columns that its header names.
    """
    missing = set(pair_measures())
    for name, metric in metrics().items():
        _create(connection, metric)
        if missing and not (missing := missing - {name}):
            connection.execute(f"create table {MEASURED_PAIRS} as {measured_pairs()}")
            connection.execute("create table pair_measures (measure varchar, scale varchar)")
            rows = [(measure.name, measure.scale) for measure in pair_measures().values()]
            connection.executemany("insert into pair_measures values (?, ?)", rows)
    connection.execute(f"create table pair_cells as {pair_cells()}")


def _create(connection: duckdb.DuckDBPyConnection, metric: Metric) -> None:
    columns = [*metric.columns, *(("ci_low", "ci_high") if metric.has_interval else ())]
    arguments = f"({', '.join('null' for _ in metric.parameters)})" if metric.parameters else ""
    try:
        connection.execute(metric.definition)
        connection.execute(f"select {', '.join(columns)} from {metric.name}{arguments} limit 0")  # noqa: S608 - ours
    except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as error:
        raise FaultyMetric(metric.name, metric.origin, str(error).partition("\n")[0]) from error
