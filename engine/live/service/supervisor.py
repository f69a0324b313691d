"""Keeps a model's worker alive: asked with a deadline, killed when it is silent, started again whenever it ends."""

import asyncio
import time
from typing import Literal

from engine.live.worker.messages import AskOrder, ModelReady, ModelSettings, OrderFailed
from engine.live.worker.process import Serve, WorkerProcess, WorkerSilent, WorkerStopped
from engine.models.interface import Identity
from engine.probes.answer import Answer

_LOAD_SECONDS = 1800.0
_PATIENCE = (0.0, 0.0, 1.0, 2.0, 5.0, 15.0)  # seconds before the next start, by how many in a row ended in loading

WorkerState = Literal["starting", "ready", "failed", "closed"]


def serve_model(*arguments: object) -> None:
    """What runs in the worker. Its module is loaded already in the process that it is forked from."""
    from engine.live.worker.model_worker import serve

    serve(*arguments)  # type: ignore[arg-type]


class Supervisor:
    """One model, in one process at a time. All methods belong to the event loop that `run` runs in."""

    def __init__(self, settings: ModelSettings, *, serve: Serve = serve_model) -> None:
        self.settings = settings
        self.state: WorkerState = "starting"
        self.identity: Identity | None = None
        self.reason: str | None = None  # why it failed
        self.starts = 0
        self.asked_since: float | None = None  # the question that is under way
        self._serve = serve
        self._process: WorkerProcess | None = None
        self._settled = asyncio.Event()  # it is ready, or will never be
        self._asking = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process that holds the model."""
        return self._process.pid if self._process is not None else None

    @property
    def silent_seconds(self) -> float:
        """Seconds since the worker last said something."""
        return time.monotonic() - self._process.heard if self._process is not None else 0.0

    async def run(self) -> None:
        """Start the worker, and start it again whenever it ends; until it is closed or its model cannot be loaded."""
        fruitless = 0
        while self.state != "closed":
            await asyncio.sleep(_PATIENCE[min(fruitless, len(_PATIENCE) - 1)])
            process = self._process = WorkerProcess(self._serve, self.settings)
            self.starts += 1
            try:
                await process.start()
                first = await process.loaded(seconds=_LOAD_SECONDS)
            except WorkerStopped:
                process.kill()
                fruitless += 1
                continue
            if isinstance(first, OrderFailed):
                process.kill()
                self._settle("failed", first.reason)
                return
            assert isinstance(first, ModelReady)
            fruitless, self.identity = 0, first.identity
            self._settle("ready")
            await process.ended.wait()
            process.kill()
            self._lost()

    async def settled(self) -> WorkerState:
        """Wait until it is ready, or will never be."""
        await self._settled.wait()
        return self.state

    async def ask(self, ask: AskOrder, *, seconds: float) -> list[Answer] | OrderFailed:
        """The answers, in the order of the questions.

        Raises WorkerStopped when it ends first, WorkerSilent when it says nothing for so many seconds: it is killed.
        """
        async with self._asking:
            process = await self._living()
            self.asked_since = time.monotonic()
            try:
                answers = await process.exchange("work", ask, seconds=seconds)
            except WorkerStopped as stopped:
                if isinstance(stopped, WorkerSilent):
                    process.kill()
                self._lost()
                raise
            finally:
                self.asked_since = None
        assert isinstance(answers, list | OrderFailed)
        return answers

    async def count(self, ask: AskOrder, *, seconds: float) -> dict[str, str] | None:
        """Why the model would not read a question, by language; None: it could not be found out in time."""
        if self.state != "ready" or self._process is None:
            return None
        try:
            found = await self._process.exchange("counting", ask, seconds=seconds)
        except WorkerStopped:
            return None
        assert isinstance(found, dict)
        return found

    def close(self) -> None:
        """End the worker for good."""
        self.state = "closed"
        self._settled.set()
        if self._process is not None:
            self._process.kill()

    async def _living(self) -> WorkerProcess:
        """The worker, once it is ready. Raises WorkerStopped when it will never be."""
        while await self.settled() == "ready":
            assert self._process is not None
            if not self._process.ended.is_set():
                return self._process
            self._lost()
        raise WorkerStopped

    def _lost(self) -> None:
        """The worker has ended; `run` starts another."""
        if self.state == "ready":
            self.state = "starting"
            self._settled.clear()

    def _settle(self, state: WorkerState, reason: str | None = None) -> None:
        if self.state != "closed":
            self.state, self.reason = state, reason
        self._settled.set()
