"""Rows of a file that break a rule of their table: found, counted, and said with an example."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute

from engine.schema import TABLES, TableName
from engine.store.rules import RULES, Rule
from engine.store.verify import BadFile, VerifiedFile

pc: Any = pyarrow.compute  # its stubs lack what is used here
_KINDS_AT_MOST = 3  # of rules broken that are told of one file
_LONGEST = 60  # characters of a name in an example


def possible_batches(file: VerifiedFile) -> Iterator[pa.RecordBatch]:
    """The rows of a file; at their end BadFile with each rule that rows of it break, how many do, and one of them.

    Raises BadFile as `VerifiedFile.batches` does.
    """
    table = file.entry.table
    found: Counter[str] = Counter()
    examples: dict[str, str] = {}
    keys: list[pa.RecordBatch] = []
    for batch in file.batches():
        for rule in RULES[table]:
            if breaking := _breaking(rule, batch):
                found[rule.sentence] += len(breaking)
                examples.setdefault(rule.sentence, _example(table, batch, breaking[0]))
        if table != "results":  # answers that stand there twice are found among those of all files
            keys.append(batch.select(TABLES[table].key))
        yield batch
    if keys and (repeats := _repeats(pa.Table.from_batches(keys))):
        sentence = "repeats the key of another row"
        found[sentence], examples[sentence] = repeats
    if found:
        raise BadFile(_said(found, examples, file.entry.rows))


def _breaking(rule: Rule, batch: pa.RecordBatch) -> list[int]:
    """The places of the rows that break a rule."""
    flags = pc.fill_null(rule.broken(batch), False)
    return [] if not pc.any(flags).as_py() else list(pc.indices_nonzero(flags).to_pylist())


def _repeats(keys: pa.Table) -> tuple[int, str] | None:
    """How many rows repeat another's key, and an example; None: no row does."""
    counted = keys.group_by(keys.column_names, use_threads=False).aggregate([([], "count_all")])
    n = keys.num_rows - counted.num_rows
    if not n:
        return None
    (row,) = counted.filter(pc.greater(counted["count_all"], 1)).slice(0, 1).to_pylist()
    del row["count_all"]
    return n, _words(row)


def _example(table: TableName, batch: pa.RecordBatch, place: int) -> str:
    (row,) = batch.select(TABLES[table].key).slice(place, 1).to_pylist()
    return _words(row)


def _words(row: dict[str, object]) -> str:
    return ", ".join(f"{name} {value!s:.{_LONGEST}}" for name, value in row.items() if value is not None)


def _said(found: Counter[str], examples: dict[str, str], rows: int) -> str:
    kinds = [
        f"{count:,} of {rows:,} rows: {sentence} (e.g. {examples[sentence]})"
        for sentence, count in found.most_common(_KINDS_AT_MOST)
    ]
    more = len(found) - len(kinds)
    return "holds impossible values: " + "; ".join(kinds) + (f"; and {more} more kinds" if more else "")
