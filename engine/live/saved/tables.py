"""Saved probes as tables in memory: read whole, changed, written whole. No torch, no models.

One run holds all facts that a model was asked in one way, so that all of them speak; a fact in a run is a probe.
"""

import contextlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import filelock
import orjson
import pyarrow as pa

from engine.errors import IsoglossError
from engine.schema import TABLES, TableName
from engine.store.atomic import BadFile, read_regular
from engine.store.footer import MAX_FILE_BYTES
from engine.store.manifest import Entry, read_manifest
from engine.store.verify import open_verified
from engine.store.write import TableFile, write_files

DATASET = "live"  # what live probes ask, and how the files are called
_TABLES: tuple[TableName, ...] = ("facts", "results", "runs")
_LOCK = ".live.lock"
_LOCK_SECONDS = 10.0
_TRIES = 20  # a writer would have to commit at the very moment of each

Pair = tuple[str, str]  # run id, fact id


@dataclass(frozen=True)
class SavedTables:
    """The rows of facts and results, and the runs by their id: rows whose `settings` are parsed.

    `settings["probes"]` says of each fact id how the probe is called and when it was begun and ended.
    """

    facts: pa.Table
    results: pa.Table
    runs: Mapping[str, Mapping[str, Any]]

    @property
    def pairs(self) -> set[Pair]:
        """Run and fact of every probe."""
        return {(run_id, fact_id) for run_id, run in self.runs.items() for fact_id in run["settings"]["probes"]}

    def only(self, pairs: Collection[Pair]) -> "SavedTables":
        """The tables with these probes alone."""
        results = _where(self.results, ("run_id", "fact_id"), pairs)
        facts = _where(self.facts, ("fact_id",), {(fact_id,) for _, fact_id in pairs})
        chosen = {
            run_id: _with_probes(run, {f: p for f, p in run["settings"]["probes"].items() if (run_id, f) in pairs})
            for run_id, run in self.runs.items()
        }
        return SavedTables(facts, results, {run_id: run for run_id, run in chosen.items() if run["settings"]["probes"]})

    def without(self, pairs: Collection[Pair]) -> "SavedTables":
        """The tables without these probes."""
        return self.only(self.pairs - set(pairs))

    def with_new(self, new: "SavedTables") -> "SavedTables":
        """The tables with new probes, which take the place of the same ones that are here already."""
        old = self.without(new.pairs)
        new_facts = {(str(fact_id),) for fact_id in new.facts.column("fact_id").to_pylist()}
        runs = dict(old.runs)
        for run_id, run in new.runs.items():
            probes = old.runs[run_id]["settings"]["probes"] if run_id in old.runs else {}
            runs[run_id] = _with_probes(run, {**probes, **run["settings"]["probes"]})
        return SavedTables(
            pa.concat_tables([_where(old.facts, ("fact_id",), new_facts, holds=False), new.facts]),
            pa.concat_tables([old.results, new.results]),
            runs,
        )


def together(parts: Sequence[SavedTables]) -> SavedTables:
    """The tables of several different probes, one at least, as one; what they say of a fact stands there once."""
    facts = {part.facts.column("fact_id")[0].as_py(): part.facts for part in parts}
    runs: dict[str, Mapping[str, Any]] = {}
    for run_id, run in (item for part in parts for item in part.runs.items()):
        before = runs[run_id]["settings"]["probes"] if run_id in runs else {}
        runs[run_id] = _with_probes(run, {**before, **run["settings"]["probes"]})
    return SavedTables(pa.concat_tables(facts.values()), pa.concat_tables([part.results for part in parts]), runs)


def read_tables(store: Path, name: str) -> SavedTables:
    """What the files of this name hold. Raises IsoglossError when one is damaged: nothing is to be written over it."""
    for _ in range(_TRIES):
        entries = _entries(store, name)
        try:
            return _read(store, entries)
        except (BadFile, FileNotFoundError) as error:
            if entries == _entries(store, name):  # nobody replaced it meanwhile
                raise IsoglossError(f"a file of {store} is damaged or missing: {error}; move it away") from error
    raise IsoglossError(f"{store} is being written all the time; try again in a moment", exit_status=75)


def write_tables(store: Path, name: str, rows: SavedTables) -> None:
    """Write them in one commit. Raises IsoglossError as `write_files` does."""
    counts = Counter(map(str, rows.results.column("run_id").to_pylist()))
    runs = [_run_row(run, counts[run_id]) for run_id, run in sorted(rows.runs.items())]
    tables = {
        "facts": rows.facts,
        "results": rows.results,
        "runs": TABLES["runs"].of_rows(runs),
    }
    write_files(store, [TableFile(table, name, tables[table]) for table in _TABLES])


@contextlib.contextmanager
def locked(store: Path) -> Iterator[None]:
    """One at a time reads what is there and writes it with its own. Raises IsoglossError."""
    try:
        store.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(store / _LOCK).acquire(timeout=_LOCK_SECONDS):
            yield
    except filelock.Timeout as error:
        raise IsoglossError("another probe is being saved; try again in a moment", exit_status=75) from error
    except OSError as error:
        raise IsoglossError(f"cannot write in {store}: {error.strerror or error}; check the rights") from error


def _entries(store: Path, name: str) -> list[Entry]:
    return [entry for entry in read_manifest(store) if entry.name == name and entry.table in _TABLES]


def _read(store: Path, entries: Sequence[Entry]) -> SavedTables:
    """Raises BadFile, FileNotFoundError."""
    found = {table: TABLES[table].arrow.remove_metadata().empty_table() for table in _TABLES}
    for entry in entries:
        file = open_verified(read_regular(store / entry.path, limit=MAX_FILE_BYTES), entry)
        found[entry.table] = pa.Table.from_batches(file.batches(), found[entry.table].schema)
    runs = {row["run_id"]: row | {"settings": orjson.loads(row["settings"])} for row in found["runs"].to_pylist()}
    return SavedTables(found["facts"], found["results"], runs)


def _run_row(run: Mapping[str, Any], count: int) -> dict[str, Any]:
    settings = run["settings"]
    probes = settings["probes"].values()
    return {
        **run,
        "started": min(datetime.fromisoformat(probe["started"]) for probe in probes),
        "finished": max(datetime.fromisoformat(probe["finished"]) for probe in probes),
        "settings": orjson.dumps(settings, option=orjson.OPT_INDENT_2).decode(),
        "n_expected": count,
        "n_done": count,
    }


def _with_probes(run: Mapping[str, Any], probes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {**run, "settings": {**run["settings"], "probes": dict(sorted(probes.items()))}}


def _where(
    rows: pa.Table, columns: tuple[str, ...], wanted: Collection[tuple[str, ...]], *, holds: bool = True
) -> pa.Table:
    """The rows whose values in these columns are wanted, or are not."""
    values = zip(*(rows.column(column).to_pylist() for column in columns), strict=True)
    return rows.filter(pa.array([(value in wanted) == holds for value in values], pa.bool_()))
