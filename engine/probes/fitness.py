"""Whether a question can be asked at all: what is wrong with a text is found before anything is sent to a model."""

import re

from engine.facts.appearance import appearance
from engine.facts.question import Question
from engine.probes.template import LETTERS

# Control characters but newline and tab, and the halves of surrogate pairs, which are no characters.
_UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Unfit(ValueError):
    """The question cannot be asked in this way; the text says why."""


def fault(text: str) -> str | None:
    """What makes a text unfit to be sent, in words; None: nothing."""
    if not appearance(text):
        return "is empty"
    found = _UNSENDABLE.search(text)
    if found is None:
        return None
    kind = "half of a surrogate pair" if found[0] >= "\ud800" else "a control character"
    return f"holds {kind}, U+{ord(found[0]):04X}, as its character {found.start() + 1}"


def check_texts(question: Question) -> None:
    """Raises Unfit when the question or an option is empty or holds what is no text."""
    if reason := fault(question.text):
        raise Unfit(f"the question {reason}")
    for number, option in enumerate(question.options, start=1):
        if reason := fault(option):
            raise Unfit(f"option {number} {reason}")


def check_options(question: Question, *, lettered: bool) -> None:
    """Raises Unfit when there is no choice to make, or more options than letters to list them by."""
    if not question.options:
        raise Unfit("it is an open question, without options to choose from")
    if len(question.options) == 1:
        raise Unfit("it has one option only, so there is nothing to choose")
    if lettered and len(question.options) > len(LETTERS):
        raise Unfit(f"it has {len(question.options)} options; at most {len(LETTERS)} can be listed by letter")
