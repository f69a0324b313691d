"""How far a run is, for the person at the terminal: a bar, or a line now and then where there is no terminal."""

import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from engine.runs.progress import RunProgress

_LINE_EVERY_SECONDS = 10.0


class RunBar:
    """Shows a run on standard error, unless told otherwise."""

    def __init__(self, console: Console | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console or Console(stderr=True)
        self._clock = clock
        self._line_at: float | None = None
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}", markup=False),
            TimeElapsedColumn(),
        )
        self._bar = Progress(*columns, console=self._console, disable=not self._console.is_terminal)
        self._task = self._bar.add_task("asking", total=None, pace="")

    def __enter__(self) -> "RunBar":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, progress: RunProgress) -> None:
        """Draw the bar, or print a line when the last one was long enough ago."""
        if self._console.is_terminal:
            pace = pace_of(progress)
            self._bar.update(self._task, completed=progress.done, total=progress.total, pace=pace)
            return
        is_end = progress.state != "running"
        if is_end or self._line_at is None or self._clock() - self._line_at >= _LINE_EVERY_SECONDS:
            self._line_at = self._clock()
            shards = f"{progress.shards_done:,} of {progress.shards_total:,} shards"
            pace = pace_of(progress)
            self.note(f"{progress.done:,} of {progress.total:,} answers ({shards}){', ' if pace else ''}{pace}")

    def note(self, text: str) -> None:
        """Print a line beside the bar, as it stands."""
        self._console.print(Text(text), soft_wrap=True)


def pace_of(progress: RunProgress) -> str:
    """Rate, time left and failures in words; empty before anything is known."""
    parts = []
    if progress.rate is not None:
        parts.append(f"{progress.rate:,.1f} answers/s")
    if progress.eta_seconds is not None and progress.state == "running":
        parts.append(f"{_duration(progress.eta_seconds)} left")
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"
