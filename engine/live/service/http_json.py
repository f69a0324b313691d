"""Messages in and out of the service, and errors as messages."""

import logging
import math
import secrets
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError

from engine.errors import IsoglossError
from engine.live.fact.problems import UnfitFact
from engine.live.fact.questions import MOST_BYTES, read_json
from engine.live.protocol.fact_text import CellProblem
from engine.live.protocol.message import Message, faults
from engine.live.protocol.messages import RefusalReply
from engine.live.refusals import Conflict, NoSuchProbe, NotFound, QueueFull

Sent = TypeVar("Sent", bound=Message)
_LOG = logging.getLogger("isogloss.live")


async def read(request: Request, kind: type[Sent]) -> Sent:
    """What was sent, as long as it is not too much. Raises UnfitFact for what is no JSON, IsoglossError for another."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MOST_BYTES:
            raise UnfitFact([CellProblem("", "", f"more than {MOST_BYTES:,} bytes were sent")])
    try:
        return kind.model_validate(read_json(bytes(data)))
    except ValidationError as error:
        raise IsoglossError(f"this cannot be taken: {faults(error)}", exit_status=64) from error


def reply(message: Message, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A message as an answer over HTTP."""
    return Response(message.to_json(), status, headers, media_type="application/json")


async def refused(_: Request, error: Exception) -> Response:
    """What a user can mend, in the error's own words, with the status that fits it."""
    match error:
        case UnfitFact():
            return reply(RefusalReply(error=str(error), problems=list(error.problems)), 422)
        case QueueFull():
            seconds = max(math.ceil(error.seconds), 1)
            return reply(RefusalReply(error=str(error), seconds=error.seconds), 429, {"Retry-After": str(seconds)})
        case NotFound() | NoSuchProbe():
            return reply(RefusalReply(error=str(error)), 404)
        case Conflict():
            return reply(RefusalReply(error=str(error)), 409)
    return reply(RefusalReply(error=str(error).encode("utf-8", "backslashreplace").decode()), 400)


async def broken(_: Request, error: Exception) -> Response:
    """An error that nobody foresaw: its user gets a reference into the log, and no more."""
    reference = secrets.token_hex(4)
    _LOG.error("request error %s: %r", reference, error)
    sentence = f"something went wrong; the probe service's log says more under {reference}"
    return reply(RefusalReply(error=sentence), 500)
