"""Running: a job becomes shards of answers, and the shards rows of the store. A run that ends early goes on later."""

from collections import Counter
from collections.abc import Callable, Sequence

import pyarrow as pa

from engine.errors import IsoglossError
from engine.interruption import terminated_as_interrupted
from engine.runs.batches import BatchMemory
from engine.runs.disk import writing
from engine.runs.folder import RunFolder, run_folder
from engine.runs.job import Job, Load, Shard
from engine.runs.lock import locked
from engine.runs.meter import Meter, Watch, unwatched
from engine.runs.plan import Plan, plan_of, refuse_unless_same
from engine.runs.records import recorded_plan, stored_results
from engine.runs.report import RunReport, failures_of, report_of
from engine.runs.result_rows import results_rows, runs_row
from engine.runs.shards import delete_shards, read_shard, shard_files, write_shard
from engine.store.atomic import BadFile, replace_file
from engine.store.write import TableFile, write_files

Note = Callable[[str], None]


def silent(_: str) -> None:
    """No one reads the notes."""


def run(job: Job, load: Load, *, watch: Watch = unwatched, note: Note = silent) -> RunReport:
    """Ask a model all questions of a job and put the answers into the store; go on where an earlier call stopped.

    `watch` sees every step, `note` is told what else happened. Raises IsoglossError: exit status 75 when another
    process writes the run, 74 when the disk is full, 1 when the run was begun by another plan or the model cannot be
    loaded or asked. KeyboardInterrupt, and SIGTERM as one, stop it. Answers in whole shards are never asked again.
    """
    folder = run_folder(job.store, job.run_id)
    shards = job.shards()
    with (
        locked(folder.lock, f"run {folder.run_id} is being written") as holder,
        terminated_as_interrupted(),
        Meter(folder, job, holder, watch=watch) as meter,
    ):
        recorded = recorded_plan(job, folder)
        if recorded is None:
            meter.announce()
        model = load()
        for said in dict.fromkeys(filter(None, (probe.check(model) for probe in job.probes))):
            note(said)
        plan = plan_of(job, model)
        if recorded is not None:
            refuse_unless_same(recorded, plan)
        if (finished := _finished(job, note)) is not None:
            return _already_finished(finished, job, folder, meter)
        with writing(folder.path, lambda: "nothing was asked yet"):
            if not folder.plan.exists():
                delete_shards(folder.shards)  # of whatever plan they were
                replace_file(folder.plan, plan.to_json())
            safe = _safe_shards(folder, shards, note)
        batches = BatchMemory(model, folder)
        meter.begin(
            shards=len(safe),
            answers=sum(len(shard.questions) for shard in shards if shard.number in safe),
            failed=sum(failures.total() for failures in safe.values()),
        )
        for shard in shards:
            if shard.number in safe:
                continue
            answers = shard.probe.ask(model, shard.questions, advance=meter.advance)
            assert tuple(answer.question for answer in answers) == shard.questions
            rows = results_rows(plan, answers)
            with writing(folder.path, lambda: meter.safe):
                batches.keep()
                write_shard(folder.shards, shard, rows)
            meter.shard_done(len(answers), failed=failures_of(rows).total())
        return _commit(plan, job, folder, shards, meter)


def _finished(job: Job, note: Note) -> pa.Table | None:
    """The rows of the run in the store, if they are there and whole."""
    try:
        return stored_results(job)
    except BadFile as error:
        note(f"the results of run {job.run_id} in the store cannot be read ({error}): they are asked again")
        return None


def _already_finished(rows: pa.Table, job: Job, folder: RunFolder, meter: Meter) -> RunReport:
    """Nothing is left to do but what a process that was killed at the very end did not come to."""
    if not meter.was_finished or folder.shards.exists():
        with writing(folder.path, lambda: "all answers are in the store"):
            delete_shards(folder.shards)
        meter.begin(shards=len(job.shards()), answers=rows.num_rows, failed=failures_of(rows).total())
        meter.finish()
    return report_of(job.run_id, rows, was_finished=True)


def _safe_shards(folder: RunFolder, shards: Sequence[Shard], note: Note) -> dict[int, Counter[str]]:
    """The shards that are there and whole, and the failures among their answers; a damaged one is deleted."""
    files = shard_files(folder.shards)
    safe: dict[int, Counter[str]] = {}
    for shard in shards:
        for path in files.get(shard.number, ()):
            try:
                safe[shard.number] = failures_of(read_shard(path, shard))
            except BadFile as error:
                note(f"shard {path.name} {error}: its {len(shard.questions):,} questions are asked again")
                path.unlink()
    return safe


def _commit(plan: Plan, job: Job, folder: RunFolder, shards: Sequence[Shard], meter: Meter) -> RunReport:
    """Put the answers of all shards into the store's tables, in one step; then the shards are not needed any more."""
    files = shard_files(folder.shards)
    try:
        rows = pa.concat_tables([read_shard(files[shard.number][-1], shard) for shard in shards])
    except (BadFile, KeyError, FileNotFoundError) as error:
        raise IsoglossError(
            f"a shard in {folder.shards} was damaged or deleted after it was written ({error}); "
            "run the same command again: what is missing is asked again"
        ) from error
    row = runs_row(plan, started=meter.progress.started, finished=meter.now(), n_answers=rows.num_rows)
    with writing(folder.path, lambda: meter.safe):
        write_files(job.store, [TableFile("results", job.run_id, rows), TableFile("runs", job.run_id, row)])
        delete_shards(folder.shards)
    meter.finish()
    return report_of(job.run_id, rows)
