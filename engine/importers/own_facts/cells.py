"""From cells to a fact: the columns of a file of the user's own facts.

Columns, the required ones first: dataset, fact_id, language, question; then either option_1 … option_k with `gold`, the
number of the right option from 1 ("1;3": both), or `answer` for an open question ("7;seven": either); or, as in the
facts table, `options`, a list, with `gold`, a list of indices from 0, or `answers`, a list. Which of the two it is, the
names of the columns say. Optional: relation, subject, stream, source_language, country, origin.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from engine.errors import IsoglossError
from engine.importers.intake.fact_row import FactRow
from engine.importers.intake.language_map import LanguageMap
from engine.importers.intake.text_form import TextForm
from engine.importers.own_facts.file import Cells
from engine.printable_text import printable
from engine.schema import Stream
from engine.store.manifest import is_valid_name

FileForm = Literal["numbered", "listed"]  # option_1 … and gold from 1; or lists, and gold from 0

REQUIRED = ("dataset", "fact_id", "language", "question")
OPTIONAL = ("relation", "subject", "stream", "source_language", "country", "origin")
ORIGINS = ("native", "human", "machine")
_OPTION = re.compile(r"option_[1-9][0-9]{0,2}")
_SEVERAL = ";"  # between the numbers of several right options, and between accepted answers
_DEFAULT_STREAM: Stream = "factual"
_WANTED = {"gold": "the number of the right option, from 1 (several: 1;3)", "fact_id": "text or a whole number"}


def form_of(columns: Sequence[str]) -> FileForm:
    """The form of a file, by its columns. Raises IsoglossError when a column is missing or the forms are mixed."""
    missing = [name for name in REQUIRED if name not in columns]
    numbered = [name for name in columns if _OPTION.fullmatch(name) or name == "answer"]
    listed = [name for name in columns if name in ("options", "answers")]
    if not numbered and not listed:
        missing.append("option_1, option_2, … (or answer; or the lists options or answers)")
    elif "gold" not in columns and set(numbered + listed) - {"answer", "answers"}:
        missing.append("gold")
    if missing:
        found = printable(", ".join(columns)) if columns else "none"
        raise IsoglossError(f"missing columns: {', '.join(missing)}; columns found: {found:.300}")
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise IsoglossError(f"columns given twice: {printable(', '.join(twice))}: keep one of each")
    if numbered and listed:
        raise IsoglossError(f"both {numbered[0]} and {listed[0]} are columns: give numbered options or lists, not both")
    return "listed" if listed else "numbered"


def unused(columns: Sequence[str]) -> list[str]:
    """Columns that mean nothing here."""
    known = {*REQUIRED, *OPTIONAL, "gold", "answer", "answers", "options"}
    return [name for name in columns if name not in known and not _OPTION.fullmatch(name)]


@dataclass(frozen=True)
class ReadRow:
    """A row as far as it could be read, why not further, and the columns that could not."""

    row: FactRow
    problems: tuple[str, ...]
    unread: frozenset[str]


def read_row(cells: Cells, form: FileForm, text_form: TextForm, languages: LanguageMap) -> ReadRow:
    """The fact in a row of cells. What is missing or unreadable is empty in it."""
    reading = _Reading(cells, text_form, languages)
    dataset = reading.needed("dataset", "name the dataset")
    if dataset and not is_valid_name(dataset):
        allowed = "letters A-Z, digits, '.', '_' and '-', at most 64, the first a letter or a digit, no '..'"
        reading.refuse("dataset", f'"{printable(f"{dataset:.80}")}" cannot name a dataset: use {allowed}')
    fact_id = reading.needed("fact_id", "give the fact an id, the same in every language", form=text_form.identifier)
    language = reading.needed("language", "write a BCP 47 tag, such as en, zh or pt-PT")
    question = reading.text("question")
    options, gold, answers = _numbered(reading) if form == "numbered" else _listed(reading)
    row = FactRow(
        place=cells.place,
        dataset=dataset,
        fact_id=fact_id,
        language=reading.tag("language", language),
        question=question,
        options=options,
        gold=gold,
        answers=answers,
        stream=cast(Stream, reading.choice("stream", get_args(Stream)) or _DEFAULT_STREAM),
        relation=reading.text("relation") or None,
        subject=reading.text("subject") or None,
        source_language=reading.tag("source_language", reading.text("source_language")) or None,
        country=reading.text("country") or None,
        origin=reading.choice("origin", ORIGINS) or None,
        code=language,
    )
    return ReadRow(row, tuple(reading.problems), frozenset(reading.unread))


@dataclass
class _Reading:
    """The cells of one row, and what was wrong with them."""

    cells: Cells
    text_form: TextForm
    languages: LanguageMap
    problems: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    def refuse(self, name: str, problem: str) -> None:
        self.problems.append(problem)
        self.unread.add(name)

    def text(self, name: str, *, form: Callable[[str], str] | None = None) -> str:
        """A cell as text, empty when it is missing. A whole number counts as text; anything else does not."""
        return self._as_text(name, self.cells.values.get(name), form or self.text_form)

    def _as_text(self, name: str, value: object, form: Callable[[str], str]) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return form(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self.refuse(name, f"{name} holds {_kind(value)}: write {_WANTED.get(name, 'text')}")
        return ""

    def needed(self, name: str, remedy: str, *, form: Callable[[str], str] | None = None) -> str:
        text = self.text(name, form=form)
        if not text and name not in self.unread:
            self.refuse(name, f"{name} is empty: {remedy}")
        return text

    def tag(self, name: str, text: str) -> str:
        try:
            return self.languages(text) if text else ""
        except IsoglossError as error:
            self.refuse(name, f"{name}: {printable(str(error))}")
            return ""

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        text = self.text(name)
        if text and text not in choices:
            self.refuse(name, f'{name} is "{printable(f"{text:.40}")}": write {", ".join(choices)}, or leave it empty')
            return ""
        return text

    def texts(self, name: str) -> tuple[str, ...]:
        """A cell that holds a list of text; () when it is missing."""
        values = self.cells.values.get(name)
        if values is None:
            return ()
        if not isinstance(values, list):
            self.refuse(name, f"{name} holds {_kind(values)}: write a list of text")
            return ()
        return tuple(self._as_text(name, value, self.text_form) for value in values)

    def numbers(self, name: str) -> tuple[int, ...]:
        """A cell that holds a list of whole numbers; () when it is missing."""
        values = self.cells.values.get(name)
        if values is None:
            return ()
        if not isinstance(values, list) or not all(type(value) is int for value in values):
            self.refuse(name, f"{name} is not a list of whole numbers: write the right options' indices, from 0")
            return ()
        return tuple(values)


def _numbered(reading: _Reading) -> tuple[tuple[str, ...], tuple[int, ...], tuple[str, ...]]:
    names = sorted(filter(_OPTION.fullmatch, reading.cells.values), key=lambda name: int(name.removeprefix("option_")))
    texts = {int(name.removeprefix("option_")): reading.text(name) for name in names}
    last = max((number for number, text in texts.items() if text), default=0)
    for number in range(1, last):
        if not texts.get(number):
            reading.refuse("options", f"option_{number} is empty, but option_{last} is not: close the gap")
    answers = tuple(part.strip() for part in reading.text("answer").split(_SEVERAL) if part.strip())
    return tuple(texts.get(number, "") for number in range(1, last + 1)), tuple(_gold(reading)), answers


def _gold(reading: _Reading) -> Iterator[int]:
    text = reading.text("gold")
    for part in map(str.strip, text.split(_SEVERAL) if text else ()):
        if not (part.isascii() and part.isdigit() and len(part) < 4):
            wrong = printable(f"{part:.40}")
            reading.refuse("gold", f'gold holds "{wrong}": write {_WANTED["gold"]}')
            return
        yield int(part) - 1


def _listed(reading: _Reading) -> tuple[tuple[str, ...], tuple[int, ...], tuple[str, ...]]:
    return reading.texts("options"), reading.numbers("gold"), reading.texts("answers")


def _kind(value: object) -> str:
    names = {bool: "a truth value", float: "a number with a decimal point", list: "a list", dict: "an object"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), type(value).__name__)
