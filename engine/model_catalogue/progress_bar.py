"""How far a model is, for the person at the terminal: a bar, or a line now and then where there is no terminal."""

import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.text import Text

from engine.model_catalogue.status import DownloadStatus

_LINE_EVERY_SECONDS = 10.0


class DownloadBar:
    """Shows the getting of a model on standard error, unless told otherwise."""

    def __init__(self, console: Console | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console or Console(stderr=True)
        self._clock = clock
        self._line_at: float | None = None
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        self._bar = Progress(*columns, console=self._console, disable=not self._console.is_terminal)
        self._task = self._bar.add_task("getting", total=None)

    def __enter__(self) -> "DownloadBar":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, status: DownloadStatus) -> None:
        """Draw the bar, or print a line when the last one was long enough ago."""
        doing = f"{status.state} {status.name}"
        if self._console.is_terminal:
            self._bar.update(self._task, description=doing, completed=status.done, total=status.total)
        elif self._line_at is None or self._clock() - self._line_at >= _LINE_EVERY_SECONDS:
            self._line_at = self._clock()
            total = "" if status.total is None else f" of {status.total:,}"
            self._console.print(Text(f"{doing}: {status.done:,}{total} bytes"), soft_wrap=True)
