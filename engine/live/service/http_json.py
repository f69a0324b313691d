"""JSON in and out of the service, and errors as they are told."""

import logging
import math
import secrets
from typing import Any, TypeVar

import orjson
from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel, ValidationError

from engine.errors import IsoglossError
from engine.live.fact.problems import Problem, UnfitFact, problems_json
from engine.live.fact.questions import MOST_BYTES, read_json
from engine.live.refusals import Conflict, NoSuchProbe, NotFound, QueueFull

Sent = TypeVar("Sent", bound=BaseModel)
_MOST_ERRORS = 4
_LOG = logging.getLogger("isogloss.live")


async def read(request: Request, kind: type[Sent]) -> Sent:
    """What was sent, as long as it is not too much. Raises UnfitFact for what is no JSON, IsoglossError for another."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MOST_BYTES:
            raise UnfitFact([Problem("", "", f"more than {MOST_BYTES:,} bytes were sent")])
    try:
        return kind.model_validate(read_json(bytes(data)))
    except ValidationError as error:
        found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:_MOST_ERRORS]]
        raise IsoglossError(f"this cannot be taken: {'; '.join(found)}", exit_status=64) from error


def json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer."""
    return Response(orjson.dumps(content), status, headers, media_type="application/json")


async def told(_: Request, error: Exception) -> Response:
    """What a user can mend, in its own words."""
    match error:
        case UnfitFact():
            return json({"error": str(error), "problems": problems_json(error.problems)}, 422)
        case QueueFull():
            seconds = max(math.ceil(error.seconds), 1)
            return json({"error": str(error), "seconds": error.seconds}, 429, {"Retry-After": str(seconds)})
        case NotFound() | NoSuchProbe():
            return json({"error": str(error)}, 404)
        case Conflict():
            return json({"error": str(error)}, 409)
    return json({"error": str(error).encode("utf-8", "backslashreplace").decode()}, 400)


async def broken(_: Request, error: Exception) -> Response:
    """What nobody foresaw: a reference into the log, and no more."""
    reference = secrets.token_hex(4)
    _LOG.error("request error %s: %r", reference, error)
    return json({"error": f"something went wrong; the probe service's log says more under {reference}"}, 500)
