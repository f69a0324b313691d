"""Saves every live probe that is done, without anybody waiting for it; what waits goes into one commit."""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from engine.errors import IsoglossError
from engine.live.protocol.messages import Promoted, Settings
from engine.live.refusals import NoSuchProbe
from engine.live.saved.promotion import promote
from engine.live.saved.reading import live_store
from engine.live.saved.tables import SavedTables
from engine.live.saved.writing import FinishedProbe, delete, rename, save, undo
from engine.live.service.live_probe import LiveProbe

_MOST_UNDONE = 50  # deletions that can be taken back
_LONG = 3600.0
_LOG = logging.getLogger("isogloss.live")


class Saver:
    """Saves, names and deletes the live probes of a store. All methods belong to the event loop that `run` runs in."""

    def __init__(self, store: Path) -> None:
        self._main, self._store = store, live_store(store)
        self._waiting: list[tuple[LiveProbe, FinishedProbe]] = []
        self._news = asyncio.Event()
        self._watching: set[asyncio.Task[None]] = set()
        self._deleted: OrderedDict[str, SavedTables] = OrderedDict()

    async def run(self) -> None:
        """Write what is over, until cancelled; what waits then is still written."""
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                await self._write_all()
        finally:
            for task in self._watching:
                task.cancel()
            await self._write_all()

    def watch(self, live_probe: LiveProbe, asking: Settings) -> None:
        """Save this probe once it is done."""
        task = asyncio.create_task(self._when_over(live_probe, asking))
        self._watching.add(task)
        task.add_done_callback(self._watching.discard)

    async def rename(self, saved_id: str, name: str) -> None:
        """Give a saved probe a name. Raises IsoglossError, NoSuchProbe."""
        await asyncio.to_thread(rename, self._store, saved_id, name)

    async def delete(self, saved_id: str) -> str:
        """Take a probe out of the store; the token by which the deletion can be undone. Raises IsoglossError."""
        deleted = await asyncio.to_thread(delete, self._store, saved_id)
        token = secrets.token_urlsafe(12)
        self._deleted[token] = deleted
        while len(self._deleted) > _MOST_UNDONE:
            self._deleted.popitem(last=False)
        return token

    async def undo(self, token: str) -> None:
        """Put back what was deleted. Raises IsoglossError, NoSuchProbe."""
        if token not in self._deleted:
            raise NoSuchProbe("this deletion cannot be undone any more; probe the fact again")
        await asyncio.to_thread(undo, self._store, self._deleted[token])
        self._deleted.pop(token, None)

    async def promote(self, saved_ids: Sequence[str], dataset: str) -> Promoted:
        """Copy probes into a dataset of the user's own; what was copied. Raises IsoglossError, NoSuchProbe."""
        return await asyncio.to_thread(promote, self._store, self._main, saved_ids, dataset)

    async def _when_over(self, live_probe: LiveProbe, asking: Settings) -> None:
        while not live_probe.is_over:
            await live_probe.change(_LONG)
        if live_probe.state != "done":
            return
        if live_probe.identity is None:
            live_probe.note_saved(None, "It could not be asked in any language, so there is nothing to keep.")
            return
        ended = datetime.now(UTC)
        seconds = (live_probe.ended or live_probe.submitted) - live_probe.submitted
        answers = [live_probe.answers[question.language] for question in live_probe.questions]
        finished = FinishedProbe(
            live_probe.probe, live_probe.identity, answers, ended - timedelta(seconds=seconds), ended, dict(asking)
        )
        self._waiting.append((live_probe, finished))
        self._news.set()

    async def _write_all(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            await self._write(waiting)

    async def _write(self, waiting: Sequence[tuple[LiveProbe, FinishedProbe]]) -> None:
        try:
            await asyncio.to_thread(save, self._store, [finished for _, finished in waiting])
        except (IsoglossError, pa.ArrowException) as error:
            if len(waiting) > 1:  # one that cannot be saved harms no other
                for pair in waiting:
                    await self._write([pair])
                return
            _LOG.warning("a probe could not be saved: %s", error)
            waiting[0][0].note_saved(None, f"It could not be kept: {error}.")
            return
        for live_probe, finished in waiting:
            live_probe.note_saved(finished.saved_id, None)
