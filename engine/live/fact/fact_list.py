"""A list of facts as CSV, a fact a row; every problem is told by its line.

Columns: `subject`, `answer`, and `question` (with {subject} in it, or whole) or `relation`, the name of a known one. If
wanted: `wrong`, the wrong options with semicolons between them; `language`, the one that the row is written in, English
where there is none; and `question_de`, `subject_de`, `answer_de`, `wrong_de` with the same in another language.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.errors import IsoglossError
from engine.languages import parse_language

MOST_FACTS = 100
LONGEST = 2 * 1024**2  # characters of a list
SEVERAL = ";"  # between wrong options
TEXTS = ("question", "subject", "answer", "wrong")
_COLUMNS = (*TEXTS, "relation", "language")
_NEEDED = "subject, answer, and question or relation"
_IN_A_LANGUAGE = re.compile(rf"({'|'.join(TEXTS)})[ _]([a-z]{{2,3}}(?:[-_][a-z0-9]{{2,4}})*)", re.IGNORECASE)
_FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class ListedFact:
    """A row of the list. `also`: its texts in further languages, by language and column."""

    line: int  # in the file, from 1
    language: str
    question: str
    subject: str
    answer: str
    wrong: tuple[str, ...] = ()
    relation: str = ""
    also: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def problem(self) -> str | None:
        """What is missing in it, and what to do."""
        if not self.question and not self.relation:
            return "it asks nothing: give a question or a relation, such as capital"
        if not self.subject and (not self.question or "{subject}" in self.question):
            return "the subject is missing: say who or what is asked about"
        if not self.answer:
            return "the right answer is missing"
        return None


def read_list(text: str) -> tuple[ListedFact, ...]:
    """The facts of a list, separated by commas, semicolons or tabs; rows without anything are passed over.

    Raises IsoglossError that names the column or the line with what to do.
    """
    if len(text) > LONGEST:
        raise IsoglossError(f"the list has {len(text):,} characters, at most {LONGEST:,} are taken")
    text = text.lstrip("\ufeff\r\n ")
    head = text.splitlines()[0] if text.strip() else ""
    if not head:
        raise IsoglossError(f"the list is empty; its first line names the columns: {_NEEDED}")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            rows.append((line, [_plain(cell) for cell in row]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise IsoglossError(f"line {line} is no CSV ({error}): mend its quotes") from error
    columns = [_column(name) for name in rows[0][1]]
    _check_columns(columns)
    facts = tuple(_fact(number, columns, row) for number, row in rows[1:] if any(row))
    if not facts:
        raise IsoglossError("the list has no row below its first line: write a fact a row")
    if len(facts) > MOST_FACTS:
        raise IsoglossError(f"the list has {len(facts)} facts, at most {MOST_FACTS} are asked at once: split it")
    return facts


def _column(name: str) -> tuple[str, str]:
    """What a column holds, and in which language; "" for the row's own. Raises IsoglossError."""
    plain = name.strip().lower().replace(" ", "_")
    plain = {"right_answer": "answer", "wrong_answers": "wrong", "wrong_options": "wrong"}.get(plain, plain)
    if plain in _COLUMNS or not plain:
        return plain, ""
    found = _IN_A_LANGUAGE.fullmatch(plain)
    if found is None:
        raise IsoglossError(
            f"the column “{name:.40}” means nothing here: the columns are {', '.join(_COLUMNS)}, and those of another "
            "language such as question_de"
        )
    return found[1], parse_language(found[2])


def _check_columns(columns: Sequence[tuple[str, str]]) -> None:
    own = [column for column, tag in columns if not tag]
    if "answer" not in own or not {"question", "relation"} & set(own):
        raise IsoglossError(f"a column is missing: the list needs {_NEEDED}")
    named = [column for column in columns if column[0]]
    if twice := [column for number, column in enumerate(named) if column in named[:number]]:
        raise IsoglossError(f"the column {'_'.join(filter(None, twice[0]))} stands there twice: keep one of them")


def _fact(line: int, columns: Sequence[tuple[str, str]], row: Sequence[str]) -> ListedFact:
    if len(row) > len(columns):
        raise IsoglossError(
            f"line {line} has {len(row)} cells, but there are {len(columns)} columns: put a text with the separator in "
            "it in quotes"
        )
    cells = {column: text for column, text in zip(columns, row, strict=False) if column[0] and text}
    try:
        language = parse_language(cells.get(("language", "")) or "en")
    except IsoglossError as error:
        raise IsoglossError(f"line {line}: {error}") from error
    return ListedFact(
        line=line,
        language=language,
        question=cells.get(("question", ""), ""),
        subject=cells.get(("subject", ""), ""),
        answer=cells.get(("answer", ""), ""),
        wrong=parted(cells.get(("wrong", ""), "")),
        relation=cells.get(("relation", ""), "").lower().replace(" ", "_"),
        also={(tag, column): text for (column, tag), text in cells.items() if tag},
    )


def parted(text: str) -> tuple[str, ...]:
    """The wrong options of a cell, one by one."""
    return tuple(part.strip() for part in text.split(SEVERAL) if part.strip())


def _plain(cell: str) -> str:
    """A cell without the sign that keeps a spreadsheet from running it as a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULAS else text
