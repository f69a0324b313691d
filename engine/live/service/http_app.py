"""The service over HTTP: every route behind the token."""

import asyncio
import contextlib
import hmac
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.errors import IsoglossError
from engine.live.protocol.messages import RefusalReply
from engine.live.service import http_json, routes
from engine.live.service.prober import Prober
from engine.live.service.saver import Saver
from engine.live.translation.translator import Translator


def make_service(
    prober: Prober, saver: Saver, translator: Translator, *, token: str, first: str | None = None
) -> FastAPI:
    """The application that serves probes; `first`: the model to begin with."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        running = [asyncio.create_task(prober.run()), asyncio.create_task(saver.run())]
        if first is not None:
            prober.load(first)
        yield
        translator.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    service = FastAPI(
        lifespan=lifespan,
        openapi_url=None,
        middleware=[Middleware(TokenGate, token=token)],
        exception_handlers={IsoglossError: http_json.refused, Exception: http_json.broken},
    )
    service.include_router(routes.probe_routes(prober, saver))
    service.include_router(routes.model_routes(prober))
    service.include_router(routes.saved_routes(saver))
    service.include_router(routes.translation_routes(translator))
    return service


class TokenGate:
    """Lets nobody through without the token, whatever they ask for. Compared in constant time."""

    def __init__(self, app: ASGIApp, *, token: str) -> None:
        self._app, self._wanted = app, f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        given = [value for name, value in scope.get("headers", ()) if name == b"authorization"]
        if scope["type"] == "http" and len(given) == 1 and hmac.compare_digest(given[0], self._wanted):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await http_json.reply(RefusalReply(error="this needs the service's token"), 401)(scope, receive, send)
