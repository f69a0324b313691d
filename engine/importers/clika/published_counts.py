"""Published figures: the counts computed from the whole CLiKA release, from CSV into a store."""

from pathlib import Path

import pandas as pd
import pyarrow as pa

from engine.errors import IsoglossError
from engine.importers.clika.answers import HARNESS, RULE
from engine.schema import TABLES, TableName
from engine.store.write import TableFile, WriteReport, write_files

_SOURCE = f"{HARNESS} release, {RULE}"
_RENAMED = {"correct": "n_correct", "unparsed": "n_unparsed"}
_FILES: dict[str, TableName] = {
    "clika_accuracy.csv": "published_accuracy",
    "clika_pairs.csv": "published_pairs",
    "clika_models.csv": "models",
}
# RA's constants as the authors' normalize_res.py holds them, in per cent: guessing, and ChatGPT's accuracy in English.
_DATASETS = (
    ("x_copa", "Cause and effect questions", "basic", 50.0, 96.4),
    ("x_csqa", "Commonsense questions", "basic", 20.0, 74.6),
    ("x_geo", "Geography facts", "factual", 25.0, 97.0),
    ("x_name", "Birth and death years", "factual", 25.0, 92.2),
)


def import_published(folder: Path, store: Path) -> WriteReport:
    """Write the CSV files of `folder` and the datasets' scales as tables of `store`.

    Raises IsoglossError for a missing file, and for columns or values that do not fit the table.
    """
    files = [_read(folder / name, table) for name, table in _FILES.items()]
    return write_files(store, [*files, TableFile("datasets", "clika_datasets", _datasets())])


def _read(path: Path, table: TableName) -> TableFile:
    if not path.is_file():
        raise IsoglossError(f"{path}: no such file; expected {', '.join(_FILES)} in one folder")
    frame = pd.read_csv(path, keep_default_na=False, na_values=[""]).rename(columns=_RENAMED)
    schema = TABLES[table].arrow
    if "source" in schema.names:
        frame.insert(0, "source", _SOURCE)
    if missing := set(schema.names) ^ set(frame.columns):
        raise IsoglossError(f"{path}: missing or unknown columns: {', '.join(sorted(missing))}")
    frame = _ordered_pairs(frame) if table == "published_pairs" else frame
    try:
        rows = pa.Table.from_pandas(frame[schema.names], schema=schema.remove_metadata(), preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise IsoglossError(f"{path}: {error}") from error
    return TableFile(table, path.stem, rows)


def _ordered_pairs(frame: pd.DataFrame) -> pd.DataFrame:
    """Put the languages of each pair in alphabetical order, and what is only in one of them along."""
    turned = frame["language_a"] > frame["language_b"]
    for a, b in (("language_a", "language_b"), ("n_only_a", "n_only_b")):
        frame.loc[turned, [a, b]] = frame.loc[turned, [b, a]].to_numpy()
    return frame


def _datasets() -> pa.Table:
    rows = [
        {
            "dataset": dataset,
            "title": title,
            "stream": stream,
            "chance": chance / 100,
            "ceiling": ceiling / 100,
            "ceiling_source": "ChatGPT's accuracy in English",
        }
        for dataset, title, stream, chance, ceiling in _DATASETS
    ]
    return TABLES["datasets"].of_rows(rows)
