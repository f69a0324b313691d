"""What a dataset made of live probes may be called. Imports no torch."""

import re
from collections.abc import Iterator
from pathlib import Path

from engine.errors import IsoglossError
from engine.live.saved.tables import DATASET
from engine.locations import EMBEDDED
from engine.schema import TABLES
from engine.store.verify import BadFile, read_snapshot

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,47}", re.ASCII)


def check_name(dataset: str) -> None:
    """Raise IsoglossError for what no dataset can be called."""
    if not _NAME.fullmatch(dataset) or dataset.casefold() == DATASET:
        raise IsoglossError(
            f'a dataset\'s name has 1 to 48 of a-z, A-Z, 0-9, "-" and "_", and is not "{DATASET}"; give another',
            exit_status=64,
        )


def check_free(store: Path, dataset: str) -> None:
    """Raise IsoglossError for the name of a dataset that was not made of live probes."""
    if any(name == dataset for name in _taken(store, but=file_of(dataset))):
        raise IsoglossError(
            f'"{dataset}" is the name of a dataset that was not made of live probes; give another', exit_status=64
        )


def file_of(dataset: str) -> str:
    """The name of the files that hold such a dataset."""
    return f"{DATASET}-{dataset}"


def _taken(store: Path, *, but: str) -> Iterator[str]:
    """The datasets that the store or the embedded one knows, in any table, but for those of one file."""
    for folder in dict.fromkeys((EMBEDDED, store)):
        for file in read_snapshot(folder).files:
            columns = {column.name for column in TABLES[file.entry.table].columns}
            if file.entry.name == but or "dataset" not in columns:
                continue
            try:
                for batch in file.batches(["dataset"]):
                    yield from map(str, batch.column("dataset").unique().to_pylist())
            except BadFile:  # no page reads it either
                continue
