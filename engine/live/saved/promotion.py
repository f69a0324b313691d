"""Live probes into a dataset of the user's own: copied from the live store into the main one. Imports no torch."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from engine.live.protocol.messages import Promoted
from engine.live.saved.dataset_name import check_free, check_name, file_of
from engine.live.saved.reading import find_pair
from engine.live.saved.tables import DATASET, SavedTables, locked, read_tables, write_tables


def promote(live: Path, store: Path, saved_ids: Sequence[str], dataset: str) -> Promoted:
    """Copy probes into the dataset of this name, made if need be; the same probe again takes its own place.

    Raises IsoglossError for a name that cannot be taken, NoSuchProbe.
    """
    check_name(dataset)
    with locked(live):
        rows = read_tables(live, DATASET)
    chosen = rows.only([find_pair(rows, saved_id) for saved_id in saved_ids])
    file = file_of(dataset)
    with locked(store):
        check_free(store, dataset)
        write_tables(store, file, read_tables(store, file).with_new(_as_dataset(chosen, dataset)))
    n_facts = len(chosen.facts.column("fact_id").unique())
    return Promoted(dataset=dataset, facts=n_facts, answers=chosen.results.num_rows)


def _as_dataset(rows: SavedTables, dataset: str) -> SavedTables:
    """The same probes as facts and runs of another dataset; where the answers come from stays as it is."""

    def named(run_id: str) -> str:
        return f"{dataset}{run_id.removeprefix(DATASET)}"

    runs = {
        named(run_id): {**run, "run_id": named(run_id), "settings": {**run["settings"], "dataset": dataset}}
        for run_id, run in rows.runs.items()
    }
    run_ids = [named(str(run_id)) for run_id in rows.results.column("run_id").to_pylist()]
    results = _with_column(_with_column(rows.results, "dataset", [dataset] * len(run_ids)), "run_id", run_ids)
    return SavedTables(_with_column(rows.facts, "dataset", [dataset] * rows.facts.num_rows), results, runs)


def _with_column(rows: pa.Table, name: str, values: Sequence[str]) -> pa.Table:
    place = rows.schema.get_field_index(name)
    return rows.set_column(place, rows.schema.field(place), pa.array(values, pa.string()))
