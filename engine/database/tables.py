"""From verified files to the tables that measures and pages read, all in one DuckDB."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.resources import files

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from engine.database.agreement import disagreements
from engine.database.measures import create_measures
from engine.database.ways_of_asking import WayOfAsking, asking_labels
from engine.schema import TABLES, Table, TableName
from engine.store.breach import possible_batches
from engine.store.verify import StoreProblem, VerifiedFile

_SQL = files("engine.database") / "sql"
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
_PASSING = (
    "answered", "answered_facts", "raw_facts", "published_ways", "ways", "labels", "dated", "shown_runs",
    "other_weights",
)  # fmt: skip
_OTHER_WEIGHTS = (
    "figures of two different weights under one name: {n:,} answers of other or unknown weights than those of the run "
    "that finished last were left out; give models of different weights different names"
)

_UNKNOWN_FACTS = (
    "a file of facts was left out, and the right options of some facts that were answered are not known: RA without a "
    "stated chance, overlap expected and above chance are missing"
)
_UNKNOWN_CHANCE = "a file of facts or datasets was left out, so the chance of guessing is not known: RA is missing"
# Tables of which nothing is used once a file of them had to be left out: what one row means rests on the others.
_WHOLE: tuple[TableName, ...] = ("exposure", "traits")


class FilesContradict(Exception):
    """Files that cannot be true beside the others, each with the reason."""

    def __init__(self, reasons: Mapping[VerifiedFile, str]) -> None:
        super().__init__(f"{len(reasons)} files contradict others")
        self.reasons = reasons


def distinct_values(file: VerifiedFile) -> dict[str, set[str]]:
    """The values of the columns that become ENUMs; reads all of a file, so that what is wrong with it shows first.

    Raises BadFile for data that cannot be decoded, and for values that cannot be.
    """
    names = {column for columns in _ENUMS.values() for column in columns}
    values: dict[str, set[str]] = defaultdict(set)
    for batch in possible_batches(file):
        for name in names.intersection(batch.schema.names):
            values[name].update(str(value) for value in pc.unique(batch.column(name)).to_pylist())
    return values


def load(
    connection: duckdb.DuckDBPyConnection,
    readable: Mapping[VerifiedFile, Mapping[str, Collection[str]]],
    *,
    left_out: Collection[TableName],
    without: Collection[str] = (),
) -> list[StoreProblem]:
    """Make all tables of files and their distinct values; what was left out of them is in the problems.

    `left_out`: the tables of which a file is not among them. `without`: datasets that are not loaded. Raises
    FilesContradict.
    """
    by_table: dict[TableName, list[VerifiedFile]] = {name: [] for name in TABLES}
    for file in readable:
        if file.entry.table not in set(_WHOLE).intersection(left_out):
            by_table[file.entry.table].append(file)
    for enum, columns in _ENUMS.items():
        values = {value for distinct in readable.values() for column in columns for value in distinct.get(column, ())}
        _create_enum(connection, enum, values)
    loading = _Loading(connection, without)
    loading.run("macros")
    for name in _SMALL_TABLES:
        loading.gather("raw_facts" if name == "facts" else name, TABLES[name], by_table[name])
    loading.answers(by_table["results"])
    if reasons := disagreements(connection, by_table):
        raise FilesContradict(reasons)
    problems = loading.tidy()
    loading.run("bit_tables")
    for dataset, last in connection.execute("select dataset, max(fact_ix) from facts group by dataset").fetchall():
        for step in ("bits", "fact_sets"):
            loading.run(step, {"dataset": dataset, "last": last})
    for step in ("counts", "pair_counts", "pair_parts", "datasets"):
        loading.run(step, {"left_out": sorted(left_out)})
    create_measures(connection)
    return problems + loading.missing(left_out)


class _Loading:
    """The steps of loading, which share the connection and the datasets that are not loaded."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, without: Collection[str]) -> None:
        self._connection = connection
        self._without = pa.array(sorted(without), pa.string())

    def run(self, step: str, parameters: Mapping[str, object] | None = None) -> None:
        """Run a file of SQL statements, each with the parameters that it names."""
        for statement in self._connection.extract_statements((_SQL / f"{step}.sql").read_text(encoding="utf-8")):
            bound = {name: parameters[name] for name in statement.named_parameters} if parameters else None
            self._connection.execute(statement, bound or None)

    def gather(self, table: str, schema: Table, parts: Sequence[VerifiedFile]) -> None:
        """Create a table that holds the rows of all parts; of rows with the same key the last part's stays."""
        self._arrive([], schema.arrow, "create temp table gathered as select 0 as part, * from arriving")
        for number, part in enumerate(parts):
            self._arrive([part], schema.arrow, "insert into gathered select $part, * from arriving", {"part": number})
        self._connection.execute(f"""
            create table {table} as select * exclude (part) from gathered
            qualify row_number() over (partition by {", ".join(schema.key)} order by part desc) = 1
        """)  # noqa: S608 - our own names of tables and columns
        self._connection.execute("drop table gathered")

    def answers(self, results: Sequence[VerifiedFile]) -> None:
        """Number the facts, name the ways of asking, choose the run that speaks for each cell, and load its answers."""
        for step, columns in (("answered", _CELL), ("answered_facts", _FACT)):
            self._arrive(results, _results_schema(columns), step)
        self._label_askings()
        for step in ("facts", "askings", "shown_runs", "answers"):
            self.run(step)
        self._arrive(results, _results_schema(_ANSWER), "insert_answers")
        for rare in _RARE:
            holding = [file for file in results if file.holds(rare)]
            self._arrive(holding, _results_schema((*_CELL, "fact_id", "predicted", rare)), rare)

    def tidy(self) -> list[StoreProblem]:
        """Drop what only loading needed, and answers that do not speak or stand there twice; which these were."""
        left_out = self._connection.execute("select label, n from other_weights").fetchall()
        for table in _PASSING:
            self._connection.execute(f"drop table {table}")
        repeats = self._connection.execute("""
            select run_id, count(*) - count(distinct (model, dataset, language, fact_ix)) as n_repeats
            from answers group by run_id having n_repeats > 0 order by run_id
        """).fetchall()
        if repeats:
            self.run("drop_repeats")
        return [StoreProblem(f"model {label}", _OTHER_WEIGHTS.format(n=n)) for label, n in left_out] + [
            StoreProblem(f"run {run_id}", f"{n} answers stand in the store more than once; one of each was kept")
            for run_id, n in repeats
        ]

    def missing(self, left_out: Collection[TableName]) -> list[StoreProblem]:
        """Which figures are missing for what was left out."""
        problems = [
            StoreProblem(
                name, "a file of this table was left out, so nothing of it is used: what rests on it is missing"
            )
            for name in _WHOLE
            if name in left_out
        ]
        if {"facts", "datasets"}.isdisjoint(left_out):
            return problems
        unknown = self._connection.execute("""
            select title, count(n_options) < count(f.fact_ix) as has_unknown_facts
            from dataset_scales as d left join facts as f on f.dataset = d.dataset
            group by title, chance having chance is null or has_unknown_facts order by title
        """).fetchall()
        return problems + [
            StoreProblem(title, _UNKNOWN_FACTS if has_unknown_facts else _UNKNOWN_CHANCE)
            for title, has_unknown_facts in unknown
        ]

    def _label_askings(self) -> None:
        """Name every way of asking; the names are the values of model_id."""
        self.run("ways")
        labels = asking_labels([WayOfAsking(*way) for way in self._connection.execute("from ways").fetchall()])
        rows = [{**asking._asdict(), "label": label} for asking, label in labels.items()]
        text = pa.schema([(name, pa.string()) for name in (*WayOfAsking._fields, "label")])
        self._connection.register("arriving", pa.Table.from_pylist(rows, schema=text))
        self._connection.execute("create temp table labels as from arriving")
        self._connection.unregister("arriving")
        _create_enum(self._connection, "model_id", labels.values())

    def _arrive(
        self,
        parts: Sequence[VerifiedFile],
        schema: pa.Schema,
        statement: str,
        parameters: Mapping[str, object] | None = None,
    ) -> None:
        """Let the rows of parts stream through a statement, or a step of this name, as the table `arriving`."""
        self._connection.register("arriving", self._reader(parts, schema))
        if statement.isidentifier():
            self.run(statement)
        else:
            self._connection.execute(statement, parameters)
        self._connection.unregister("arriving")

    def _reader(self, parts: Sequence[VerifiedFile], schema: pa.Schema) -> pa.RecordBatchReader:
        """The rows of all parts as one stream: never more than a batch in memory."""

        def batches() -> Iterator[pa.RecordBatch]:
            for part in parts:
                for batch in part.batches(schema.names):
                    if len(self._without) and "dataset" in schema.names:
                        batch = batch.filter(pc.invert(pc.is_in(batch["dataset"], value_set=self._without)))
                    yield batch

        return pa.RecordBatchReader.from_batches(schema.remove_metadata(), batches())


def _create_enum(connection: duckdb.DuckDBPyConnection, name: str, values: Collection[str]) -> None:
    connection.register("arriving", pa.table({"value": pa.array(sorted(values), pa.string())}))
    connection.execute(f"create type {name} as enum (select value from arriving order by value)")  # noqa: S608 - ours
    connection.unregister("arriving")


def _results_schema(columns: Sequence[str]) -> pa.Schema:
    return pa.schema([TABLES["results"].arrow.field(name) for name in columns])
