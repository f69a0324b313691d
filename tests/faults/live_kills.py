"""Kill the worker of a probe service at random moments of a running probe, over and over.

`python -m tests.faults.live_kills --kills 200` does so at length, with an embedded model.
"""

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from engine.configured_models import EMBEDDED_MODELS
from engine.live.client import LiveClient
from engine.live.protocol.fact_text import FactText
from engine.live.protocol.messages import LanguageAnswer
from tests.support.live_service import FACT_TEXT, answered, is_alive, serving, wait_until, worker

_LATEST_SECONDS = 0.02  # after the probes were taken
_BYSTANDERS = 2


@dataclass
class Kills:
    """What became of a number of kills."""

    met: int = 0  # that came while a probe was under way
    noticed: list[float] = field(default_factory=list)  # seconds until health said so
    ready: list[float] = field(default_factory=list)  # seconds until it was ready again
    wrong: list[str] = field(default_factory=list)


def kill_the_worker(
    service: "subprocess.Popen[bytes]", client: LiveClient, *, kills: int, seed: int = 0, fact: FactText = FACT_TEXT
) -> Kills:
    """Kill it `kills` times while probes of several users are under way; each must get its undisturbed answer."""
    chance, found = random.Random(seed), Kills()
    wanted = answered(client, client.submit(fact, user="first", model="tiny")).languages
    for number in range(kills):
        probes = [client.submit(fact, user=str(user), model="tiny") for user in range(_BYSTANDERS + 1)]
        time.sleep(chance.uniform(0, _LATEST_SECONDS))
        found.met += client.poll(probes[-1].id).state in ("waiting", "running")
        victim = worker(service)
        began = time.monotonic()
        os.kill(victim.pid, signal.SIGKILL)
        wait_until(lambda: client.models()[-1].state != "ready")
        found.noticed.append(time.monotonic() - began)
        wait_until(lambda: client.health().ready)
        found.ready.append(time.monotonic() - began)
        for probe in probes:
            over = answered(client, probe)
            if over.state != "done" or not _alike(over.languages, wanted):
                found.wrong.append(f"kill {number}: {over.state} ({over.note}), {over.languages}")
        if is_alive(victim):
            found.wrong.append(f"kill {number}: the worker outlived it")
    return found


def _alike(found: Mapping[str, LanguageAnswer], wanted: Mapping[str, LanguageAnswer]) -> bool:
    """The same answers but for rounding, which depends on what else is in a batch."""
    if found.keys() != wanted.keys():
        return False
    pairs = [
        (a.logprob, b.logprob) for tag in wanted for a, b in zip(found[tag].options, wanted[tag].options, strict=True)
    ]
    return all(a is not None and b is not None and abs(a - b) < 1e-4 for a, b in pairs)


def main() -> None:
    """Kill as often as asked; exit status 1 when any answer was lost or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", default="lab-en", help="an embedded model")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        (Path(temporary) / "models.toml").write_text(f'[models]\n"tiny" = "{EMBEDDED_MODELS / asked.model}"\n')
        with serving(Path(temporary)) as (service, client):
            files = psutil.Process(service.pid).num_fds()
            found = kill_the_worker(service, client, kills=asked.kills, seed=asked.seed)
            more = psutil.Process(service.pid).num_fds() - files
    print(f"{asked.kills} kills, {found.met} while probes were under way; wrong: {found.wrong or 'none'}")
    for what, seconds in (("noticed", found.noticed), ("ready again", found.ready)):
        p95 = statistics.quantiles(seconds, n=20)[-1]
        print(f"{what} after: median {statistics.median(seconds):.3f} s, p95 {p95:.3f} s, most {max(seconds):.3f} s")
    print(f"open files of the service: {more:+d}")
    sys.exit(bool(found.wrong))


if __name__ == "__main__":
    main()
