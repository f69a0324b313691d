"""What a store says of a run: the plan that it was begun by, and its rows once it is finished."""

import pyarrow as pa

from engine.errors import IsoglossError
from engine.runs.folder import RunFolder
from engine.runs.job import Job
from engine.schema import TableName
from engine.store.atomic import BadFile, read_regular
from engine.store.footer import MAX_FILE_BYTES
from engine.store.manifest import read_manifest
from engine.store.verify import open_verified

_MAX_PLAN_BYTES = 16 * 1024**2


def recorded_plan(job: Job, folder: RunFolder) -> bytes | None:
    """The plan that the run was begun by; None for a new run.

    Raises IsoglossError when the plan cannot be read, or when the store holds rows under this id that no run wrote.
    """
    try:
        return read_regular(folder.plan, limit=_MAX_PLAN_BYTES)
    except FileNotFoundError:
        pass  # a finished run whose folder was deleted is known by its row
    except BadFile as error:
        raise IsoglossError(f"{folder.plan} {error}; start a run of its own with --run-id") from error
    runs = _stored(job, "runs")
    settings = runs.column("settings").to_pylist()[0] if runs is not None and runs.num_rows else None
    taken = any(entry.name == job.run_id for entry in read_manifest(job.store) if entry.table in ("results", "runs"))
    if taken and settings is None:
        raise IsoglossError(f"{job.run_id} is the name of results that were imported; choose another with --run-id")
    return None if settings is None else str(settings).encode()


def stored_results(job: Job) -> pa.Table | None:
    """The rows of a finished run; None where there are none. Raises BadFile when they are damaged."""
    return _stored(job, "results")


def _stored(job: Job, table: TableName) -> pa.Table | None:
    named = [entry for entry in read_manifest(job.store) if (entry.table, entry.name) == (table, job.run_id)]
    if not named:
        return None
    try:
        file = open_verified(read_regular(job.store / named[0].path, limit=MAX_FILE_BYTES), named[0])
    except FileNotFoundError as error:
        raise BadFile(f"{named[0].path} is missing") from error
    return file.rows()
