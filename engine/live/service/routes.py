"""What the service can be asked for, behind its door."""

import math
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from engine.configured_models import origin_of
from engine.live.fact.questions import fact_of, fact_questions
from engine.live.protocol.answer_json import shown_pieces
from engine.live.protocol.settings import ProbeSettings, probe_of
from engine.live.refusals import NotFound
from engine.live.service.http_json import json, read
from engine.live.service.live_probe import Probing
from engine.live.service.prober import Prober
from engine.live.service.saver import Keeper
from engine.live.translation.translator import Translator

LONGEST_WAIT = 10.0  # seconds that a poll may wait for news
_STRICT = ConfigDict(strict=True, extra="forbid")


class Submission(BaseModel):
    """Who wants which fact asked of which model, and how."""

    model_config = _STRICT
    user: str = Field(min_length=1, max_length=64)
    model: str = Field(min_length=1, max_length=250)
    fact: Any
    asking: ProbeSettings = ProbeSettings()


class Name(BaseModel):
    """What a user calls a probe."""

    model_config = _STRICT
    name: str


class Undo(BaseModel):
    """Which deletion is to be taken back."""

    model_config = _STRICT
    undo: str


class Promotion(BaseModel):
    """Which probes go into which dataset of the user's own."""

    model_config = _STRICT
    run_ids: list[str] = Field(min_length=1, max_length=10_000)
    dataset: str


class Texts(BaseModel):
    """Texts to be put into another language."""

    model_config = _STRICT
    texts: list[str]
    source: str
    target: str


def probe_routes(prober: Prober, keeper: Keeper) -> APIRouter:
    """Probes: submitted, looked at, cancelled."""
    routes = APIRouter()

    @routes.post("/probes")
    async def submit(request: Request) -> Response:
        submission = await read(request, Submission)
        probe = probe_of(submission.asking)
        questions = fact_questions(fact_of(submission.fact))
        probing = await prober.submit(user=submission.user, model=submission.model, questions=questions, probe=probe)
        keeper.watch(probing, submission.asking.model_dump())
        return json(prober.shown(probing), 202)

    @routes.get("/probes/{id}")
    async def poll(id: str, wait: float = 0.0, seen: int = 0) -> Response:
        """`wait`: seconds to wait for more than the `seen` answers that the caller has, or for its being kept."""
        probing = prober.find(id)
        seconds = min(wait, LONGEST_WAIT) if math.isfinite(wait) else 0.0
        if seconds > 0 and not _is_news(probing, seen):
            await probing.change(seconds)
        return json(prober.shown(prober.find(id)))

    @routes.delete("/probes/{id}")
    async def cancel(id: str) -> Response:
        return json(prober.shown(prober.cancel(id)))

    @routes.get("/probes/{id}/tokens/{language}")
    async def tokens(id: str, language: str) -> Response:
        answer = prober.find(id).answers.get(language)
        if answer is None:
            raise NotFound("there is no answer in this language; press Probe again")
        return json(shown_pieces(answer))

    return routes


def model_routes(prober: Prober) -> APIRouter:
    """Models: listed, loaded, let go; whether they answer."""
    routes = APIRouter()

    def listed() -> dict[str, Any]:
        sources = prober.sources()
        return {"models": [one | {"kind": origin_of(sources.get(one["model"], ""))} for one in prober.models()]}

    @routes.get("/models")
    async def models() -> Response:
        return json(listed())

    @routes.post("/models/{name:path}")
    async def load(name: str) -> Response:
        prober.load(name)
        return json(listed(), 202)

    @routes.delete("/models/{name:path}")
    async def unload(name: str) -> Response:
        prober.unload(name)
        return json(listed(), 202)

    @routes.get("/healthz")
    async def health() -> Response:
        found = await prober.health()
        return json(found, 200 if found["ready"] else 503)

    return routes


def kept_routes(keeper: Keeper) -> APIRouter:
    """Kept probes: named, deleted, put back, promoted."""
    routes = APIRouter(prefix="/kept")

    @routes.post("/undo")
    async def undo(request: Request) -> Response:
        await keeper.undo((await read(request, Undo)).undo)
        return json({})

    @routes.post("/promote")
    async def promote(request: Request) -> Response:
        wanted = await read(request, Promotion)
        return json(await keeper.promote(wanted.run_ids, wanted.dataset))

    @routes.post("/{kept}/name")
    async def rename(kept: str, request: Request) -> Response:
        await keeper.rename(kept, (await read(request, Name)).name)
        return json({})

    @routes.delete("/{kept}")
    async def delete(kept: str) -> Response:
        return json({"undo": await keeper.delete(kept)})

    return routes


def translation_routes(translator: Translator) -> APIRouter:
    """Texts in another language."""
    routes = APIRouter(prefix="/translate")

    @routes.get("")
    async def model() -> Response:
        return json({"model": translator.model().name, "languages": await translator.languages()})

    @routes.post("")
    async def translate(request: Request) -> Response:
        wanted = await read(request, Texts)
        texts = await translator.translate(wanted.texts, source=wanted.source, target=wanted.target)
        return json({"texts": texts})

    return routes


def _is_news(probing: Probing, seen: int) -> bool:
    """Whether there is more to tell than `seen` answers, or nothing more will come."""
    if probing.state == "done":
        return len(probing.answers) > seen or probing.kept is not None or probing.keep_problem is not None
    return probing.is_over or len(probing.answers) > seen
