"""Import of BMLAMA (Qi, Fernández and Bisazza, EMNLP 2023; github.com/Betswish/Cross-Lingual-Consistency): TSV files.

Row n is the same fact in every file, and candidate k of a row is the same candidate in every language; the right one is
always the last. So that no letter and no place gives it away, the candidates of each fact are put into an order of its
own, the same in all languages.
"""

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import IsoglossError
from engine.facts.question import BLANK
from engine.importers.intake.fact_report import FactsReport
from engine.importers.intake.fact_row import FactProblem, FactRow
from engine.importers.intake.fact_writing import Title
from engine.importers.intake.language_map import LanguageMap
from engine.importers.intake.published_set import import_published_set
from engine.importers.intake.text_form import TextForm
from engine.importers.own_facts.file import foreign_encoding
from engine.printable_text import printable

DATASET = "bmlama17"
_TITLE = Title("BMLAMA-17, facts of Wikidata", "factual")
_HEADER = "Prompt Ans Candidate Ans Subject"  # the Chinese file has a tab more in it
_N_COLUMNS = 4
_MASK = "<mask>"
_BETWEEN = ", "


@dataclass(frozen=True)
class _Statement:
    """A row of a file."""

    line: int
    cells: tuple[str, ...]

    @property
    def prompt(self) -> str:
        return self.cells[0]

    @property
    def answer(self) -> str:
        return self.cells[1]

    @property
    def candidates(self) -> tuple[str, ...]:
        return tuple(self.cells[2].split(_BETWEEN))

    @property
    def subject(self) -> str:
        return self.cells[3]


def import_bmlama(
    folder: Path, store: Path, *, dataset: str = DATASET, language_map: Mapping[str, str] | None = None
) -> FactsReport:
    """Import every `<language>.tsv` of a folder as one dataset; the facts are numbered from 1.

    A fact that does not hold in one of the languages is left out in all and named. `language_map`: the tags of codes,
    by `parse_language_map`. Raises IsoglossError when there is no such file, when the files have different numbers of
    rows, or where a code must be explained.
    """
    tags = LanguageMap(language_map)
    files, others = _files(folder, tags)
    tags.check(printable(str(folder)))
    text_form = TextForm()
    statements = {language: _read(path, text_form) for language, path in files.items()}
    lengths = {language: len(read) for language, read in statements.items()}
    if len(set(lengths.values())) > 1:
        counted = ", ".join(f"{files[language].name} {n:,}" for language, n in lengths.items())
        raise IsoglossError(
            f"{printable(str(folder))}: the files must have the same facts, row by row, but have {counted}"
        )
    relations = [_relation(statement) for statement in statements.get("en", ())]
    rows: list[FactRow] = []
    problems: list[FactProblem] = []
    for language, read in statements.items():
        for number, statement in enumerate(read, start=1):
            place = f"{files[language].name} line {statement.line}"
            if found := list(_problems(statement)):
                problems += [FactProblem(place, text, (dataset, str(number))) for text in found]
                continue
            relation = relations[number - 1] if relations else None
            rows.append(_row(statement, dataset, str(number), language, place, relation))
    notes = [*_notes(next(iter(statements.values()))), *tags.notes(), *text_form.notes()]
    notes += [f"not read: {', '.join(others)}"] if others else []
    titles = {dataset: _TITLE} if dataset == DATASET else {}
    return import_published_set(printable(str(folder)), rows, store, titles=titles, unread=problems, notes=notes)


def _files(folder: Path, tags: LanguageMap) -> tuple[dict[str, Path], list[str]]:
    """The file of each language, and what else lies there."""
    shown = printable(str(folder))
    if not folder.is_dir():
        raise IsoglossError(f"{shown} is no folder: give the folder that holds en.tsv and its sisters")
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise IsoglossError(f"{shown} cannot be read: {error.strerror}") from error
    files: dict[str, Path] = {}
    others = []
    for path in paths:
        try:
            language = tags(path.stem) if path.suffix == ".tsv" and path.is_file() else None
        except IsoglossError:
            language = None
        if language is None:
            others.append(printable(path.name))
        elif language in files:
            raise IsoglossError(f"{shown}: {files[language].name} and {path.name} are the same language: keep one")
        else:
            files[language] = path
    if not files:
        raise IsoglossError(f"{shown} holds no file that is called by its language, such as en.tsv")
    return files, others


def _read(path: Path, text_form: TextForm) -> list[_Statement]:
    """The rows of a file; its cells may be quoted as in CSV."""
    shown = printable(str(path))
    try:
        data = path.read_bytes()
        if encoding := foreign_encoding(data):
            raise IsoglossError(f"{shown} is {encoding}, not UTF-8: take the file anew from its source")
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise IsoglossError(f"{shown}: line {line} is not UTF-8: take the file anew from its source") from error
    except OSError as error:
        raise IsoglossError(f"{shown} cannot be read: {error.strerror}") from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    statements = []
    try:
        if " ".join(next(reader, [])) != _HEADER:
            raise IsoglossError(
                f"{shown} is not a file of BMLAMA: its columns must be Prompt, Ans, Candidate Ans, Subject"
            )
        for cells in reader:
            if len(cells) != _N_COLUMNS:
                place = f"{shown}: line {reader.line_num}"
                raise IsoglossError(f"{place} has {len(cells)} cells instead of {_N_COLUMNS}: take the file anew")
            statements.append(_Statement(reader.line_num, tuple(text_form(cell) for cell in cells)))
    except csv.Error as error:
        raise IsoglossError(f"{shown}: line {reader.line_num}: {error}: take the file anew from its source") from error
    return statements


def _problems(statement: _Statement) -> Iterator[str]:
    if statement.prompt.count(_MASK) != 1:
        yield f"the statement has {_MASK} {statement.prompt.count(_MASK)} times, must have it once"
    if statement.answer not in statement.candidates:
        yield f'the answer "{statement.answer}" is not among the candidates'


def _notes(statements: Sequence[_Statement]) -> Iterator[str]:
    """A statement may stand there with several right answers, one to a row; each counts in its own row only."""
    right: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        right[statement.prompt].add(statement.answer)
    n = sum(len(right[statement.prompt].intersection(statement.candidates)) > 1 for statement in statements)
    if n:
        yield f"facts with a wrong option that is the right one of another fact with the same statement: {n:,}"


def _row(statement: _Statement, dataset: str, fact_id: str, language: str, place: str, relation: str | None) -> FactRow:
    order = _order(fact_id, len(statement.candidates))
    return FactRow(
        place=place,
        dataset=dataset,
        fact_id=fact_id,
        language=language,
        question=statement.prompt.replace(_MASK, BLANK),
        options=tuple(statement.candidates[position] for position in order),
        gold=(order.index(statement.candidates.index(statement.answer)),),
        relation=relation,
        subject=statement.subject,
        # Written from templates in every language, with names that Wikidata has; no language is the first.
    )


def _order(fact_id: str, n: int) -> Sequence[int]:
    """The places of the n candidates in an order that looks drawn by lot, and is the same wherever it is asked for."""
    return sorted(range(n), key=lambda position: hashlib.sha256(f"{fact_id} {position}".encode()).digest())


def _relation(statement: _Statement) -> str:
    """What is asked, from the English statement: "Vienna is the capital of <mask>." is "X is the capital of ___"."""
    template = statement.prompt.replace(statement.subject, "X", 1) if statement.subject else statement.prompt
    return template.replace(_MASK, BLANK).rstrip(".")
