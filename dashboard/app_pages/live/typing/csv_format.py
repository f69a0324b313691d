"""A typed fact as CSV: a row per language, with the columns that imported facts have."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.app_pages.live.typing.draft import ANSWER, MOST_OPTIONS, QUESTION, SUBJECT, Cell, Draft, option
from dashboard.elements.table_files import to_csv
from engine.errors import IsoglossError
from engine.languages import parse_language

LONGEST = 2 * 1024**2  # characters of a CSV text
SEPARATOR = ";"  # between the numbers of several right options
_OPTION = re.compile(r"option[ _]?(\d{1,3})")
_NO_CELLS = ("language", "gold", "relation")
_TEXTS = (QUESTION, SUBJECT, ANSWER)
_IGNORED = ("dataset", "fact_id", "stream", "source_language", "country", "origin", "check")
_COLUMNS = "language, question, option_1, option_2, … and gold (or answer, for an open question)"


@dataclass(frozen=True)
class Pasted:
    """What a CSV text says: the fact, its languages in their order, and what had to be left out."""

    draft: Draft
    languages: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def read_csv(text: str) -> Pasted:
    """A fact from CSV, separated by commas, semicolons or tabs. Raises IsoglossError that names line and column."""
    if len(text) > LONGEST:
        raise IsoglossError(f"it has {len(text):,} characters, at most {LONGEST:,} are taken")
    lines = text.lstrip("\ufeff").splitlines()
    head = next((line for line in lines if line.strip()), "")
    if not head:
        raise IsoglossError(f"there is nothing in it; it needs the columns {_COLUMNS}")
    separator = max("\t;,", key=head.count)
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff\r\n ")), delimiter=separator)
    try:
        columns = _columns(reader.fieldnames or ())
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise IsoglossError(f"line {reader.line_num} is no CSV: {error}") from error
    return _pasted(columns, rows)


def decoded(data: bytes) -> str:
    """The text of a file. Raises IsoglossError for one that is too long or not UTF-8, with what to do."""
    if len(data) > LONGEST:
        raise IsoglossError(f"the file has {len(data):,} bytes, at most {LONGEST:,} are taken")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise IsoglossError(f"the file is not UTF-8, at byte {error.start + 1}; save it as “CSV UTF-8”") from error


def written_csv(draft: Draft, languages: Sequence[str]) -> bytes:
    """The fact as CSV, to be edited elsewhere and brought back, or imported as facts."""
    import pandas as pd

    gold = SEPARATOR.join(str(index + 1) for index in draft.gold if index < draft.n_options)
    rows = [
        {"fact_id": "1", "language": tag, **({"relation": draft.relation} if draft.relation else {})}
        | {column.replace(" ", "_"): draft.text(tag, column) for column in draft.columns}
        | ({"gold": gold} if draft.n_options else {})
        for tag in languages
    ]
    return to_csv(pd.DataFrame(rows))


def _columns(names: Sequence[str]) -> dict[str, str]:
    """What each column of the file is here. Raises IsoglossError for one that is not known, or missing."""
    found: dict[str, str] = {}
    for name in names:
        plain = (name or "").strip().lower()
        numbered = _OPTION.fullmatch(plain)
        if numbered and 1 <= int(numbered[1]) <= MOST_OPTIONS:
            found[name] = option(int(numbered[1]) - 1)
        elif numbered:
            raise IsoglossError(f"the column {name}: options are numbered from 1 to {MOST_OPTIONS}")
        elif plain in (*_TEXTS, "language", "gold", "relation"):
            found[name] = plain
        elif plain and plain not in _IGNORED:
            raise IsoglossError(f"the column “{name:.40}” means nothing here; it may have the columns {_COLUMNS}")
    for needed in ("language", QUESTION):
        if needed not in found.values():
            raise IsoglossError(f"the column {needed} is missing; it needs the columns {_COLUMNS}")
    return found


def _pasted(columns: Mapping[str, str], rows: Sequence[tuple[int, Mapping[str, str | None]]]) -> Pasted:
    cells: dict[Cell, str] = {}
    tags: list[str] = []
    gold: dict[str, int] = {}
    relations: list[str] = []
    left_out: list[str] = []
    for line, row in rows:
        values = {column: _plain(row.get(name)) for name, column in columns.items()}
        if not any(values.values()):
            continue
        try:
            tag = parse_language(values["language"])
        except IsoglossError as error:
            raise IsoglossError(f"line {line}: {error}") from error
        if tag in tags:
            left_out.append(f"line {line}: {values['language']:.20} stands there twice; the first was taken")
            continue
        tags.append(tag)
        cells |= {(tag, column): text for column, text in values.items() if column not in _NO_CELLS and text}
        gold.setdefault(values.get("gold", ""), line)
        relations += [values["relation"]] if values.get("relation") else []
    if not tags:
        raise IsoglossError("it has no row below its first line")
    n_options = max((int(column.split()[1]) for _, column in cells if column.startswith("option ")), default=0)
    draft = Draft(cells=cells, n_options=n_options, gold=_gold(gold, n_options), relation=next(iter(relations), None))
    return Pasted(draft, tuple(tags), tuple(left_out))


def _plain(cell: str | None) -> str:
    """A cell without the sign that keeps a spreadsheet from running it as a formula."""
    text = (cell or "").strip()
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@", "＝", "＋", "－", "＠") else text


def _gold(written: Mapping[str, int], n_options: int) -> tuple[int, ...]:
    """The right options from 0; `written`: each text of the column with the first line that has it."""
    stated = {text: line for text, line in written.items() if text}
    if len(stated) > 1:
        lines = " and ".join(f"line {line}" for line in list(stated.values())[:2])
        raise IsoglossError(f"{lines} name different right options; they are the same in every language")
    for text, line in stated.items():
        numbers = [part.strip() for part in text.split(SEPARATOR)]
        if not all(part.isdecimal() and 1 <= int(part) <= n_options for part in numbers):
            raise IsoglossError(
                f"line {line}: gold is “{text:.20}”, but it is the number of an option, 1 to {n_options}"
            )
        return tuple(dict.fromkeys(int(part) - 1 for part in numbers))
    return ()
