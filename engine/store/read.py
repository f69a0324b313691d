"""Reading a store: every verified file in one in-memory DuckDB, with bit strings and pair counts made once."""

import secrets
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import IsoglossError
from engine.metrics.registry import metrics
from engine.schema import TABLES, Table, TableName
from engine.store.askings import Asking, asking_labels
from engine.store.verify import BadFile, Problem, Snapshot, VerifiedFile, read_snapshot, store_version

_SQL = files("engine.store") / "sql"
_SMALL_TABLES: tuple[TableName, ...] = (
    "facts", "traits", "runs", "models", "datasets", "exposure", "published_accuracy", "published_pairs",
)  # fmt: skip
_CELL = ("run_id", "model", "dataset", "language", "probe", "template")
_FACT = ("dataset", "fact_id")
_ANSWER = (*_CELL, "fact_id", "predicted", "correct", "parsed", "text", "error")
# Columns that few answers have; each becomes a table of its own, by a step of its name.
_RARE = ("order_choices", "merged_options")
# ENUMs: the distinct values of a column, wherever it stands. Grouping by them is 5 times faster than by text. A further
# one, model_id, holds the labels of the ways of asking.
_ENUMS = {
    "dataset_id": ("dataset",),
    "language_id": ("language", "language_a", "language_b"),
    "run_id": ("run_id",),
}

# Needed only until the answers are loaded.
_PASSING = ("answered", "answered_facts", "raw_facts", "ways", "labels", "dated", "shown_runs", "other_weights")
_OTHER_WEIGHTS = (
    "figures of two different weights under one name: {n:,} answers of other or unknown weights than those of the run "
    "that finished last were left out; give models of different weights different names"
)

NamedColumn = Literal["model", "dataset", "language"]
_LONGEST_QUERY = 5_000  # milliseconds; loading may take longer


class BrokenStore(IsoglossError):
    """DuckDB gave its database up: no query of this store will be answered again, but one that is opened anew will."""


class Store:
    """An open store. Safe to share between threads: every query has a cursor of its own."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        *,
        version: str,
        problems: Sequence[Problem],
    ) -> None:
        self._connection = connection
        self._names: dict[str, tuple[str, ...]] = {}
        self.version = version
        self.problems = tuple(problems)

    def frame(self, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """Run one query; named parameters ($name) are bound, never pasted. A missing value is NaN, NaT or None.

        IsoglossError if it takes too long; BrokenStore if DuckDB fails within itself.
        """
        try:
            with self._connection.cursor() as cursor:
                return cursor.execute(sql, parameters or None).df()
        except duckdb.InterruptException as error:
            raise IsoglossError(
                f"This took more than {_LONGEST_QUERY / 1000:g} s and was stopped; the machine may be busy. Try again.",
                exit_status=75,
            ) from error
        except (duckdb.InternalException, duckdb.FatalException) as error:
            said = str(error).splitlines()[0]  # below it stands where in DuckDB
            raise BrokenStore(
                f"The database failed within itself ({said}); this is no fault of the data. Try again."
            ) from error

    def names(self, column: NamedColumn) -> tuple[str, ...]:
        """The models (by their labels), datasets or languages that have figures, in alphabetical order."""
        if column not in self._names:
            found = self.frame(f"select distinct {column}::varchar as name from accuracy_counts order by name")  # noqa: S608
            self._names[column] = tuple(found["name"])
        return self._names[column]

    def labels(self, model: str) -> tuple[str, ...]:
        """The ways of asking that a name stands for: a label for itself, else all of the model that is called so."""
        if model in self.names("model"):
            return (model,)
        found = self.frame(
            "select label::varchar as label from askings where model = $model order by label", {"model": model}
        )
        return tuple(label for label in found["label"] if label in self.names("model"))

    def close(self) -> None:
        """Free the memory."""
        self._connection.close()


def open_store(folders: Sequence[Path]) -> Store:
    """Load every readable file of the folders; what had to be left out is in `problems`.

    Where two folders describe the same thing (a fact, a model, a run), the later folder holds.
    """
    version = store_version(folders)
    snapshots = [read_snapshot(folder) for folder in folders]
    connection = duckdb.connect(":memory:")
    _restrict(connection)
    problems = [problem for snapshot in snapshots for problem in snapshot.problems]
    problems += _load(connection, snapshots)
    connection.execute(f"set global max_execution_time = {_LONGEST_QUERY}")
    connection.execute("set lock_configuration = true")
    return Store(connection, version=version, problems=problems)


def _restrict(connection: duckdb.DuckDBPyConnection) -> None:
    """Shut DuckDB off from files, network and extensions. The order matters: later settings refuse earlier ones."""
    # DuckDB makes this folder when it must spill to disk, and removes it.
    spill_folder = Path(tempfile.gettempdir(), f"isogloss-{secrets.token_hex(8)}")
    connection.execute("set global temp_directory = $folder", {"folder": str(spill_folder)})
    for setting in (
        "allowed_directories = []",
        "enable_external_access = false",
        "allow_community_extensions = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "allow_persistent_secrets = false",
        "python_enable_replacements = false",
        "memory_limit = '4GB'",
        "max_temp_directory_size = '8GB'",
        "threads = 2",
        "preserve_insertion_order = true",
        # Else DuckDB holds on to some 40 MB that loading needed.
        "allocator_bulk_deallocation_flush_threshold = '1MB'",
        # DuckDB 2.0.0 may gather chunks of two dictionaries in one cache, notice it, and give up the whole database.
        "debug_enable_caching_operators = false",
    ):
        connection.execute(f"set global {setting}")  # global: a cursor does not take over what is set for a connection


def _load(connection: duckdb.DuckDBPyConnection, snapshots: Sequence[Snapshot]) -> list[Problem]:
    """Make all tables; a file whose data cannot be decoded is left out and named."""
    problems: list[Problem] = []
    by_table: dict[TableName, list[VerifiedFile]] = {name: [] for name in TABLES}
    values: dict[str, set[str]] = {enum: set() for enum in _ENUMS}
    for snapshot in snapshots:
        for file in snapshot.files:
            try:
                distinct = _distinct(file)
            except BadFile as error:
                problems.append(Problem(file.entry.path, str(error)))
                continue
            for enum, columns in _ENUMS.items():
                values[enum] |= set().union(*(distinct.get(column, ()) for column in columns))
            by_table[file.entry.table].append(file)
    for enum, found in values.items():
        _create_enum(connection, enum, found)

    _run(connection, "macros")
    for name in _SMALL_TABLES:
        _gather(connection, "raw_facts" if name == "facts" else name, TABLES[name], by_table[name])
    problems += _load_answers(connection, by_table["results"])
    problems += _drop_repeats(connection)
    _run(connection, "bit_tables")
    for dataset, last in connection.execute("select dataset, max(fact_ix) from facts group by dataset").fetchall():
        for step in ("bits", "fact_sets"):
            _run(connection, step, {"dataset": dataset, "last": last})
    _run(connection, "counts")
    _run(connection, "pair_counts")
    _run(connection, "datasets")
    for metric in metrics().values():
        connection.execute(metric.definition)
    for step in ("pair_cells", "pair_split"):
        _run(connection, step)
    return problems


def _create_enum(connection: duckdb.DuckDBPyConnection, name: str, values: Collection[str]) -> None:
    connection.register("arriving", pa.table({"value": pa.array(sorted(values), pa.string())}))
    connection.execute(f"create type {name} as enum (select value from arriving order by value)")  # noqa: S608 - ours
    connection.unregister("arriving")


def _load_answers(connection: duckdb.DuckDBPyConnection, results: Sequence[VerifiedFile]) -> list[Problem]:
    """Number the facts, name the ways of asking, choose the run that speaks for each cell, and load its answers."""
    for step, columns in (("answered", _CELL), ("answered_facts", _FACT)):
        connection.register("arriving", _reader(results, _results_schema(columns)))
        _run(connection, step)
        connection.unregister("arriving")
    _label_askings(connection)
    for step in ("facts", "askings", "shown_runs", "answers"):
        _run(connection, step)
    loads: list[tuple[str, Sequence[VerifiedFile], Sequence[str]]] = [("insert_answers", results, _ANSWER)]
    for rare in _RARE:
        loads.append((rare, [file for file in results if file.holds(rare)], (*_CELL, "fact_id", "predicted", rare)))
    for step, parts, wanted in loads:
        connection.register("arriving", _reader(parts, _results_schema(wanted)))
        _run(connection, step)
        connection.unregister("arriving")
    left_out = connection.execute("select label, n from other_weights").fetchall()
    for table in _PASSING:
        connection.execute(f"drop table {table}")
    return [Problem(f"model {label}", _OTHER_WEIGHTS.format(n=n)) for label, n in left_out]


def _label_askings(connection: duckdb.DuckDBPyConnection) -> None:
    """Name every way of asking; the names are the values of model_id."""
    _run(connection, "ways")
    labels = asking_labels([Asking(*way) for way in connection.execute("from ways").fetchall()])
    rows = [{**asking._asdict(), "label": label} for asking, label in labels.items()]
    text = pa.schema([(name, pa.string()) for name in (*Asking._fields, "label")])
    connection.register("arriving", pa.Table.from_pylist(rows, schema=text))
    connection.execute("create temp table labels as from arriving")
    connection.unregister("arriving")
    _create_enum(connection, "model_id", labels.values())


def _results_schema(columns: Sequence[str]) -> pa.Schema:
    return pa.schema([TABLES["results"].arrow.field(name) for name in columns])


def _gather(connection: duckdb.DuckDBPyConnection, table: str, schema: Table, parts: Sequence[VerifiedFile]) -> None:
    """Create a table that holds the rows of all parts; of rows with the same key the last part's stays."""
    connection.register("arriving", _reader([], schema.arrow))
    connection.execute("create temp table gathered as select 0 as part, * from arriving")
    connection.unregister("arriving")
    for number, part in enumerate(parts):
        connection.register("arriving", _reader([part], schema.arrow))
        connection.execute("insert into gathered select $part, * from arriving", {"part": number})
        connection.unregister("arriving")
    connection.execute(f"""
        create table {table} as select * exclude (part) from gathered
        qualify row_number() over (partition by {", ".join(schema.key)} order by part desc) = 1
    """)  # noqa: S608 - our own names of tables and columns
    connection.execute("drop table gathered")


def _reader(parts: Sequence[VerifiedFile], schema: pa.Schema) -> pa.RecordBatchReader:
    """The rows of all parts as one stream: never more than a batch in memory."""

    def batches() -> Iterator[pa.RecordBatch]:
        for part in parts:
            yield from part.batches(schema.names)

    return pa.RecordBatchReader.from_batches(schema.remove_metadata(), batches())


def _distinct(file: VerifiedFile) -> dict[str, set[str]]:
    """The values of the ENUM columns; reads all of a file, so that damage shows before anything of it is loaded."""
    names = {column for columns in _ENUMS.values() for column in columns}
    values: dict[str, set[str]] = defaultdict(set)
    for batch in file.batches():
        for name in names.intersection(batch.schema.names):
            values[name].update(str(value) for value in pc.unique(batch.column(name)).to_pylist())
    return values


def _drop_repeats(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Keep one of the answers that stand in the store more than once, and say how many were left out."""
    repeats = connection.execute("""
        select run_id, count(*) - count(distinct (model, dataset, language, fact_ix)) as n_repeats
        from answers group by run_id having n_repeats > 0 order by run_id
    """).fetchall()
    if repeats:
        _run(connection, "drop_repeats")
    return [
        Problem(f"run {run_id}", f"{n_repeats} answers stand in the store more than once; one of each was kept")
        for run_id, n_repeats in repeats
    ]


def _run(connection: duckdb.DuckDBPyConnection, step: str, parameters: Mapping[str, object] | None = None) -> None:
    """Run a file of SQL statements, each with the parameters that it names."""
    for statement in connection.extract_statements((_SQL / f"{step}.sql").read_text(encoding="utf-8")):
        bound = {name: parameters[name] for name in statement.named_parameters} if parameters else None
        connection.execute(statement, bound)
