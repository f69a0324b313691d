"""What the probe service refuses, each with the sentence that its user reads."""

from engine.errors import IsoglossError


class NotFound(IsoglossError):
    """There is no such thing (any more)."""


class Conflict(IsoglossError):
    """Not now; the text says what must happen first."""


class QueueFull(IsoglossError):
    """No more probes are taken for now; `seconds`: when to try again."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message, exit_status=75)
        self.seconds = seconds


class NoSuchProbe(IsoglossError):
    """There is no such probe in the store (any more)."""
