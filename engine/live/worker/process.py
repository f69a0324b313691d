"""One life of the worker process, as the service sees it: what is sent to it, what it says, and its end."""

import asyncio
import itertools
import multiprocessing
import queue
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Literal

from engine.live.worker.messages import LOADING, ModelSettings
from engine.models.registry import SLOW_MODULES

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["engine.live.worker.model_worker", *SLOW_MODULES])

Channel = Literal["work", "counting"]
Serve = Callable[[Connection, Connection, ModelSettings], None]


class WorkerStopped(Exception):
    """The worker ended before it answered."""


class WorkerSilent(WorkerStopped):
    """The worker did not answer in time."""


class WorkerProcess:
    """All methods belong to the event loop that made it. Pipes are read and written by threads of their own: a process
    that was stopped neither empties nor fills them, and nobody else may wait for that."""

    def __init__(self, serve: Serve, settings: ModelSettings) -> None:
        self.heard = time.monotonic()  # when it last said something
        self.ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._numbers = itertools.count(LOADING)
        self._waiting: dict[int, asyncio.Future[Any]] = {next(self._numbers): self._loop.create_future()}
        self._outboxes: dict[Channel, queue.SimpleQueue[Any]] = {}
        self._process: BaseProcess | None = None
        self._serve, self._settings = serve, settings
        self._killed = False

    @property
    def pid(self) -> int | None:
        """The process id; None until it is started."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Fork it from the warm server. Raises WorkerStopped when that cannot be done."""
        (work, its_work), (counting, its_counting) = CONTEXT.Pipe(), CONTEXT.Pipe()
        process = CONTEXT.Process(
            target=self._serve, args=(its_work, its_counting, self._settings), daemon=True, name="isogloss-worker"
        )
        try:
            await asyncio.to_thread(process.start)
        except (OSError, EOFError) as error:
            raise WorkerStopped from error
        finally:
            its_work.close()
            its_counting.close()
        self._process = process
        self._listen("work", work)
        self._listen("counting", counting)
        if self._killed:
            self.kill()

    async def loaded(self, *, seconds: float) -> Any:
        """Wait for what it says when it has loaded its model. Raises WorkerStopped, WorkerSilent."""
        return await self._answer(LOADING, seconds)

    async def exchange(self, channel: Channel, order: object, *, seconds: float) -> Any:
        """Send an order and wait for the reply to it. Raises WorkerStopped, WorkerSilent."""
        number = next(self._numbers)
        self._waiting[number] = self._loop.create_future()
        if self.ended.is_set():
            self._end()
        self._outboxes[channel].put((number, order))
        return await self._answer(number, seconds)

    def kill(self) -> None:
        """End it with SIGKILL, which a stopped or deaf process obeys as well."""
        self._killed = True
        for outbox in self._outboxes.values():
            outbox.put(None)
        if self._process is not None:
            self._process.kill()
            threading.Thread(target=self._process.join, daemon=True).start()  # collects what is left of it
        self._end()

    async def _answer(self, number: int, seconds: float) -> Any:
        try:
            async with asyncio.timeout(seconds):
                return await self._waiting[number]
        except TimeoutError as error:
            raise WorkerSilent from error
        finally:
            del self._waiting[number]

    def _listen(self, channel: Channel, connection: Connection) -> None:
        outbox = self._outboxes[channel] = queue.SimpleQueue()
        threading.Thread(target=_write, args=(connection, outbox), daemon=True).start()
        threading.Thread(target=self._read, args=(connection,), daemon=True).start()

    def _read(self, connection: Connection) -> None:
        """Hand on what it says, until its death closes its end of the connection."""
        while True:
            try:
                number, message = connection.recv()
            except (EOFError, OSError):
                break
            if not self._tell(self._arrived, number, message):
                break
        self._tell(self._end)

    def _tell(self, callback: Callable[..., None], *arguments: Any) -> bool:
        try:
            self._loop.call_soon_threadsafe(callback, *arguments)
        except RuntimeError:  # the service is ending, its loop is closed
            return False
        return True

    def _arrived(self, number: int, message: Any) -> None:
        self.heard = time.monotonic()
        future = self._waiting.get(number)  # None: nobody waits for it any more
        if future is not None and not future.done():
            future.set_result(message)

    def _end(self) -> None:
        self.ended.set()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(WorkerStopped())
                future.exception()  # perhaps nobody waits for it any more


def _write(connection: Connection, outbox: "queue.SimpleQueue[Any]") -> None:
    while (message := outbox.get()) is not None:
        try:
            connection.send(message)
        except OSError:  # it ended
            break
