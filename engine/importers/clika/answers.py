"""One CLiKA result file: the facts asked, the letters answered, and what is wrong with it if it is broken."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pyarrow as pa

from engine.importers.clika.prompt import LETTERS, PromptItem, UnreadablePrompt, read_prompt

_MAX_BYTES = 1 << 28  # a result file of the release has at most 2 MB
_INDEX = {letter: index for index, letter in enumerate(LETTERS)}
_FIELDS: dict[str, tuple[type, ...]] = {"input": (str,), "res": (str,), "label": (str,), "uuid": (str, int)}


class BrokenFile(Exception):
    """A file that cannot be read whole: the line (from 1; None: the file) and why."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as one file asks it; gold is the right option's index, from 0."""

    fact_id: str
    gold: int
    item: PromptItem


@dataclass(frozen=True)
class Answers:
    """A file's answers, in the order of their facts' ids. The columns have one row per fact."""

    facts: tuple[Fact, ...]
    lines: "array[int]"  # where each fact stands in the file, from 1
    texts: pa.StringArray  # what the model said, as it stands
    predicted: pa.Int16Array  # index of the option chosen, from 0; NULL: none could be read
    n_no_letter: int
    n_beyond: int  # a letter A-E, but beyond the fact's options


def first_letter(text: str) -> int | None:
    """The index of the letter A-E that a text begins with, white space aside; None: it begins with something else.

    The rule by which the release counts: no look-alike letter, small letter or option text is taken for an answer.
    """
    return _INDEX.get(text.strip("\n").strip()[:1])


def read_answers(path: Path) -> Answers:
    """Read a result file. Raises BrokenFile at its first fault."""
    rows = sorted(_rows(path), key=lambda row: (len(row[0].fact_id), row[0].fact_id))
    if not rows:
        raise BrokenFile(None, "the file is empty")
    predicted: list[int | None] = []
    n_no_letter = n_beyond = 0
    for fact, text, _ in rows:
        letter = first_letter(text)
        n_no_letter += letter is None
        if letter is not None and letter >= len(fact.item.options):
            n_beyond += 1
            letter = None
        predicted.append(letter)
    return Answers(
        facts=tuple(fact for fact, _, _ in rows),
        lines=array("l", (line for _, _, line in rows)),
        texts=pa.array([text for _, text, _ in rows], pa.string()),
        predicted=pa.array(predicted, pa.int16()),
        n_no_letter=n_no_letter,
        n_beyond=n_beyond,
    )


def _rows(path: Path) -> Iterator[tuple[Fact, str, int]]:
    """Each row's fact, what the model said, and the line."""
    seen: dict[str, int] = {}
    for number, line in enumerate(_lines(path), start=1):
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise BrokenFile(number, f"not JSON ({error.msg})" if line.strip() else "blank line") from error
        complaint = _complaint(row)
        if complaint:
            raise BrokenFile(number, complaint)
        fact_id = str(row["uuid"])
        if fact_id in seen:
            raise BrokenFile(number, f"uuid {fact_id[:40]!r} stands in line {seen[fact_id]} already")
        seen[fact_id] = number
        try:
            item = read_prompt(row["input"])
        except UnreadablePrompt as error:
            raise BrokenFile(number, str(error)) from error
        gold = _INDEX.get(row["label"])
        if gold is None or gold >= len(item.options):
            allowed = ", ".join(LETTERS[: len(item.options)])
            raise BrokenFile(number, f"label {row['label'][:40]!r} is none of the options' letters ({allowed})")
        yield Fact(fact_id, gold, item), row["res"], number


def _lines(path: Path) -> list[bytes]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BrokenFile(None, f"larger than {_MAX_BYTES >> 20} MB: not a result file of CLiKA")
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise BrokenFile(None, f"cannot be read: {error.strerror}") from error
    return lines if lines[-1] else lines[:-1]


def _complaint(row: object) -> str | None:
    if not isinstance(row, dict):
        return "not a JSON object"
    for name, kind in _FIELDS.items():
        if name not in row:
            return f'no "{name}"'
        if not isinstance(row[name], kind) or isinstance(row[name], bool):
            return f'"{name}" is {_kind(row[name])}, not {"a string or an integer" if name == "uuid" else "a string"}'
    return None


def _kind(value: object) -> str:
    return {bool: "true or false", int: "an integer", float: "a fraction", str: "a string", list: "a list"}.get(
        type(value), "null" if value is None else "an object"
    )
