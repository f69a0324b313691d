"""The probe service without its door, with workers that die, hang or are slow as they are told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from engine.facts.question import Question
from engine.live.protocol.messages import ModelState
from engine.live.protocol.settings import ProbeSettings, probe_of
from engine.live.refusals import Conflict, NotFound
from engine.live.service.live_probe import LiveProbe
from engine.live.service.model_queue import STOPPED
from engine.live.service.prober import Prober, ServiceLimits
from engine.live.worker.messages import ModelSettings
from engine.live.worker.process import Serve
from tests.support.fake_model import FakeModel
from tests.support.live_workers import obey

LETTER = probe_of(ProbeSettings())
LANGUAGES = ("en", "de", "he")
DEADLINE = 2.0  # seconds


def questions(text: str, languages: tuple[str, ...] = LANGUAGES) -> tuple[Question, ...]:
    """A fact in some languages."""
    return tuple(Question("live", text, tag, f"{tag}: {text}?", ("yes", "no"), (0,)) for tag in languages)


def wanted(live_probe: LiveProbe) -> list[Any]:
    """What the model answers when nothing disturbs it."""
    return LETTER.ask(FakeModel(), live_probe.questions)


async def submit(prober: Prober, text: str, *, user: str = "a", model: str = "m") -> LiveProbe:
    """Have a fact asked."""
    return await prober.submit(user=user, model=model, questions=questions(text), probe=LETTER)


async def over(prober: Prober, *live_probes: LiveProbe) -> None:
    """Look at probes until they are over."""
    async with asyncio.timeout(60):
        for live_probe in live_probes:
            while not live_probe.is_over:
                prober.find(live_probe.id)
                await live_probe.change(0.5)


@asynccontextmanager
async def serving(folder: Path, *, serve: Serve = obey, **limits: Any) -> AsyncIterator[Prober]:
    """A prober whose model is ready."""
    sources = {"m": str(folder), "n": str(folder), "broken": "broken"}
    prober = Prober(lambda: sources, ModelSettings(), ServiceLimits(**({"deadline": DEADLINE} | limits)), serve=serve)
    running = asyncio.create_task(prober.run())
    prober.load("m")
    await state(prober, "m", "ready")
    try:
        yield prober
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def state(prober: Prober, model: str, wanted: str) -> ModelState:
    """Wait until a model is in a state."""
    async with asyncio.timeout(60):
        while True:
            (found,) = [state for state in prober.models().models if state.name == model]
            if found.state == wanted:
                return found
            await asyncio.sleep(0.02)


def run(folder: Path, test: Callable[[Prober], Awaitable[None]], **limits: Any) -> None:
    """Run a test on a prober of its own."""

    async def whole() -> None:
        async with serving(folder, **limits) as prober:
            await test(prober)

    asyncio.run(whole())


def test_answers_are_those_of_the_probe(tmp_path: Path) -> None:
    async def test(prober: Prober) -> None:
        live_probes = [await submit(prober, f"fact {n}", user=str(n)) for n in range(6)]
        await over(prober, *live_probes)
        for live_probe in live_probes:
            assert live_probe.state == "done"
            assert list(live_probe.answers.values()) == wanted(live_probe)

    run(tmp_path, test)


def test_a_killed_worker_loses_nobodys_probe(tmp_path: Path) -> None:
    async def test(prober: Prober) -> None:
        others = [await submit(prober, f"fact {n}", user=str(n)) for n in range(3)]
        killer = await submit(prober, "die once", user="k")
        notes = set()
        while not killer.is_over:
            notes.add(killer.note)
            prober.find(killer.id)
            await killer.change(0.5)
        await over(prober, *others)
        assert any(note and "is being restarted; your probe is asked again" in note for note in notes)
        for live_probe in (killer, *others):
            assert live_probe.state == "done"
            assert list(live_probe.answers.values()) == wanted(live_probe)

    run(tmp_path, test)


def test_a_probe_that_kills_harms_no_other(tmp_path: Path) -> None:
    async def test(prober: Prober) -> None:
        killer = await submit(prober, "die always", user="k")
        others = [await submit(prober, f"fact {n}", user=str(n)) for n in range(3)]
        await over(prober, killer, *others)
        assert (killer.state, killer.note, killer.answers) == ("failed", STOPPED, {})
        assert killer.stops == 2
        assert [live_probe.state for live_probe in others] == ["done"] * 3
        assert list(others[0].answers.values()) == wanted(others[0])
        await state(prober, "m", "ready")
        assert (await prober.health()).ready

    run(tmp_path, test)


def test_cancelling_frees_the_place(tmp_path: Path) -> None:
    async def test(prober: Prober) -> None:
        await submit(prober, "sleep", user="h")
        waiting = await submit(prober, "fact", user="w")
        assert prober.cancel(waiting.id).state == "cancelled"
        again = await submit(prober, "fact", user="w")
        assert again.id != waiting.id

    run(tmp_path, test, in_all=2, deadline=30.0)


def test_a_model_that_cannot_be_loaded_leaves_the_old_one_serving(tmp_path: Path) -> None:
    async def test(prober: Prober) -> None:
        prober.load("broken")
        found = await state(prober, "broken", "failed")
        assert found.reason == "the folder is empty; give another"
        live_probe = await submit(prober, "fact")
        await over(prober, live_probe)
        assert live_probe.state == "done"
        with pytest.raises(Conflict, match=r"could not be loaded: the folder is empty.*loaded: m"):
            await submit(prober, "fact", model="broken")

    run(tmp_path, test)


def test_swapping_models_loses_no_probe(tmp_path: Path) -> None:
    async def test(prober: Prober) -> None:
        live_probes = [await submit(prober, f"fact {n}", user=str(n)) for n in range(8)]
        prober.load("n")
        await over(prober, *live_probes)
        await state(prober, "n", "ready")
        await state(prober, "m", "unloaded")
        assert [live_probe.state for live_probe in live_probes] == ["done"] * 8
        after = await submit(prober, "fact", model="n")
        await over(prober, after)
        assert after.state == "done"

    run(tmp_path, test)


def test_a_model_tells_its_pace_in_each_way_of_asking_once_it_was_asked_so(tmp_path: Path) -> None:
    async def test(prober: Prober) -> None:
        async with asyncio.timeout(60):
            while set((found := await state(prober, "m", "ready")).seconds) != {"letter", "cloze", "generation"}:
                await asyncio.sleep(0.02)
        assert all(seconds > 0 for seconds in found.seconds.values())
        every_order = probe_of(ProbeSettings.model_validate({"permute": "cyclic"}))
        await over(prober, await prober.submit(user="a", model="m", questions=questions("fact"), probe=every_order))
        assert (await state(prober, "m", "ready")).seconds["letter cyclic"] > 0
        assert (await state(prober, "n", "unloaded")).seconds == {}

    run(tmp_path, test)


def test_only_models_of_the_list(tmp_path: Path) -> None:
    async def test(prober: Prober) -> None:
        with pytest.raises(NotFound, match="may be asked here; choose from m, n, broken"):
            prober.load("/etc")
        with pytest.raises(Conflict, match="'n' is not loaded"):
            await submit(prober, "fact", model="n")
        with pytest.raises(NotFound, match="no such probe"):
            prober.find("guess")

    run(tmp_path, test)


def test_what_cannot_be_asked_is_answered_at_once(tmp_path: Path) -> None:
    async def test(prober: Prober) -> None:
        await submit(prober, "sleep", user="h")
        one = Question("live", "f", "en", "?", ("only",), (0,))
        live_probe = await prober.submit(user="a", model="m", questions=(one,), probe=LETTER)
        assert live_probe.state == "done"
        assert live_probe.answers["en"].error == "it has one option only, so there is nothing to choose"

    run(tmp_path, test, deadline=30.0)
