"""Fifty users of one probe service at once, one of them greedy: everybody waits alike, and gets the own answers.

Waits are counted in probes that others got answered meanwhile, so that a busy machine changes nothing.
"""

import asyncio
import itertools
import statistics
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import engine.live.service.pace
from engine.live.refusals import QueueFull
from engine.live.service.fair_queue import FairQueue, Group
from engine.live.service.live_probe import LiveProbe
from engine.live.service.model_queue import ModelQueue
from engine.live.service.prober import Prober
from tests.bench.live_load import jain
from tests.engine.live.test_prober import over, run, submit, wanted

pytestmark = pytest.mark.slow

_USERS, _TURNS, _GREEDY = 50, 9, 10  # 49 · 9 + 9 · 10 = 531 submissions
_LONGEST = 1.2 * _USERS  # probes: 1.2 ideal rounds


@dataclass
class Crowd:
    """What became of everybody's probes."""

    live_probes: list[LiveProbe] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)

    def waits(self) -> dict[str, list[int]]:
        """Of every user's probes: how many were over between its submission and its end, itself included."""
        ends = [live_probe.ended or 0.0 for live_probe in self.live_probes]
        found: dict[str, list[int]] = {}
        for live_probe in self.live_probes:
            meanwhile = sum(live_probe.submitted < end <= (live_probe.ended or 0.0) for end in ends)
            found.setdefault(live_probe.user, []).append(meanwhile)
        return found

    def of_the_greedy(self) -> int:
        """How many probes of the greedy user were over when the first of the others had had all turns."""
        lasts: dict[str, float] = {}
        for live_probe in self.live_probes:
            lasts[live_probe.user] = max(live_probe.ended or 0.0, lasts.get(live_probe.user, 0.0))
        del lasts["greedy"]
        return sum(p.user == "greedy" and (p.ended or 0.0) < min(lasts.values()) for p in self.live_probes)

    def wrong(self) -> list[str]:
        """Probes that did not get the answers which a model gives when nobody else asks it."""
        return [
            f"{live_probe.user}: {live_probe.state} ({live_probe.note})"
            for live_probe in self.live_probes
            if live_probe.state != "done" or list(live_probe.answers.values()) != wanted(live_probe)
        ]


@pytest.fixture(autouse=True)
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten probes of three languages in a group: a round takes several."""
    monkeypatch.setattr(engine.live.service.pace, "_MOST", 30)


def _crowd(folder: Path) -> Crowd:
    crowd = Crowd()

    async def take(prober: Prober, name: str, text: str) -> list[LiveProbe]:
        try:
            return [await submit(prober, f"{name}, {text}", user=name)]
        except QueueFull as refused:
            assert refused.seconds > 0
            crowd.refused[name] = crowd.refused.get(name, 0) + 1
            return []

    async def user(prober: Prober, name: str, at_once: int) -> None:
        for turn in range(_TURNS):
            texts = [f"turn {turn}, number {number}" for number in range(at_once)]
            taken = await asyncio.gather(*(take(prober, name, text) for text in texts))
            mine = list(itertools.chain.from_iterable(taken))
            crowd.live_probes += mine
            await over(prober, *mine)

    async def everybody(prober: Prober) -> None:
        names = ["greedy", *(f"user {number}" for number in range(1, _USERS))]
        await asyncio.gather(*(user(prober, name, _GREEDY if name == "greedy" else 1) for name in names))

    run(folder, everybody, deadline=30.0)
    return crowd


def test_fifty_users_one_of_them_greedy(tmp_path: Path) -> None:
    crowd = _crowd(tmp_path)
    assert crowd.wrong() == []
    assert crowd.refused == {"greedy": _TURNS * (_GREEDY - 8)}  # the cap is 8; nobody below it is refused
    assert len(crowd.live_probes) == (_USERS - 1) * _TURNS + _TURNS * 8
    waits = crowd.waits()
    del waits["greedy"]
    assert max(itertools.chain.from_iterable(waits.values())) <= _LONGEST
    means = [statistics.fmean(of_user) for of_user in waits.values()]
    assert jain(means) >= 0.95
    assert crowd.of_the_greedy() <= 2 * _TURNS  # not 8 times as many; the first come before the others are there


def test_control_a_queue_in_which_the_greedy_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: whoever has most probes waiting is asked all of them first."""
    fair = FairQueue.next_together

    def unfair(queue: FairQueue, model: str) -> list[LiveProbe]:
        waiting = Counter(live_probe.user for live_probe in queue)
        return sorted(fair(queue, model), key=lambda live_probe: -waiting[live_probe.user])

    monkeypatch.setattr(FairQueue, "next_together", unfair)
    assert _crowd(tmp_path).of_the_greedy() > 2 * _TURNS


def test_control_answers_that_are_mixed_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: of a group that was asked together one gets the other's answers."""
    hand_out = ModelQueue.hand_out

    def mixed_up(model_queue: ModelQueue, group: Group, answers: list[object]) -> None:
        hand_out(model_queue, Group(group.probe, tuple(reversed(group.parts))), answers)  # type: ignore[arg-type]

    monkeypatch.setattr(ModelQueue, "hand_out", mixed_up)
    assert _crowd(tmp_path).wrong() != []


def test_a_full_queue_takes_nothing_and_loses_nothing(tmp_path: Path) -> None:
    async def flood(prober: Prober) -> None:
        hanging = [await submit(prober, "sleep", user=f"user {number // 8}") for number in range(64)]
        refused: list[QueueFull] = []
        for number in range(500):
            with pytest.raises(QueueFull, match=r"64 probes are waiting already; try again in about \d+ s") as found:
                await submit(prober, f"fact {number}", user=f"late {number}")
            refused.append(found.value)
        assert all(one.seconds > 0 for one in refused)
        assert prober.counts() == (64, 64)
        prober.cancel(hanging[0].id)
        assert (await submit(prober, "fact", user="late")).state == "waiting"

    run(tmp_path, flood, deadline=30.0)


def test_a_probe_that_waits_too_long_is_told(tmp_path: Path) -> None:
    async def wait(prober: Prober) -> None:
        await submit(prober, "sleep", user="h")
        waiting = await submit(prober, "fact", user="w")
        await over(prober, waiting)
        assert waiting.state == "failed"
        assert "The model did not come to it within 0 s" in (waiting.note or "")
        assert prober.counts()[0] < 2  # its place is free

    run(tmp_path, wait, deadline=30.0, waiting=0.3)


def test_expected_waits_grow_with_the_place(tmp_path: Path) -> None:
    async def expect(prober: Prober) -> None:
        first = await submit(prober, "sleep", user="first")
        while first.state == "waiting":
            await asyncio.sleep(0.01)
        # From here on the model is busy, so that all others wait.
        live_probes = [await submit(prober, "sleep", user=f"user {number}") for number in range(5)]
        waits = [prober.status(live_probe) for live_probe in live_probes]
        places = [status.position or 0 for status in waits]
        before = places[0]  # 1, if the model came to a part of the first only
        assert before in (0, 1) and places == [before + number for number in range(5)]
        seconds = [status.expected_seconds or 0 for status in waits]
        assert all(a < b for a, b in itertools.pairwise(seconds))

    run(tmp_path, expect, deadline=30.0)
