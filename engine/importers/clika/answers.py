"""One CLiKA result file: the facts asked, the letters answered, and what is wrong with it if it is broken."""

from collections.abc import Iterator
from pathlib import Path

import orjson

from engine.importers.clika.prompt import LETTERS, UnreadablePrompt, read_prompt
from engine.importers.clika.release import ResultFile
from engine.importers.intake.answer_row import AnswerRow, AskedFact
from engine.importers.intake.answer_set import AnswerSet, answer_set
from engine.importers.intake.source_files import UnreadableSource

HARNESS = "CLiKA"
RULE = "first_letter"  # by which a letter is read from what the model said
KEY, GOLD = "uuid", "label"  # what the release calls an item's id and its right letter
_NO_LETTER, _BEYOND = "no letter A-E", "a letter beyond the options"
UNREAD = (_NO_LETTER, _BEYOND)  # why no option could be read

_MAX_BYTES = 1 << 28  # a result file of the release has at most 2 MB
_INDEX = {letter: index for index, letter in enumerate(LETTERS)}
_FIELDS: dict[str, tuple[type, ...]] = {"input": (str,), "res": (str,), "label": (str,), "uuid": (str, int)}


def first_letter(text: str) -> int | None:
    """The index of the letter A-E that a text begins with, white space aside; None: it begins with something else.

    The rule by which the release counts: no look-alike letter, small letter or option text is taken for an answer.
    """
    return _INDEX.get(text.strip("\n").strip()[:1])


def read_answers(file: ResultFile) -> AnswerSet:
    """Read a result file. Raises UnreadableSource at its first fault."""
    return answer_set(
        _rows(file.path),
        place=file.place,
        model=file.model,
        dataset=file.dataset,
        language=file.language,
        key=KEY,
    )


def _rows(path: Path) -> Iterator[AnswerRow]:
    for number, line in enumerate(_lines(path), start=1):
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise UnreadableSource(number, f"not JSON ({error.msg})" if line.strip() else "blank line") from error
        complaint = _complaint(row)
        if complaint:
            raise UnreadableSource(number, complaint)
        try:
            item = read_prompt(row["input"])
        except UnreadablePrompt as error:
            raise UnreadableSource(number, str(error)) from error
        gold = _INDEX.get(row["label"])
        if gold is None or gold >= len(item.options):
            allowed = ", ".join(LETTERS[: len(item.options)])
            raise UnreadableSource(number, f"label {row['label'][:40]!r} is none of the options' letters ({allowed})")
        letter = first_letter(row["res"])
        is_beyond = letter is not None and letter >= len(item.options)
        yield AnswerRow(
            number,
            AskedFact(str(row["uuid"]), item.text, item.options, (gold,)),
            predicted=None if is_beyond else letter,
            unread=_NO_LETTER if letter is None else _BEYOND if is_beyond else None,
            text=row["res"],
        )


def _lines(path: Path) -> list[bytes]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UnreadableSource(None, f"larger than {_MAX_BYTES >> 20} MB: not a result file of CLiKA")
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UnreadableSource(None, f"cannot be read: {error.strerror}") from error
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
