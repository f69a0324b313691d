"""Which option a foreign set calls the right one: one letter or one number, and nothing that merely resembles it."""

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"-?[0-9]{1,4}", re.ASCII)


class UnreadableKey(ValueError):
    """A key that names no option; the text says which column holds what, and what it may hold."""


def index_of_label(column: str, key: object, labels: Sequence[object]) -> int:
    """The index, from 0, of the label that a key is, character by character. Raises UnreadableKey."""
    labels = tuple(labels)  # of a text `in` would find parts, such as "AB"
    if not all(isinstance(label, str) and label for label in labels) or len(set(labels)) < len(labels):
        raise UnreadableKey(
            f"the options' labels are {', '.join(map(_shown, labels)):.80}: each must be a text of its own"
        )
    if not isinstance(key, str) or key not in labels:
        raise UnreadableKey(f"{column} is {_shown(key)}, and must be one of {', '.join(map(str, labels))}")
    return labels.index(key)


def index_of_number(column: str, key: object, *, first: int, count: int) -> int:
    """The index, from 0, of an option's number, which counts from `first`; as a whole number or in digits 0-9.

    Raises UnreadableKey, also for a truth value and for the text "1.0".
    """
    number = int(key) if isinstance(key, str) and _NUMBER.fullmatch(key) else _whole(key)
    if number is None or not first <= number < first + count:
        last = first + count - 1
        raise UnreadableKey(f"{column} is {_shown(key)}, and must be a whole number from {first} to {last}")
    return number - first


def identifier(column: str, value: object) -> str:
    """An id as text; a whole number counts as one. Raises UnreadableKey for anything else, and where it is empty."""
    text = value if isinstance(value, str) else _whole(value)
    if text is None or not str(text).strip():
        raise UnreadableKey(f"{column} is {_shown(value)}, and must be text or a whole number")
    return str(text)


def _whole(value: object) -> int | None:
    """A number without a fraction. One gap in a column makes all its numbers 1.0, 2.0, … as files are read."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None
    return int(value)


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    return f'"{value:.40}"' if isinstance(value, str) else f"{value!r:.40}"
