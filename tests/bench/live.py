"""The live probe: a real service, real models, users of its door. Merging is judged by CPU seconds of its worker.

The arms take turns and the median of the rounds' ratios counts; waits are seconds of a machine that may do other work.
"""

import asyncio
import random
import statistics
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from engine.configured_models import EMBEDDED_MODELS
from engine.facts.load import load_questions
from engine.facts.question import Question
from engine.live.service.fair_queue import IN_ALL
from engine.locations import EMBEDDED
from tests.bench.figure import Figure
from tests.bench.ground import Ground
from tests.bench.live_load import Door, Load, door, jain
from tests.bench.process import cpu_ms
from tests.bench.rounds import p95
from tests.support.live_service import serving, worker
from tests.support.tiny_models import make_model

LANGUAGES = ("en", "de", "fr", "it", "pl", "ru", "ar", "he", "zh", "ja")
_USERS, _GREEDY = 50, 10
_EMBEDDED = "lab-en"


@dataclass(frozen=True)
class Case:
    """A model, a probe, and how many times less CPU a merged probe must take; None: it is only told."""

    model: str
    probe: str
    at_least_times: float | None

    @property
    def name(self) -> str:
        """How the figures call it."""
        return f"{self.model}, {self.probe}"


CASES = (
    Case(_EMBEDDED, "cloze", 3),
    Case("random 3M Llama", "cloze", 3),
    # Long prompts that share little, and the quickest way of asking them alone: mostly products of matrices either way.
    Case("random 3M Llama", "letter", None),
)


@dataclass
class Rounds:
    """What was measured in each round."""

    one: list[Load] = field(default_factory=list)
    many: list[Load] = field(default_factory=list)
    crowds: list[Load] = field(default_factory=list)
    cpu: dict[str, list[float]] = field(default_factory=dict)  # milliseconds of the worker, per probe
    seconds: dict[str, list[float]] = field(default_factory=dict)  # for all probes of an arm
    refusals: list[float] = field(default_factory=list)
    crowd_seconds: float = 0.0  # from the first submission to the last answer

    def ratio(self, of: Mapping[str, Sequence[float]]) -> float:
        """Median of the rounds' ratios."""
        return statistics.median(a / b for a, b in zip(of["one"], of["many"], strict=True))


def measure(ground: Ground) -> Iterator[Figure]:
    """Merging on two models; on the embedded one how long a user waits, alone and among fifty."""
    facts = _facts()
    for case in CASES:
        store = ground.folder / f"live-{case.name}"
        store.mkdir()
        source = EMBEDDED_MODELS / case.model
        if case.model != _EMBEDDED:
            source = store / "llama"
            make_model(source, "llama", vocabulary_texts=_texts(facts), size="3m")
        elif not source.is_dir():
            yield Figure(f"live probe of {case.model}", None, "ms", why_not="the embedded model is not there")
            continue
        (store / "models.toml").write_text(f'[models]\n"tiny" = "{source}"\n')
        found = Rounds()
        with serving(store) as (service, _):
            asyncio.run(_rounds(store, worker(service), found, facts, case, rounds=1 if ground.quick else 5))
        yield from _merging(case, found)
        if case.model == _EMBEDDED:
            yield from _waiting(found)


async def _rounds(
    store: Path,
    process: psutil.Process,
    found: Rounds,
    facts: Sequence[Mapping[str, Any]],
    case: Case,
    *,
    rounds: int,
) -> None:
    async with door(store, facts, {"probe": case.probe}) as opened:
        await opened.one_after_the_other(range(5))
        await opened.at_once(range(_USERS))
        for _ in range(rounds):
            found.one.append(await _timed("one", opened.one_after_the_other, process, found))
            found.many.append(await _timed("many", opened.at_once, process, found))
        if case.model == _EMBEDDED:
            began = asyncio.get_running_loop().time()
            found.crowds.append(await opened.crowd(users=_USERS, turns=3 if rounds == 1 else 10, greedy=_GREEDY))
            found.crowd_seconds = asyncio.get_running_loop().time() - began
            found.refusals += await _refused(opened, process)


async def _timed(
    arm: str, run: Callable[[Sequence[int]], Awaitable[Load]], process: psutil.Process, found: Rounds
) -> Load:
    loop = asyncio.get_running_loop()
    before, began = cpu_ms(process), loop.time()
    load = await run(range(_USERS))
    found.cpu.setdefault(arm, []).append((cpu_ms(process) - before) / _USERS)
    found.seconds.setdefault(arm, []).append(loop.time() - began)
    return load


async def _refused(opened: Door, process: psutil.Process) -> list[float]:
    """Seconds of each of a hundred refusals while the queue is full; the worker is stopped, so that it stays full."""
    filling, full, refused = Load(), Load(), Load()
    process.suspend()
    try:
        tasks = [asyncio.create_task(opened.ask(f"user {n // 8}", n % _USERS, filling)) for n in range(IN_ALL)]
        while not full.refusals:
            late = asyncio.create_task(opened.ask("late", 0, full))
            await asyncio.wait([late], timeout=0.2)
            tasks.append(late)
        for number in range(100):
            await opened.ask(f"late {number}", 0, refused)
    finally:
        process.resume()
    await asyncio.gather(*tasks)
    assert len(refused.refusals) == 100
    return refused.refusals


def _merging(case: Case, found: Rounds) -> Iterator[Figure]:
    model = case.name
    many, ratio = statistics.median(found.cpu["many"]), found.ratio(found.cpu)
    yield Figure(
        f"{model}: CPU of a probe, {_USERS} at once / one by one",
        many,
        "ms",
        reference=many * ratio,
        at_least_times=case.at_least_times,
    )
    seconds, ratio = statistics.median(found.seconds["many"]), found.ratio(found.seconds)
    yield Figure(f"{model}: {_USERS} probes at once / one by one", seconds, "s", reference=seconds * ratio)
    serial = {wait.fact: wait.told["languages"] for wait in found.one[0].waits}
    merged = [wait for load in found.many for wait in load.waits]
    wrong = sum(_furthest(wait.told["languages"], serial[wait.fact]) > 1e-2 for wait in merged)
    lost = sum(len(load.lost) for load in [*found.one, *found.many, *found.crowds])
    yield Figure(f"{model}: probes lost, or with another's answers", wrong + lost, "failed", at_most=0)
    furthest = max(_furthest(wait.told["languages"], serial[wait.fact]) for wait in merged)
    yield Figure(f"{model}: most that merging moves a log-likelihood", furthest, "nats")


def _waiting(found: Rounds) -> Iterator[Figure]:
    alone = [1000 * wait.seconds for load in found.one for wait in load.waits]
    yield Figure("warm probe, ten languages, submitted -> last answer", statistics.median(alone), "ms", at_most=500)
    yield Figure("the same, p95", p95(alone), "ms", at_most=1000)
    waits: dict[str, list[float]] = {}
    for wait in found.crowds[0].waits:
        waits.setdefault(wait.user, []).append(wait.seconds)
    greedy = statistics.fmean(waits.pop("greedy"))
    means = [statistics.fmean(seconds) for seconds in waits.values()]
    others = [wait for wait in found.crowds[0].waits if wait.user != "greedy"]
    longest = max(map(found.crowds[0].meanwhile, others)) / _USERS
    yield Figure(f"{_USERS} users, one greedy: mean wait of a probe", statistics.fmean(means), "s")
    yield Figure("the same, of the greedy user's", greedy, "s")
    yield Figure("unfairness of the mean waits (1 - Jain's index)", 100 * (1 - jain(means)), "%", at_most=5)
    round_of_all = _USERS * found.crowd_seconds / len(found.crowds[0].waits)
    yield Figure("the time in which as many probes are answered as users are there", round_of_all, "s")
    yield Figure("longest wait: probes answered meanwhile / users", longest, "x", at_most=1.2)
    yield Figure("longest wait", max(wait.seconds for wait in others), "s")
    yield Figure("refusal while the queue is full, p95 of 100", 1000 * p95(found.refusals), "ms", at_most=50)


def _furthest(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> float:
    """The largest difference between log-likelihoods of the same options, nats."""
    return max(
        abs(float(one["logprob"]) - float(other["logprob"]))
        for tag in wanted
        for one, other in zip(found[tag]["options"], wanted[tag]["options"], strict=True)
    )


def _facts() -> list[dict[str, Any]]:
    """As many different facts as users, in ten languages, the same in every run."""
    by_id: dict[str, list[Question]] = {}
    for question in load_questions([EMBEDDED], "world", languages=LANGUAGES):
        by_id.setdefault(question.fact_id, []).append(question)
    whole = [questions for questions in by_id.values() if len(questions) == len(LANGUAGES)]
    return [_json(questions) for questions in random.Random(0).sample(whole, _USERS)]


def _json(questions: Sequence[Question]) -> dict[str, Any]:
    texts = {one.language: {"question": one.text, "options": list(one.options)} for one in questions}
    return {"relation": questions[0].relation, "texts": texts, "gold": list(questions[0].gold)}


def _texts(facts: Sequence[Mapping[str, Any]]) -> list[str]:
    """All that the facts say: a tokenizer learnt from it makes prompts of a usual length."""
    texts = [text for fact in facts for text in fact["texts"].values()]
    return [line for text in texts for line in (text["question"], *text["options"])]
