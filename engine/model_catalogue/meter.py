"""Keeps the status of a model that is being got true while it is being got."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType

from engine.errors import IsoglossError
from engine.model_catalogue.catalogue import PackagedFile
from engine.model_catalogue.place import ModelPlace
from engine.model_catalogue.status import DownloadState, DownloadStatus, status_bytes
from engine.runs.lock import Holder
from engine.store.atomic import replace_file

_EVERY_SECONDS = 0.5

WatchDownload = Callable[[DownloadStatus], None]


def unwatched_download(_: DownloadStatus) -> None:
    """No one watches."""


class DownloadMeter:
    """Writes how many bytes are here at most twice a second, and at once what else changes.

    Leaving it by an exception marks the model as stopped (KeyboardInterrupt) or failed, with what of it is safe.
    """

    def __init__(
        self,
        place: ModelPlace,
        holder: Holder,
        *,
        watch: WatchDownload = unwatched_download,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._place, self._watch, self._clock = place, watch, clock
        self._written_at = clock()
        source = place.model.source
        self.status = DownloadStatus(
            name=place.model.name,
            state="getting",
            done=place.safe_bytes(),
            total=source.bytes if isinstance(source, PackagedFile) else None,
            pid=holder.pid,
            host=holder.host,
        )

    def __enter__(self) -> "DownloadMeter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            return
        message = str(error) if isinstance(error, IsoglossError) else f"{type(error).__name__}: {error}"
        stopped = isinstance(error, KeyboardInterrupt)
        with contextlib.suppress(OSError):  # the error that is under way says more than this one
            self._tell("stopped" if stopped else "failed", None if stopped else message)

    @property
    def safe(self) -> str:
        """What a failure now would not cost, for a message."""
        if self.status.total is None:
            return "what is there is kept"
        return f"{self._place.safe_bytes():,} of {self.status.total:,} bytes are kept"

    def getting(self, done: int) -> None:
        """So many bytes are here, or on their way."""
        self.status = replace(self.status, done=done)
        self._publish(always=False)

    def checking(self) -> None:
        """All bytes are here, and are being looked at."""
        self.status = replace(self.status, state="checking", done=self.status.total or self.status.done)
        self._publish(always=True)

    def begin(self) -> None:
        """Say that it has begun. Raises OSError."""
        self._publish(always=True)

    def done(self) -> None:
        """It is in its place; what said so far how far it is goes with the rest of the work."""
        self.status = replace(self.status, state="done", done=self.status.total or self.status.done)
        self._watch(self.status)

    def _tell(self, state: DownloadState, message: str | None) -> None:
        safe = self.status.done if self.status.total is None else self._place.safe_bytes()
        self.status = replace(self.status, state=state, message=message, done=safe)
        self._publish(always=True)

    def _publish(self, *, always: bool) -> None:
        self._watch(self.status)
        if always or self._clock() - self._written_at >= _EVERY_SECONDS:
            self._written_at = self._clock()
            self.status = replace(self.status, updated=datetime.now(UTC))
            replace_file(self._place.status, status_bytes(self.status))
