"""A process that runs one query on a database file, and prints by how many MB its memory rose.

It has never held anything large, so memory kept from earlier work cannot hide what the query takes.
"""

import sys

import duckdb
import psutil

from tests.bench.matrix_queries import BIT_STRINGS, SELF_JOIN
from tests.bench.process import forget_peak, peak_mb, rss_mb
from tests.bench.synthetic import DATASET, SETTINGS


def _extra_mb(database: str, sql: str, facts: int) -> float:
    connection = duckdb.connect(database, read_only=True, config=SETTINGS)
    connection.execute("select 1").df()  # pandas is imported here
    parameters: dict[str, object] = {"model": "model_001", "dataset": DATASET}
    before = rss_mb(psutil.Process())
    forget_peak()
    connection.execute(sql, parameters | ({"last": facts - 1} if "$last" in sql else {})).df()
    return peak_mb() - before


if __name__ == "__main__":
    database, query, facts = sys.argv[1:]
    print(_extra_mb(database, {"bits": BIT_STRINGS, "join": SELF_JOIN}[query], int(facts)))
