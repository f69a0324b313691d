"""The worker of the probe service hangs, its user leaves, its service is killed: nothing is lost, nothing stays."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from engine.live.refusals import QueueFull
from engine.live.service.prober import Prober
from engine.live.worker.process import WorkerProcess
from engine.locations import PROJECT
from tests.engine.live.test_prober import run, state, submit, wanted
from tests.faults.live_hangs import KINDS, Hangs, hang, hang_often
from tests.support.live_service import is_alive, wait_until

# A service in a process of its own whose worker is stopped; prints the worker's process id.
_SERVICE = """
import asyncio, sys
from pathlib import Path
from tests.support import live_workers
from tests.engine.live.test_prober import serving, submit

async def serve():
    async with serving(Path(sys.argv[1]), serve=getattr(live_workers, sys.argv[2]), deadline=600.0) as prober:
        await submit(prober, "stop")
        print(prober.worker_pid("m"), flush=True)
        await asyncio.sleep(600)

asyncio.run(serve())
"""


def test_a_worker_that_hangs_is_replaced_at_the_deadline(tmp_path: Path) -> None:
    found = asyncio.run(hang_often(tmp_path, len(KINDS)))
    assert found.wrong == []


def test_control_a_worker_that_is_asked_to_end_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: SIGTERM instead of SIGKILL."""

    def ask_to_end(process: WorkerProcess) -> None:
        if process._process is not None:
            process._process.terminate()
        process._end()

    found = Hangs()

    async def hang_once(prober: Prober) -> None:
        with monkeypatch.context() as planted:
            planted.setattr(WorkerProcess, "kill", ask_to_end)
            await hang(prober, "sleep", found)

    run(tmp_path, hang_once)
    assert found.wrong == ["sleep: the worker that hung is still there"]


@pytest.mark.parametrize("how", KINDS)
def test_health_does_not_lie(tmp_path: Path, how: str) -> None:
    async def test(prober: Prober) -> None:
        assert (await prober.health()).ready
        hanging = await submit(prober, how)
        async with asyncio.timeout(60):
            while (found := await prober.health()).ready:
                assert not hanging.is_over
                await asyncio.sleep(0.05)
        assert found.models[0].silent_seconds > 0
        assert not hanging.is_over  # said while it hangs, not when it is found out

    run(tmp_path, test, deadline=60.0)


def _left_places(folder: Path, left: float) -> tuple[str, str]:
    """The states of a probe under way and of one that waits, some time after their users left; both places count."""
    states = []

    async def leave(prober: Prober) -> None:
        asked = await submit(prober, "sleep", user="h")
        waiting = await submit(prober, "fact", user="w")
        with pytest.raises(QueueFull):
            await submit(prober, "fact", user="third")
        await asyncio.sleep(1.5)  # five times what is waited for
        states.extend([asked.state, waiting.state])

    run(folder, leave, in_all=2, left=left, deadline=60.0)
    return states[0], states[1]


def test_who_leaves_frees_the_place(tmp_path: Path) -> None:
    assert _left_places(tmp_path, 0.3) == ("cancelled", "cancelled")


def test_control_nobody_notices_who_leaves(tmp_path: Path) -> None:
    assert "cancelled" not in _left_places(tmp_path, float("inf"))


def test_who_leaves_in_mid_probe_holds_up_nobody(tmp_path: Path) -> None:
    async def test(prober: Prober) -> None:
        left = await submit(prober, "sleep", user="h")
        other = await submit(prober, "fact", user="o")
        async with asyncio.timeout(60):
            while not (left.is_over and other.is_over):
                prober.find(other.id)  # only this one is looked at
                await asyncio.sleep(0.05)
        assert (left.state, left.note) == ("cancelled", "Nobody was looking at it any more.")
        assert list(other.answers.values()) == wanted(other)
        await state(prober, "m", "ready")

    run(tmp_path, test, left=1.5, deadline=8.0)


def _orphan_of_a_killed_service(folder: Path, serve: str) -> psutil.Process:
    """The stopped worker of a service that was killed."""
    service = subprocess.Popen(
        [sys.executable, "-c", _SERVICE, str(folder), serve], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert service.stdout is not None
        worker = psutil.Process(int(service.stdout.readline()))
        wait_until(lambda: worker.status() == psutil.STATUS_STOPPED)
        service.stdout.close()  # an orphan would hold it open
    finally:
        service.kill()
        service.wait()
    return worker


def test_a_killed_service_leaves_no_orphan(tmp_path: Path) -> None:
    worker = _orphan_of_a_killed_service(tmp_path, "obey")
    wait_until(lambda: not is_alive(worker))


def test_control_an_orphan_is_seen(tmp_path: Path) -> None:
    """The planted bug: a worker that does not watch its service."""
    worker = _orphan_of_a_killed_service(tmp_path, "obey_unwatched")
    with pytest.raises(psutil.TimeoutExpired):
        worker.wait(1)
    worker.send_signal(signal.SIGKILL)
    wait_until(lambda: not is_alive(worker))
