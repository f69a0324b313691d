"""Reading a store: every verified file in one in-memory DuckDB, with bit strings and pair counts made once."""

import secrets
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Literal

import duckdb
import pandas as pd

from engine.database.tables import FilesContradict, distinct_values, load
from engine.errors import IsoglossError
from engine.schema import TableName
from engine.store.verify import BadFile, StoreProblem, VerifiedFile, read_snapshot, store_version

NamedColumn = Literal["model", "dataset", "language"]
_NOT_COMPUTED = "its figures cannot be computed and are missing: {reason:.200}"
_LONGEST_QUERY = 5_000  # milliseconds; loading may take longer


class BrokenStore(IsoglossError):
    """DuckDB gave its database up: no query of this store will be answered again, but one that is opened anew will."""


class Database:
    """An open store. Safe to share between threads: every query has a cursor of its own."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        *,
        version: str,
        problems: Sequence[StoreProblem],
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


def open_database(folders: Sequence[Path]) -> Database:
    """Load every readable file of the folders; what had to be left out is in `problems`.

    Where two folders describe the same thing (a fact, a model, a run), the later folder holds.
    """
    version = store_version(folders)
    snapshots = [read_snapshot(folder) for folder in folders]
    problems = [problem for snapshot in snapshots for problem in snapshot.problems]
    left_out = {table for snapshot in snapshots for table in snapshot.left_out}
    readable: dict[VerifiedFile, Mapping[str, Collection[str]]] = {}
    for file in (file for snapshot in snapshots for file in snapshot.files):
        try:
            readable[file] = distinct_values(file)
        except BadFile as error:
            problems.append(StoreProblem(file.entry.path, str(error)))
            left_out.add(file.entry.table)
    connection, more = _loaded(readable, left_out)
    connection.execute(f"set global max_execution_time = {_LONGEST_QUERY}")
    connection.execute("set lock_configuration = true")
    return Database(connection, version=version, problems=problems + more)


def _loaded(
    readable: dict[VerifiedFile, Mapping[str, Collection[str]]], left_out: set[TableName]
) -> tuple[duckdb.DuckDBPyConnection, list[StoreProblem]]:
    """A database of the files, without those that contradict others and the datasets that cannot be computed."""
    problems: list[StoreProblem] = []
    without: set[str] = set()
    while True:
        connection = _connect()
        try:
            return connection, problems + load(connection, readable, left_out=left_out, without=without)
        except FilesContradict as error:
            connection.close()
            for file, reason in error.reasons.items():
                problems.append(StoreProblem(file.entry.path, reason))
                left_out.add(file.entry.table)
                del readable[file]
        except duckdb.Error as error:
            connection.close()
            datasets = {name for distinct in readable.values() for name in distinct.get("dataset", ())} - without
            failing = {name for name in datasets if not _computes(readable, left_out, datasets - {name} | without)}
            if not failing:
                raise IsoglossError(f"the store cannot be computed: {str(error).splitlines()[0]}") from error
            without |= failing
            problems += [
                StoreProblem(f"dataset {name}", _NOT_COMPUTED.format(reason=str(error).splitlines()[0]))
                for name in sorted(failing)
            ]


def _computes(
    readable: Mapping[VerifiedFile, Mapping[str, Collection[str]]], left_out: set[TableName], without: set[str]
) -> bool:
    connection = _connect()
    try:
        load(connection, readable, left_out=left_out, without=without)
    except duckdb.Error:
        return False
    finally:
        connection.close()
    return True


def _connect() -> duckdb.DuckDBPyConnection:
    """A database in memory, shut off from files, network and extensions."""
    connection = duckdb.connect(":memory:")
    # The order matters: later settings refuse earlier ones.
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
    return connection
