"""Text as it is stored: composed (NFC), trimmed, with plain line ends, and free of what no reader should meet."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from engine.facts.appearance import unmarked
from engine.printable_text import printable

LONGEST_ID = 200  # characters
# Every control character (category Cc); a question may have lines and tabs.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_IN_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True)
class TextLimits:
    """The longest texts that are taken, in characters."""

    question: int
    option: int  # also answers, subjects and relations


# What one screen can show and a small model's context can hold.
OWN_LIMITS = TextLimits(question=2_000, option=1_000)
# Published sets have passages and cases; to leave them out would make it another set.
PUBLISHED_LIMITS = TextLimits(question=20_000, option=5_000)


class TextForm:
    """Brings texts into the form in which they are stored, and counts those that were changed."""

    def __init__(self) -> None:
        self.n_composed = 0
        self.n_trimmed = 0
        self.marked_ids: list[str] = []

    def __call__(self, text: str) -> str:
        """The text in NFC, with \\n as line end, without white space at either end."""
        trimmed = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        self.n_trimmed += len(trimmed) != len(text.replace("\r\n", "\n"))
        composed = unicodedata.normalize("NFC", trimmed)
        self.n_composed += composed != trimmed
        return composed

    def identifier(self, text: str) -> str:
        """An id in the same form, and without marks that nobody sees: an id with a direction mark is the id."""
        composed = self(text)
        plain = unmarked(composed).strip()
        if plain != composed:
            self.marked_ids.append(composed)
        return plain

    def notes(self) -> Iterator[str]:
        """What was changed, for a report."""
        if self.n_composed:
            yield f"texts put into Unicode's composed form (NFC): {self.n_composed:,}"
        if self.n_trimmed:
            yield f"texts with white space at an end, cut off: {self.n_trimmed:,}"
        if self.marked_ids:
            example = printable(self.marked_ids[0])
            yield f"ids with invisible marks, taken off: {len(self.marked_ids):,}, such as {example}"


def text_problems(name: str, text: str, *, longest: int, lines: bool = False) -> Iterator[str]:
    """What is wrong with a text, `name` being what it is called; `lines`: it may have several lines."""
    if surrogate := _SURROGATE.search(text):
        # Bytes that are not UTF-8 arrive as U+DC80 to U+DCFF (Python's surrogateescape).
        code = ord(surrogate[0])
        what = f"the byte 0x{code - 0xDC00:02X}, which is not UTF-8" if 0xDC80 <= code <= 0xDCFF else f"U+{code:04X}"
        yield f"{name} holds {what}, at character {surrogate.start() + 1}: save the file as UTF-8"
    if control := (_CONTROL_IN_LINES if lines else _CONTROL).search(text):
        yield (
            f"{name} holds the control character U+{ord(control[0]):04X}, at character {control.start() + 1}: remove it"
        )
    if len(text) > longest:
        yield f"{name} has {len(text):,} characters, at most {longest:,} are taken: shorten it"
