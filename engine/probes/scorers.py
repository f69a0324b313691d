"""How an answer is read from what a model said: named rules, each written down whole."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.facts.appearance import appearance, unmarked
from engine.facts.question import Question
from engine.probes.answer import is_right
from engine.probes.normalise import ends_word, normalise
from engine.probes.template import LETTERS

# A letter, after opening marks (brackets, quotes, Markdown's) and not the beginning of a Latin word or a number.
_LETTER = re.compile(r"[\s(\[{<\"'«“„‘「『《【*_#`]*([A-Z])(?![0-9A-Za-z\u00c0-\u024f])")


@dataclass(frozen=True)
class Reading:
    """What was read: the option chosen (None: none, or an open question), whether anything was, whether it is right."""

    predicted: int | None
    parsed: bool
    correct: bool | None


@dataclass(frozen=True)
class Scorer:
    """A rule for reading, and how many tokens a model may say for it."""

    name: str
    max_tokens: int
    lettered: bool  # whether it reads a letter, so that the options must be listed
    read: Callable[[str, Question], Reading]


def first_line(text: str) -> str:
    """The first line that holds anything but white space and invisible marks: every scorer reads this alone."""
    return next((line.strip() for line in unmarked(text).splitlines() if appearance(line)), "")


def read_first_letter(text: str, question: Question) -> Reading:
    """The capital letter A-Z with which the answer begins, as in "B", "B.", "(B)", "**B**: Paris" or "B Paris".

    Full-width letters count; letters of other alphabets that look alike and small letters do not. No letter is read
    from a word ("Berlin") or beyond the question's options. Known limit: the English words "A" and "I" read as letters.
    """
    found = _LETTER.match(unicodedata.normalize("NFKC", first_line(text)))
    option = LETTERS.index(found[1]) if found else None
    return _chosen(option if option is not None and option < len(question.options) else None, question)


def read_prefix(text: str, question: Question) -> Reading:
    """The option or accepted answer with which the answer begins, both normalised, up to the end of a word.

    Of several options the longest; if two are then the same, none can be read.
    """
    said = normalise(first_line(text), question.language)

    def begins(answer: str) -> bool:
        return said.startswith(answer) and ends_word(said, len(answer))

    return _matched(begins, said, question)


def read_exact_match(text: str, question: Question) -> Reading:
    """The option or accepted answer that equals the whole answer, both normalised; of two such options none."""
    said = normalise(first_line(text), question.language)
    return _matched(said.__eq__, said, question)


def _matched(fits: Callable[[str], bool], said: str, question: Question) -> Reading:
    """An answer that is empty once normalised fits nothing; where none is accepted it is not known what is right."""
    known = [normalise(answer, question.language) for answer in question.options or question.answers]
    fitting = [index for index, answer in enumerate(known) if answer and fits(answer)]
    if not question.options:
        return Reading(None, bool(said), bool(fitting) if known else None)
    return _chosen(_longest(fitting, known), question)


def _longest(fitting: Sequence[int], known: Sequence[str]) -> int | None:
    longest = max((len(known[index]) for index in fitting), default=0)
    best = [index for index in fitting if len(known[index]) == longest]
    return best[0] if len(best) == 1 else None


def _chosen(option: int | None, question: Question) -> Reading:
    return Reading(option, option is not None, is_right(question, option))


# Tokens: a letter with marks around it, or the longest option of a common set in a language whose words take many.
SCORERS: Mapping[str, Scorer] = {
    scorer.name: scorer
    for scorer in (
        Scorer("first_letter", 8, True, read_first_letter),
        Scorer("prefix", 64, False, read_prefix),
        Scorer("exact_match", 64, False, read_exact_match),
    )
}
