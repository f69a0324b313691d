"""Have the worker of a probe service hang, over and over: asleep, stopped, and deaf to SIGTERM in any case.

`python -m tests.faults.live_hangs --hangs 60` does so at length and prints how long after its deadline each probe was
told.
"""

import argparse
import asyncio
import os
import signal
import statistics
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from engine.live.service.prober import Prober
from tests.engine.live.test_prober import DEADLINE, over, serving, state, submit, wanted
from tests.support.live_service import is_alive

KINDS = ("sleep", "stop")


@dataclass
class Hangs:
    """What became of a number of hangs."""

    late: list[float] = field(default_factory=list)  # seconds after its deadline that a probe was told
    wrong: list[str] = field(default_factory=list)


async def hang(prober: Prober, how: str, found: Hangs) -> None:
    """One hang: the probe is told at its deadline, the worker is gone, the next user is served by another."""
    victim = psutil.Process(prober.worker_pid("m"))
    hanging = await submit(prober, how, user="h")
    other = await submit(prober, "fact", user="o")
    await over(prober, hanging, other)
    await state(prober, "m", "ready")
    found.late.append((hanging.ended or 0.0) - hanging.submitted - DEADLINE)
    if hanging.state != "failed" or f"gave no answer for {DEADLINE:.0f} s" not in (hanging.note or ""):
        found.wrong.append(f"{how}: {hanging.state} ({hanging.note})")
    if hanging.silent < DEADLINE:
        found.wrong.append(f"{how}: told after {hanging.silent:.2f} s of silence, before its deadline")
    if list(other.answers.values()) != wanted(other):
        found.wrong.append(f"{how}: the other probe is {other.state} ({other.note})")
    if await asyncio.to_thread(_outlives, victim):
        found.wrong.append(f"{how}: the worker that hung is still there")


def _outlives(victim: psutil.Process) -> bool:
    """Whether a process that should have been killed is still there; if so, it is killed now."""
    for _ in range(100):
        if not is_alive(victim):
            return False
        with suppress(psutil.TimeoutExpired):
            victim.wait(0.02)
    os.kill(victim.pid, signal.SIGKILL)
    return True


async def hang_often(folder: Path, hangs: int) -> Hangs:
    """As many hangs as wanted, of all kinds in turn."""
    found = Hangs()
    async with serving(folder) as prober:
        for number in range(hangs):
            await hang(prober, KINDS[number % len(KINDS)], found)
    return found


def main() -> None:
    """Hang as often as asked; exit status 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hangs", type=int, default=60)
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(hang_often(Path(folder), parser.parse_args().hangs))
    print(f"{len(found.late)} hangs; wrong: {found.wrong or 'none'}")
    print(f"told after the deadline: median {statistics.median(found.late):.3f} s, most {max(found.late):.3f} s")
    sys.exit(bool(found.wrong))


if __name__ == "__main__":
    main()
