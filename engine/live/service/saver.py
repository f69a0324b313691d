"""Every probe that is done is kept by itself, without anybody waiting for it; what waits goes into one commit."""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from engine.errors import IsoglossError
from engine.live.refusals import NoSuchProbe
from engine.live.saved.promotion import promote
from engine.live.saved.reading import live_store
from engine.live.saved.tables import LiveRows
from engine.live.saved.writing import Finished, delete, keep, rename, undo
from engine.live.service.live_probe import Probing

_MOST_UNDONE = 50  # deletions that can be taken back
_LONG = 3600.0
_LOG = logging.getLogger("isogloss.live")


class Keeper:
    """The live probes of a store. All methods belong to the event loop that `run` runs in."""

    def __init__(self, store: Path) -> None:
        self._main, self._store = store, live_store(store)
        self._waiting: list[tuple[Probing, Finished]] = []
        self._news = asyncio.Event()
        self._watching: set[asyncio.Task[None]] = set()
        self._deleted: OrderedDict[str, LiveRows] = OrderedDict()

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

    def watch(self, probing: Probing, asking: Mapping[str, Any]) -> None:
        """Keep this probe once it is done."""
        task = asyncio.create_task(self._when_over(probing, asking))
        self._watching.add(task)
        task.add_done_callback(self._watching.discard)

    async def rename(self, kept: str, name: str) -> None:
        """Give a probe a name. Raises IsoglossError, NoSuchProbe."""
        await asyncio.to_thread(rename, self._store, kept, name)

    async def delete(self, kept: str) -> str:
        """Take a probe out; by what is returned it can be had back. Raises IsoglossError, NoSuchProbe."""
        deleted = await asyncio.to_thread(delete, self._store, kept)
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

    async def promote(self, kept: Sequence[str], dataset: str) -> dict[str, Any]:
        """Copy probes into a dataset of the user's own; what was copied. Raises IsoglossError, NoSuchProbe."""
        return asdict(await asyncio.to_thread(promote, self._store, self._main, kept, dataset))

    async def _when_over(self, probing: Probing, asking: Mapping[str, Any]) -> None:
        while not probing.is_over:
            await probing.change(_LONG)
        if probing.state != "done":
            return
        if probing.identity is None:
            probing.keep(None, "It could not be asked in any language, so there is nothing to keep.")
            return
        ended = datetime.now(UTC)
        seconds = (probing.ended or probing.submitted) - probing.submitted
        answers = [probing.answers[question.language] for question in probing.questions]
        finished = Finished(
            probing.probe, probing.identity, answers, ended - timedelta(seconds=seconds), ended, dict(asking)
        )
        self._waiting.append((probing, finished))
        self._news.set()

    async def _write_all(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            await self._write(waiting)

    async def _write(self, waiting: Sequence[tuple[Probing, Finished]]) -> None:
        try:
            await asyncio.to_thread(keep, self._store, [finished for _, finished in waiting])
        except (IsoglossError, pa.ArrowException) as error:
            if len(waiting) > 1:  # one that cannot be kept harms no other
                for one in waiting:
                    await self._write([one])
                return
            _LOG.warning("a probe could not be kept: %s", error)
            waiting[0][0].keep(None, f"It could not be kept: {error}.")
            return
        for probing, finished in waiting:
            probing.keep(finished.kept, None)
