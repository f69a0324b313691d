"""Rows and stores for the fault tests: small, in every column's type, the same for the same arguments."""

import hashlib
import io
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from engine.schema import SCHEMA_VERSION, TABLES, TableName
from engine.store.manifest import MANIFEST, Entry, file_path, manifest_of, read_manifest
from engine.store.verify import Snapshot
from engine.store.write import TableFile

LANGUAGES = ("en", "de", "zh")


def answers(facts: int = 4, *, run: str = "first", seed: int = 0) -> pa.Table:
    """Answers of one model to `facts` facts in three languages."""
    chance = random.Random(seed)
    said = {(fact, language): chance.choice([0, 1, 2, 3, None]) for fact in range(facts) for language in LANGUAGES}
    rows = [
        {
            "run_id": run,
            "model": "lab-1",
            "dataset": "capitals",
            "fact_id": str(fact),
            "language": language,
            "probe": "letter",
            "template": "plain@1+cyclic",
            "predicted": said[fact, language],
            "correct": said[fact, language] == fact % 4,
            "parsed": said[fact, language] is not None,
            "option_logprobs": [-abs(chance.gauss(5, 1)) for _ in range(4)],
            "option_bytes": [chance.randrange(1, 40) for _ in range(4)],
            "option_tokens": [chance.randrange(1, 9) for _ in range(4)],
            "option_unconditional": [-abs(chance.gauss(9, 1)) for _ in range(4)],
            "merged_options": None,
            "letter_logprobs": [-abs(chance.gauss(2, 1)) for _ in range(4)],
            "order_choices": [chance.randrange(4) for _ in range(4)],
            "text": f"{language} {chance.getrandbits(64):x}",
            "error": None,
        }
        for fact in range(facts)
        for language in LANGUAGES
    ]
    return pa.Table.from_pylist(rows, schema=TABLES["results"].arrow)


def runs(run: str = "first") -> pa.Table:
    """The run that the answers belong to."""
    row = {"run_id": run, "model": "lab-1", "source": "probe", "engine_version": "0.1.0", "probe": "letter"}
    finished = {"status": "finished", "n_expected": 12, "n_done": 12}
    return pa.Table.from_pylist([{**row, **finished}], schema=TABLES["runs"].arrow)


def both(run: str, *, facts: int = 4) -> list[TableFile]:
    """Two files that belong together: whoever sees one of `run` must see the other of `run` as well."""
    return [TableFile("results", "lab", answers(facts, run=run)), TableFile("runs", "lab", runs(run))]


def parquet(rows: pa.Table, **metadata: str) -> bytes:
    """A parquet file of any rows, with the metadata of a store's file; `table=` and `schema_version=` overrule it."""
    stated = {"table": "results", "schema_version": str(SCHEMA_VERSION)} | metadata
    sink = io.BytesIO()
    pq.write_table(
        rows.replace_schema_metadata({f"isogloss.{name}": value for name, value in stated.items()}),
        sink,
        compression="zstd",
        write_statistics=False,
        write_page_checksum=True,
    )
    return sink.getvalue()


def plant(folder: Path, data: bytes, *, rows: int, name: str = "planted", table: TableName = "results") -> str:
    """Put any bytes into a store with a manifest that vouches for them, as a hostile giver would; the file's path."""
    sha256 = hashlib.sha256(data).hexdigest()
    entry = Entry(file_path(table, name, sha256), table, name, sha256, len(data), rows)
    (folder / entry.path).parent.mkdir(parents=True, exist_ok=True)
    (folder / entry.path).write_bytes(data)
    (folder / MANIFEST).write_bytes(manifest_of([*read_manifest(folder), entry]))
    return entry.path


def contents(snapshot: Snapshot) -> dict[str, pa.Table]:
    """All rows of a snapshot, decoded, by the file's name in the manifest."""
    return {
        f"{file.entry.table}/{file.entry.name}": pa.Table.from_batches(
            file.batches(), TABLES[file.entry.table].arrow.remove_metadata()
        )
        for file in snapshot.files
    }


def runs_seen(snapshot: Snapshot) -> set[str]:
    """The run ids in every file of a snapshot: one, unless two commits are mixed."""
    columns = [table.column("run_id").unique() for table in contents(snapshot).values()]
    return {str(run) for column in columns for run in column.to_pylist()}
