"""Facts into a store: one file per dataset, which replaces whatever the store held of that dataset before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import IsoglossError
from engine.importers.intake.fact_row import FactRow, facts_table
from engine.schema import TABLES, TableName
from engine.store.atomic import BadFile, read_regular
from engine.store.footer import MAX_FILE_BYTES
from engine.store.manifest import Entry, read_manifest
from engine.store.verify import open_verified
from engine.store.write import TableFile, WriteReport, write_files


@dataclass(frozen=True)
class Title:
    """What people call a dataset."""

    title: str
    stream: str


@dataclass(frozen=True)
class WrittenFacts:
    """What was written, and what it took the place of, in words."""

    report: WriteReport
    replaced: tuple[str, ...]


def write_fact_rows(store: Path, rows: Iterable[FactRow], *, titles: Mapping[str, Title] | None = None) -> WrittenFacts:
    """Write the facts of one or several datasets into a store, as `write_facts` does."""
    by_dataset: dict[str, list[FactRow]] = defaultdict(list)
    for row in rows:
        by_dataset[row.dataset].append(row)
    tables = {dataset: facts_table(of_dataset) for dataset, of_dataset in sorted(by_dataset.items())}
    return write_facts(store, tables, titles=titles)


def write_facts(
    store: Path, facts: Mapping[str, pa.Table], *, titles: Mapping[str, Title] | None = None
) -> WrittenFacts:
    """Write the facts table of each dataset, and a row of the datasets table where it has a title, in one commit.

    Rows about these datasets in other files of the store are taken out. Raises IsoglossError as `write_files` does, and
    when the store has a file of that name which holds other datasets too.
    """
    titles = titles or {}
    files = [TableFile("facts", name, rows) for name, rows in facts.items()]
    files += [TableFile("datasets", name, _datasets_table(name, titles[name], facts[name])) for name in titles]
    named = {(file.table, file.name) for file in files}
    replaced = []
    for entry, rows in _held(store):
        others = {str(name) for name in pc.unique(rows["dataset"]).to_pylist()} - facts.keys()
        kept = rows.filter(pc.invert(pc.is_in(rows["dataset"], pa.array(list(facts), pa.string()))))
        if (entry.table, entry.name) in named:
            if others:
                raise IsoglossError(
                    f'the name "{entry.name}" is taken in {store}: {entry.path} holds {", ".join(sorted(others)[:5])}; '
                    "give the dataset another name"
                )
        elif kept.num_rows < rows.num_rows:
            files.append(TableFile(entry.table, entry.name, kept))
            if entry.table == "facts":
                gone = rows.num_rows - kept.num_rows
                replaced.append(f"{gone:,} rows that the import {entry.name} had brought, in {entry.path}")
    before = {entry.path: entry for entry in read_manifest(store)}
    report = write_files(store, files)
    gone_files = (before[path] for path in report.removed if path in before)
    replaced += [
        f"{entry.rows:,} rows of {entry.name} that were there before"
        for entry in gone_files
        if entry.table == "facts" and entry.name in facts
    ]
    return WrittenFacts(report, tuple(replaced))


def _held(store: Path) -> Iterator[tuple[Entry, pa.Table]]:
    """What the store knows of facts and datasets. A damaged file is not there for any reader, nor here."""
    tables: tuple[TableName, ...] = ("facts", "datasets")
    for entry in read_manifest(store):
        if entry.table in tables:
            try:
                file = open_verified(read_regular(store / entry.path, limit=MAX_FILE_BYTES), entry)
                yield entry, file.rows()
            except (BadFile, FileNotFoundError):
                continue


def _datasets_table(name: str, title: Title, facts: pa.Table) -> pa.Table:
    """The dataset's row: guessing is right as often as an option drawn at random is a right one."""
    shares = {
        row["fact_id"]: len(row["gold"]) / len(row["options"]) if row["options"] else 0.0
        for row in facts.select(["fact_id", "gold", "options"]).to_pylist()
    }
    row = {
        "dataset": name,
        "title": title.title,
        "stream": title.stream,
        "chance": sum(shares.values()) / len(shares),
        "ceiling": 1.0,
        "ceiling_source": "every answer right",
    }
    return TABLES["datasets"].of_rows([row])
