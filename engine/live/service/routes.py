"""What the service can be asked for: each route reads a message and answers with one."""

import math

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from engine.errors import IsoglossError
from engine.live.fact.questions import fact_of, fact_questions
from engine.live.protocol.answer_message import pieces_message
from engine.live.protocol.message import faults
from engine.live.protocol.messages import (
    Deletion,
    Done,
    NewName,
    Promotion,
    Settings,
    Submission,
    TranslatedTexts,
    TranslationRequest,
    TranslatorModel,
)
from engine.live.protocol.settings import ProbeSettings, probe_of
from engine.live.refusals import NotFound
from engine.live.service.http_json import read, reply
from engine.live.service.live_probe import LiveProbe
from engine.live.service.prober import Prober
from engine.live.service.saver import Saver
from engine.live.translation.translator import Translator

LONGEST_WAIT = 10.0  # seconds that a poll may wait for news


def probe_routes(prober: Prober, saver: Saver) -> APIRouter:
    """Live probes: submitted, looked at, cancelled."""
    routes = APIRouter()

    @routes.post("/probes")
    async def submit(request: Request) -> Response:
        submission = await read(request, Submission)
        asking = _checked(submission.asking)
        live_probe = await prober.submit(
            user=submission.user,
            model=submission.model,
            probe=probe_of(asking),
            questions=fact_questions(fact_of(submission.fact)),
        )
        saver.watch(live_probe, asking.model_dump())
        return reply(prober.status(live_probe), 202)

    @routes.get("/probes/{id}")
    async def poll(id: str, wait: float = 0.0, seen: int = 0) -> Response:
        """`wait`: seconds to wait for more than the `seen` answers that the caller has, or for its being saved."""
        live_probe = prober.find(id)
        seconds = min(wait, LONGEST_WAIT) if math.isfinite(wait) else 0.0
        if seconds > 0 and not _is_news(live_probe, seen):
            await live_probe.change(seconds)
        return reply(prober.status(prober.find(id)))

    @routes.delete("/probes/{id}")
    async def cancel(id: str) -> Response:
        return reply(prober.status(prober.cancel(id)))

    @routes.get("/probes/{id}/tokens/{language}")
    async def tokens(id: str, language: str) -> Response:
        answer = prober.find(id).answers.get(language)
        if answer is None:
            raise NotFound("there is no answer in this language; press Probe again")
        return reply(pieces_message(answer))

    return routes


def model_routes(prober: Prober) -> APIRouter:
    """Models: listed, loaded, let go; whether they answer."""
    routes = APIRouter()

    @routes.get("/models")
    async def models() -> Response:
        return reply(prober.models())

    @routes.post("/models/{name:path}")
    async def load(name: str) -> Response:
        prober.load(name)
        return reply(prober.models(), 202)

    @routes.delete("/models/{name:path}")
    async def unload(name: str) -> Response:
        prober.unload(name)
        return reply(prober.models(), 202)

    @routes.get("/healthz")
    async def health() -> Response:
        report = await prober.health()
        return reply(report, 200 if report.ready else 503)

    return routes


def saved_routes(saver: Saver) -> APIRouter:
    """Saved probes: named, deleted, put back, promoted."""
    routes = APIRouter(prefix="/saved")

    @routes.post("/undo")
    async def undo(request: Request) -> Response:
        await saver.undo((await read(request, Deletion)).undo)
        return reply(Done())

    @routes.post("/promote")
    async def promote(request: Request) -> Response:
        promotion = await read(request, Promotion)
        return reply(await saver.promote(promotion.saved_ids, promotion.dataset))

    @routes.post("/{saved_id}/name")
    async def rename(saved_id: str, request: Request) -> Response:
        await saver.rename(saved_id, (await read(request, NewName)).name)
        return reply(Done())

    @routes.delete("/{saved_id}")
    async def delete(saved_id: str) -> Response:
        return reply(Deletion(undo=await saver.delete(saved_id)))

    return routes


def translation_routes(translator: Translator) -> APIRouter:
    """Texts in another language."""
    routes = APIRouter(prefix="/translate")

    @routes.get("")
    async def model() -> Response:
        languages = tuple(await translator.languages())
        return reply(TranslatorModel(model=translator.model().name, languages=languages))

    @routes.post("")
    async def translate(request: Request) -> Response:
        wanted = await read(request, TranslationRequest)
        texts = await translator.translate(wanted.texts, source=wanted.source, target=wanted.target)
        return reply(TranslatedTexts(texts=tuple(texts)))

    return routes


def _checked(settings: Settings) -> ProbeSettings:
    """Raises IsoglossError for a setting that there is not."""
    try:
        return ProbeSettings.model_validate(settings)
    except ValidationError as error:
        raise IsoglossError(f"this cannot be taken: {faults(error)}", exit_status=64) from error


def _is_news(live_probe: LiveProbe, seen: int) -> bool:
    """Whether there is more to tell than `seen` answers, or nothing more will come."""
    if live_probe.state == "done":
        return len(live_probe.answers) > seen or live_probe.saved_id is not None or live_probe.save_problem is not None
    return live_probe.is_over or len(live_probe.answers) > seen
