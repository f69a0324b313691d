"""The worker of the probe service is killed in the middle of probes: no answer is lost or wrong."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine.live.service.model_queue
from engine.live.service.fair_queue import FairQueue, Group
from tests.engine.live.test_prober import over, submit, wanted
from tests.engine.live.test_prober import serving as obeying
from tests.faults.live_kills import kill_the_worker
from tests.support.live_service import make_models, serving


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("live")
    make_models(folder)
    yield folder


def test_kills_lose_nothing(store: Path) -> None:
    with serving(store) as (service, client):
        found = kill_the_worker(service, client, kills=10)
    assert found.wrong == []
    assert found.met >= 5
    assert max(found.ready) < 30  # seconds, on a machine that does much else


async def _kill_among_others(folder: Path) -> list[str]:
    """What is wrong with the probes of others when one kills the worker."""
    async with obeying(folder) as prober:
        with pytest.MonkeyPatch.context() as held:  # nothing is asked until all are there: they are asked together
            held.setattr(FairQueue, "take", lambda *_, **__: None)
            killer = await submit(prober, "die always", user="k")
            others = [await submit(prober, f"fact {n}", user=str(n)) for n in range(3)]
        prober.wake("m")
        await over(prober, killer, *others)
        return [
            f"{other.user}: {other.state} ({other.note})"
            for other in others
            if other.state != "done" or list(other.answers.values()) != wanted(other)
        ]


def test_a_probe_that_kills_is_found_out(tmp_path: Path) -> None:
    assert asyncio.run(_kill_among_others(tmp_path)) == []


def test_control_probes_that_are_merged_again_are_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: what was asked together when the worker stopped is asked together again."""
    stopped = engine.live.service.model_queue._stopped

    def merged_again(group: Group) -> None:
        stopped(group)
        for live_probe, _ in group.parts:
            live_probe.alone = False

    monkeypatch.setattr(engine.live.service.model_queue, "_stopped", merged_again)
    assert asyncio.run(_kill_among_others(tmp_path)) != []
