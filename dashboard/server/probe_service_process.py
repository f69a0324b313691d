"""The probe service that this server brings along: a process of its own, started again whenever it ends.

Nothing is started where a service answers already, or where one that was started elsewhere is named.
"""

import asyncio
import logging
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import filelock

from dashboard import queries
from dashboard.probe_client import SERVICE_VARIABLE
from engine.errors import IsoglossError
from engine.live.address import ADDRESS
from engine.live.client import connect
from engine.locations import EMBEDDED, PROJECT

LOG = "live.log"  # in the user's store
_LOCK = ".live-service.lock"  # one server of a store runs its service
_LOOK_AGAIN = 2.0  # seconds until a service of somebody else is looked after again
_PATIENCE = (0.5, 1.0, 2.0, 5.0, 15.0, 60.0)  # seconds before the next start, by how many in a row ended early
_EARLY = 30.0  # seconds
_ENDING = 5.0  # seconds that it may take to end
_TELL = logging.getLogger("isogloss")


@asynccontextmanager
async def running() -> AsyncIterator[None]:
    """Look after the service of the user's store for as long as this lasts; its start is not waited for."""
    store = queries.folders()[-1]
    if os.environ.get(SERVICE_VARIABLE) or store == EMBEDDED:
        yield
        return
    looking_after = asyncio.create_task(_look_after(store))
    try:
        yield
    finally:
        looking_after.cancel()
        await asyncio.gather(looking_after, return_exceptions=True)


async def _look_after(store: Path) -> None:
    """Start the service, and start it again whenever it ends."""
    early = 0
    try:
        store.mkdir(parents=True, exist_ok=True)
        (store / LOG).unlink(missing_ok=True)
        while True:
            began = time.monotonic()
            if await _serve(store):
                early = 0 if time.monotonic() - began > _EARLY else early + 1
                pause = _PATIENCE[min(early, len(_PATIENCE) - 1)]
                _TELL.warning("The probe service ended; it is started again in %.1f s. It says more in %s.", pause, LOG)
                await asyncio.sleep(pause)
            else:
                await asyncio.sleep(_LOOK_AGAIN)
    except OSError as error:  # a store that cannot be written
        _TELL.warning("No probe service: %s.", error)


async def _serve(store: Path) -> bool:
    """Run the service until it ends; False: somebody else runs one."""
    with suppress(filelock.Timeout), filelock.FileLock(store / _LOCK).acquire(timeout=0):
        if await asyncio.to_thread(_answers, store):
            return False
        command = [sys.executable, "-m", "engine.live", "--store", str(store), "--loaded", "2", "--until-stdin-closes"]
        with (store / LOG).open("ab") as log:
            # A Ctrl-C is for this server alone, which then ends the service.
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, stdout=log, stderr=log, cwd=PROJECT, start_new_session=True
            )
        try:
            await process.wait()
        finally:
            await _end(process)
        return True
    return False


async def _end(process: asyncio.subprocess.Process) -> None:
    """Let it end by itself, as it also does when this server is killed; then see to it."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(_ENDING):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()


def _answers(store: Path) -> bool:
    """Whether a service of this store answers."""
    try:
        with connect(store / ADDRESS) as client:
            client.models()
    except IsoglossError:
        return False
    return True
