"""Keeps a run's progress file true while the run goes on."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType

from engine.errors import IsoglossError
from engine.runs.disk import writing
from engine.runs.folder import RunFolder
from engine.runs.job import Job
from engine.runs.lock import Holder
from engine.runs.progress import RunProgress, RunState, progress_bytes, read_progress
from engine.store.atomic import BadFile, replace_file

_EVERY_SECONDS = 0.5

Watch = Callable[[RunProgress], None]


def unwatched(_: RunProgress) -> None:
    """No one watches the run."""


class Meter:
    """Counts answers, and writes the count to the run's folder at most twice a second. Rates go by a clock that never
    steps back; the clock on the wall is only shown.

    Leaving it by an exception marks the run as stopped (KeyboardInterrupt) or broken; a run that never began is not
    marked, so that a new one leaves no trace and an old one stays what it was.
    """

    def __init__(
        self,
        folder: RunFolder,
        job: Job,
        holder: Holder,
        *,
        watch: Watch = unwatched,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._watch, self._clock = folder, watch, clock
        self._is_announced = self._has_begun = False
        self._began_at = self._written_at = clock()
        self._done_at_first = 0
        before = _before(folder)
        self.was_finished = before is not None and before.state == "finished"
        self.progress = RunProgress(
            run_id=job.run_id,
            state="running",
            reason=None,
            done=0,
            total=job.n_answers,
            safe=0,
            failed=0,
            shards_done=0,
            shards_total=len(job.shards()),
            rate=None,
            eta_seconds=None,
            pid=holder.pid,
            host=holder.host,
            started=before.started if before else holder.since,
            updated=holder.since,
            model=job.model,
            dataset=job.dataset,
            probe=job.probes[0].name,
            templates=tuple(probe.template for probe in job.probes),
            languages=job.languages,
            command=job.command,
        )

    def __enter__(self) -> "Meter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            return
        if not self._has_begun:
            if self._is_announced:
                with contextlib.suppress(OSError):
                    self._folder.progress.unlink(missing_ok=True)
            return
        stopped = isinstance(error, KeyboardInterrupt)
        reason = str(error) if isinstance(error, IsoglossError) else f"{type(error).__name__}: {error}"
        with contextlib.suppress(OSError):  # the error that is under way says more than this one
            self._end("stopped" if stopped else "broken", "stopped on request" if stopped else reason)

    @property
    def safe(self) -> str:
        """What a failure now would not cost, for a message."""
        return f"{self.progress.shards_done:,} of {self.progress.shards_total:,} shards are safe"

    def announce(self) -> None:
        """Say that a new run is there, while its model is being loaded."""
        self._is_announced = True
        self._publish(always=True)

    def begin(self, *, shards: int, answers: int, failed: int) -> None:
        """From now on the model is asked; so many shards, answers and failed answers are there from before."""
        self._has_begun = True
        self._began_at, self._done_at_first = self._clock(), answers
        self._count(replace(self.progress, done=answers, safe=answers, failed=failed, shards_done=shards))
        self._publish(always=True)

    def advance(self, answers: int) -> None:
        """So many more answers of the shard at hand."""
        self._count(replace(self.progress, done=self.progress.done + answers))
        self._publish()

    def shard_done(self, answers: int, *, failed: int) -> None:
        """All answers of the shard at hand are safe."""
        before = self.progress
        safe, shards = before.safe + answers, before.shards_done + 1
        self._count(replace(before, done=safe, safe=safe, failed=before.failed + failed, shards_done=shards))
        self._publish()

    def finish(self) -> None:
        """All answers are in the store."""
        with writing(self._folder.path, lambda: "all answers are in the store"):
            self._end("finished", None)

    def now(self) -> datetime:
        """The time on the wall, UTC; for people."""
        return datetime.now(UTC)

    def _end(self, state: RunState, reason: str | None) -> None:
        self.progress = replace(self.progress, state=state, reason=reason, done=self.progress.safe, eta_seconds=None)
        self._write()
        self._watch(self.progress)

    def _count(self, progress: RunProgress) -> None:
        """Take over new counts, and what follows from them."""
        done = min(progress.done, progress.total)
        seconds = self._clock() - self._began_at
        new = done - self._done_at_first
        rate = new / seconds if new > 0 and seconds > 0 else None
        left = (progress.total - done) / rate if rate else None
        self.progress = replace(progress, done=done, rate=rate, eta_seconds=left)

    def _publish(self, *, always: bool = False) -> None:
        self._watch(self.progress)
        if always or self._clock() - self._written_at >= _EVERY_SECONDS:
            with writing(self._folder.path, lambda: self.safe):
                self._write()

    def _write(self) -> None:
        self._written_at = self._clock()
        self.progress = replace(self.progress, updated=self.now())
        replace_file(self._folder.progress, progress_bytes(self.progress))


def _before(folder: RunFolder) -> RunProgress | None:
    """How far an earlier process came."""
    try:
        return read_progress(folder)
    except (FileNotFoundError, BadFile):
        return None
