"""The one error a user may see: it says what is wrong, where, and what to do."""

from typing import Literal

ExitStatus = Literal[1, 64, 74, 75]  # failure, wrong usage, disk full, busy


class IsoglossError(Exception):
    """Something a user can cause and mend; its text is shown as one line, without a traceback."""

    def __init__(self, message: str, *, exit_status: ExitStatus = 1) -> None:
        super().__init__(message)
        self.exit_status = exit_status
