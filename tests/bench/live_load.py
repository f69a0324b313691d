"""Many users of one probe service at once: submits facts, follows each until it is over, notes how long it took."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import orjson

from engine.live.address import ADDRESS, read_address

MODEL = "tiny"  # its name in the list of models


@dataclass(frozen=True)
class Wait:
    """A probe that came back: whose, of which fact, the seconds from its submission to its last answer."""

    user: str
    fact: int
    seconds: float
    ended: float  # by the performance counter
    told: Mapping[str, Any]


@dataclass
class Load:
    """What came of a load."""

    waits: list[Wait] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)  # seconds that each took
    lost: list[str] = field(default_factory=list)  # probes that ended without all their answers, and why

    def meanwhile(self, wait: Wait) -> int:
        """How many probes were over while one waited, itself included."""
        return sum(wait.ended - wait.seconds < other.ended <= wait.ended for other in self.waits)


@dataclass(frozen=True)
class Door:
    """The service's door, for as many users as one likes."""

    http: httpx2.AsyncClient
    facts: Sequence[Mapping[str, Any]]
    asking: Mapping[str, Any]

    async def ask(self, user: str, fact: int, load: Load) -> bool:
        """Have a fact asked and follow it; whether it was taken."""
        content = orjson.dumps({"user": user, "model": MODEL, "fact": self.facts[fact], "asking": self.asking})
        began = time.perf_counter()
        response = await self.http.post("/probes", content=content)
        if response.status_code == 429:
            load.refusals.append(time.perf_counter() - began)
            return False
        told = orjson.loads(response.content)
        while told["state"] in ("waiting", "running"):
            seen = len(told["languages"])
            response = await self.http.get(f"/probes/{told['id']}", params={"seen": seen, "wait": 10})
            told = orjson.loads(response.content)
        ended = time.perf_counter()
        load.waits.append(Wait(user, fact, ended - began, ended, told))
        if told["state"] != "done" or len(told["languages"]) != told["total"]:
            load.lost.append(f"{user}: {told['state']} ({told['note']})")
        return True

    async def one_after_the_other(self, facts: Sequence[int]) -> Load:
        """Each when the one before it is over."""
        load = Load()
        for fact in facts:
            await self.ask("only", fact, load)
        return load

    async def at_once(self, facts: Sequence[int]) -> Load:
        """Each by a user of its own."""
        load = Load()
        await asyncio.gather(*(self.ask(f"user {fact}", fact, load) for fact in facts))
        return load

    async def crowd(self, *, users: int, turns: int, greedy: int) -> Load:
        """Users who submit again as soon as they have their answer, the first of them `greedy` probes at a time."""
        load = Load()

        async def user(number: int) -> None:
            for turn in range(turns):
                fact = (number * turns + turn) % len(self.facts)
                at_once = greedy if number == 0 else 1
                name = "greedy" if number == 0 else f"user {number}"
                await asyncio.gather(*(self.ask(name, fact, load) for _ in range(at_once)))

        await asyncio.gather(*map(user, range(users)))
        return load


@asynccontextmanager
async def door(store: Path, facts: Sequence[Mapping[str, Any]], asking: Mapping[str, Any]) -> AsyncIterator[Door]:
    """The door of the service whose address the store holds."""
    address = read_address(store / ADDRESS)
    async with httpx2.AsyncClient(
        base_url="http://probe",
        transport=httpx2.AsyncHTTPTransport(uds=address.socket),
        headers={"Authorization": f"Bearer {address.token}"},
        timeout=60,
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=None),  # everybody comes by the own way
        trust_env=False,
    ) as http:
        yield Door(http, facts, asking)


def jain(waits: Sequence[float]) -> float:
    """Jain's index of fairness: 1 where all are alike, 1 / n where one has it all."""
    return sum(waits) ** 2 / (len(waits) * sum(wait**2 for wait in waits))
