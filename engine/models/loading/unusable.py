"""A model that cannot be used: which folder, what is wrong with which file, and what to do."""

from pathlib import Path

from engine.errors import IsoglossError


class UnusableModel(IsoglossError):
    """The model in `folder` must not score; `problem` names the file, `remedy` is what the user can do."""

    def __init__(self, folder: Path, problem: str, remedy: str) -> None:
        super().__init__(f"{folder}: {problem}; {remedy}")


def some(names: list[str]) -> str:
    """Name the first few of many, and how many more there are."""
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"


def first_line(error: BaseException) -> str:
    """Say what a library says went wrong, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = " ".join(lines[:2]) if lines and lines[0].endswith(":") else (lines or [type(error).__name__])[0]
    return said.rstrip(".:")
