"""What is wrong with a fact that somebody typed: every cell is looked at, and named with its problem."""

from collections.abc import Iterator, Mapping, Sequence

from engine.errors import IsoglossError
from engine.facts.appearance import appearance
from engine.languages import parse_language
from engine.live.protocol.fact_text import CellProblem, FactInLanguage, FactText
from engine.probes.fitness import fault
from engine.probes.template import LETTERS

LONGEST_TEXT = 2_000  # characters
LONGEST_FACT = 200_000  # characters of all texts together: what is tokenized in well under a second
MOST_OPTIONS = len(LETTERS)
_MOST_SHOWN = 8  # problems in one message


class UnfitFact(IsoglossError):
    """A fact that cannot be asked, with every problem found."""

    def __init__(self, problems: Sequence[CellProblem]) -> None:
        shown = "; ".join(map(str, problems[:_MOST_SHOWN]))
        more = f"; and {len(problems) - _MOST_SHOWN} more" if len(problems) > _MOST_SHOWN else ""
        super().__init__(f"the fact cannot be asked: {shown}{more}")
        self.problems = tuple(problems)


def fact_problems(fact: FactText) -> Iterator[CellProblem]:
    """Every problem of a fact; none: it can be asked."""
    if not fact.texts:
        yield CellProblem("", "texts", "there is no language: give the question in one at least")
    total = sum(len(text) for texts in fact.texts.values() for _, text in _cells(texts))
    yield from _language_problems(fact.texts)
    if fact.relation is not None and (reason := _fault(fact.relation)):
        yield CellProblem("", "relation", reason)
    if total > LONGEST_FACT:
        yield CellProblem("", "", f"its texts have {total:,} characters together, at most {LONGEST_FACT:,} are taken")
    for tag, texts in fact.texts.items():
        yield from _text_problems(shown(tag), texts)
    yield from _option_counts(fact)


def _language_problems(texts: Mapping[str, FactInLanguage]) -> Iterator[CellProblem]:
    first: dict[str, str] = {}
    for written in texts:
        try:
            tag = parse_language(written)
        except IsoglossError as error:
            yield CellProblem(shown(written), "", str(error).encode("utf-8", "backslashreplace").decode())
            continue
        if first.setdefault(tag, written) != written:
            yield CellProblem(shown(written), "", f"is the same language as {shown(first[tag])}: leave one of them out")


def _text_problems(tag: str, texts: FactInLanguage) -> Iterator[CellProblem]:
    for cell, text in _cells(texts):
        if reason := _fault(text):
            yield CellProblem(tag, cell, reason)
    if len(texts.options) > MOST_OPTIONS:
        yield CellProblem(tag, "", f"has {len(texts.options)} options, at most {MOST_OPTIONS} are taken")
    if len(texts.options) == 1:
        yield CellProblem(tag, "", "has one option only: give two at least, or none and ask by generation")
    if texts.options and texts.answers:
        yield CellProblem(tag, "", "has options and accepted answers: give the one or the other")
    first: dict[str, int] = {}
    for number, option in enumerate(texts.options, start=1):
        seen = appearance(option)
        other = first.setdefault(seen, number)
        if other != number and seen:
            yield CellProblem(tag, f"option {number}", f"is the same as option {other}")


def _option_counts(fact: FactText) -> Iterator[CellProblem]:
    counts = {shown(tag): len(texts.options) for tag, texts in fact.texts.items()}
    if len(set(counts.values())) > 1:
        numbers = ", ".join(f"{tag} {count}" for tag, count in counts.items())
        yield CellProblem(
            "", "", f"every language needs the same options in the same order; their numbers differ: {numbers}"
        )
        return
    count = next(iter(counts.values()), 0)
    for index in fact.gold:
        if not 0 <= index < count:
            yield CellProblem("", "gold", f"names option {index} (from 0), but there are {count} options")
    if len(set(fact.gold)) < len(fact.gold):
        yield CellProblem("", "gold", "names an option twice")


def _cells(texts: FactInLanguage) -> Iterator[tuple[str, str]]:
    yield "question", texts.question
    yield from ((f"option {number}", text) for number, text in enumerate(texts.options, start=1))
    yield from ((f"answer {number}", text) for number, text in enumerate(texts.answers, start=1))
    if texts.subject is not None:
        yield "subject", texts.subject


def _fault(text: str) -> str | None:
    if len(text) > LONGEST_TEXT:
        return f"has {len(text):,} characters, at most {LONGEST_TEXT:,} are taken"
    return fault(text.replace("\r\n", "\n"))


def shown(text: str) -> str:
    """A text of the user's inside a message: short, and without what cannot be encoded."""
    return f"{text:.60}".encode("utf-8", "backslashreplace").decode()
