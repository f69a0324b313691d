"""What every message between the probe service and its clients can do: into JSON, and out of it with a check.

Imports nothing of models, probes and torch.
"""

import json
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.errors import IsoglossError

_MOST_FAULTS = 4  # in one sentence


class Message(BaseModel):
    """A value that travels: frozen, checked when it is made; no field may be missing, none is unknown."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    def to_json(self) -> bytes:
        """JSON in ASCII: halves of surrogate pairs, which a user may have typed, travel as well."""
        return json.dumps(self.model_dump()).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """The message that `to_json` wrote. Raises IsoglossError for anything else, naming the fields at fault."""
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            raise IsoglossError(
                f"an answer of the probe service cannot be read: {faults(error)}; dashboard and service must be of one "
                "version: stop both, then start them again"
            ) from error


def faults(error: ValidationError) -> str:
    """What is wrong with which field, the first few in one line."""
    found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}".removeprefix(": ") for one in error.errors()]
    return "; ".join(found[:_MOST_FAULTS])
