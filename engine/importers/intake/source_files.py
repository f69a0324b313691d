"""What became of the files of a foreign source: which could not be imported, and which are no results."""

from dataclasses import dataclass
from pathlib import Path


class UnreadableSource(Exception):
    """A file of answers that cannot be read whole: the line or row (from 1; None: the file) and why."""

    def __init__(self, number: int | None, reason: str) -> None:
        super().__init__(reason)
        self.number = number
        self.reason = reason


@dataclass(frozen=True)
class SourceProblem:
    """Result files that were not imported: where, in which line (from 1) if in one, why, and how many files."""

    place: str
    line: int | None
    reason: str
    files: int = 1

    def __str__(self) -> str:
        line = f"line {self.line}: " if self.line else ""
        return f"{self.place}: {line}{self.reason}"


@dataclass(frozen=True)
class LeftOut:
    """A file that holds no results, and why."""

    path: Path
    place: str
    reason: str
