"""The process in which the pair matrix is timed: prints one JSON object. Its memory goes back when it ends."""

import json
import sys
import time
from typing import Any

import duckdb
import pandas as pd
from pandas.testing import assert_frame_equal

from engine.schema import TABLES, TableName
from tests.bench.matrix_queries import BIT_STRINGS, FULL_SELF_JOIN, PRE_AGGREGATED, SELF_JOIN
from tests.bench.rounds import medians, take_turns
from tests.bench.synthetic import DATASET, make_answers, run_sql


class Matrix:
    """One model's matrix, in several ways; a round takes the next model."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, models: int, facts: int) -> None:
        self.connection = connection
        self.models = models
        self.last = facts - 1

    def query(self, sql: str, number: int) -> pd.DataFrame:
        """The rows of a query for the model of a round."""
        parameters: dict[str, Any] = {"model": f"model_{number % self.models:03}", "dataset": DATASET}
        if "$last" in sql:
            parameters["last"] = self.last
        return self.connection.execute(sql, parameters).df()

    def store_sql(self, number: int) -> pd.DataFrame:
        """The store's own SQL as it stands, on a schema in which only the round's model has answers."""
        model = f"model_{number % self.models:03}"
        self.connection.execute("create schema one")
        self.connection.execute(f"create view one.answers as select * from main.answers where model = '{model}'")
        self.connection.execute("set search_path = 'one,main'")
        self.prepare()
        rows = self.query(PRE_AGGREGATED, number)
        self.connection.execute("set search_path = 'main'")
        self.connection.execute("drop schema one cascade")
        return rows

    def prepare(self) -> None:
        """The store's bit strings and pair counts of every answer in sight."""
        run_sql(self.connection, "bit_tables")
        run_sql(self.connection, "bits", dataset=DATASET, last=self.last)
        run_sql(self.connection, "pair_counts")


def _measure(models: int, languages: int, facts: int, *, rounds: int, narrow: bool) -> dict[str, Any]:
    start = time.perf_counter()
    connection = make_answers(models=models, languages=languages, facts=facts, narrow=narrow)
    matrix = Matrix(connection, models=models, facts=facts)
    done: dict[str, Any] = {"seconds to make": time.perf_counter() - start}
    assert_frame_equal(matrix.query(BIT_STRINGS, 0), matrix.query(SELF_JOIN, 0))
    done["ms"] = medians(
        take_turns(
            {"bits": lambda n: matrix.query(BIT_STRINGS, n), "join": lambda n: matrix.query(SELF_JOIN, n)},
            rounds=rounds,
        )
    )
    if narrow:
        return done
    _no_published_figures(connection)
    assert_frame_equal(matrix.store_sql(0), matrix.query(FULL_SELF_JOIN, 0), check_dtype=False)
    done["ms in full"] = medians(
        take_turns({"store": matrix.store_sql, "join": lambda n: matrix.query(FULL_SELF_JOIN, n)}, rounds=rounds)
    )
    start = time.perf_counter()
    matrix.prepare()
    done["ms all models"] = 1000 * (time.perf_counter() - start)
    assert_frame_equal(matrix.query(PRE_AGGREGATED, 1), matrix.query(FULL_SELF_JOIN, 1), check_dtype=False)
    done["ms pre-aggregated"] = medians(
        take_turns({"table": lambda n: matrix.query(PRE_AGGREGATED, n)}, rounds=5 * rounds)
    )["table"]
    return done


def _no_published_figures(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables of published counts that the store's SQL also reads, empty."""
    tables: tuple[TableName, ...] = ("published_accuracy", "published_pairs")
    for name in tables:
        connection.register("arriving", TABLES[name].arrow.remove_metadata().empty_table())
        connection.execute(f"create table {name} as from arriving")
        connection.unregister("arriving")
    run_sql(connection, "counts")


if __name__ == "__main__":
    models, languages, facts, rounds, narrow = map(int, sys.argv[1:])
    print(json.dumps(_measure(models, languages, facts, rounds=rounds, narrow=bool(narrow))))
