"""What makes rows parallel facts: each row is sound, and all languages of a fact have the same options and gold."""

from collections.abc import Iterable, Iterator

from engine.facts.appearance import appearance
from engine.importers.intake.fact_row import FactProblem, FactRow
from engine.importers.intake.text_form import LONGEST_ID, TextLimits, text_problems

_FEWEST_OPTIONS = 2


def row_problems(row: FactRow, limits: TextLimits, *, unread: frozenset[str] = frozenset()) -> Iterator[str]:
    """What is wrong with a row on its own; nothing is said again of the columns in `unread`."""
    yield from text_problems("fact_id", row.fact_id, longest=LONGEST_ID)
    if not appearance(row.question) and "question" not in unread:
        yield "question is empty: write the question in this language, or delete the row"
    yield from text_problems("question", row.question, longest=limits.question, lines=True)
    for name, texts in (("option", row.options), ("answer", row.answers)):
        for number, text in enumerate(texts, start=1):
            if not appearance(text) and f"{name}s" not in unread:
                marks = f" (it holds {_code(text)} alone, which nobody sees)" if text else ""
                yield f"{name} {number} is empty{marks}: fill it, or take it out in every language"
            yield from text_problems(f"{name} {number}", text, longest=limits.option)
    for name in ("relation", "subject", "country"):
        yield from text_problems(name, getattr(row, name) or "", longest=limits.option)
    if "options" not in unread:
        yield from _option_problems(row, unread)


def _option_problems(row: FactRow, unread: frozenset[str]) -> Iterator[str]:
    if row.options and row.answers:
        yield "there are options and an accepted answer: a fact has either options and gold, or accepted answers"
    if not row.options:
        if row.gold:
            yield "gold names an option, but there are none: give options, or accepted answers instead of gold"
        elif not row.answers and "answers" not in unread:
            yield "there are neither options nor an accepted answer: give options and gold, or accepted answers"
        return
    if len(row.options) < _FEWEST_OPTIONS:
        yield "there is only one option: give at least two, or make it an accepted answer of an open question"
    first: dict[str, int] = {}
    for number, option in enumerate(row.options, start=1):
        seen = appearance(option)
        if seen and first.setdefault(seen, number) != number:
            other = row.options[first[seen] - 1]
            unseen = "" if option == other else f" to the eye ({_code(other)}, {_code(option)})"
            yield f"options {first[seen]} and {number} are the same{unseen}: make them differ"
    if not row.gold and "gold" not in unread:
        yield "gold is empty: name the right option"
    for index in row.gold:
        if not 0 <= index < len(row.options):
            yield (
                f"gold names option number {index + 1}, but there are {len(row.options)} options "
                "(`gold` counts from 1 beside option_1 …, from 0 beside a list of options)"
            )
    if len(set(row.gold)) < len(row.gold):
        yield "gold names an option twice: name it once"


def repeats(rows: Iterable[FactRow]) -> Iterator[FactProblem]:
    """Rows whose dataset, fact and language an earlier row has."""
    first: dict[tuple[str, str, str], FactRow] = {}
    for row in rows:
        other = first.setdefault((*row.fact, row.language), row)
        if other is not row:
            text = (
                f'fact "{row.fact_id}" of {row.dataset} stands in {row.language} already, in {other.place}: delete one'
            )
            both = f" ({other.code} and {row.code} are both {row.language})" if other.code != row.code else ""
            yield FactProblem(row.place, text + both, row.fact)


def differences(rows: Iterable[FactRow]) -> Iterator[FactProblem]:
    """Rows that differ from the first row of their fact in what must be the same in every language."""
    first: dict[tuple[str, str], FactRow] = {}
    for row in rows:
        other = first.setdefault(row.fact, row)
        compared = (
            ("options", len(row.options), len(other.options), "give it the same options, in the same order"),
            ("gold", _numbers(row.gold), _numbers(other.gold), "keep the options in the same order"),
            ("stream", row.stream, other.stream, "give one stream"),
        )
        for what, here, there, remedy in compared:
            if here != there:
                text = f'fact "{row.fact_id}" has {what} {here} in {row.language}, but {there} in {other.language}'
                yield FactProblem(row.place, f"{text} ({other.place}): {remedy} in every language", row.fact)
                break  # with other options, another gold follows


def alike(rows: Iterable[FactRow]) -> Iterator[FactProblem]:
    """Rows whose id only looks like another id of the dataset, in full-width digits or with a no-break space."""
    first: dict[tuple[str, str], FactRow] = {}
    for row in rows:
        other = first.setdefault((row.dataset, appearance(row.fact_id)), row)
        if other.fact_id != row.fact_id:
            text = f"fact_id {_code(row.fact_id)} looks like {_code(other.fact_id)} ({other.place}): write it the same"
            yield FactProblem(row.place, text, row.fact)


def _code(text: str) -> str:
    """A text in ASCII, so that what looks the same is told apart."""
    return f'"{text.encode("unicode_escape").decode():.60}"'


def _numbers(gold: tuple[int, ...]) -> str:
    return ";".join(str(index + 1) for index in sorted(gold)) or "none"
