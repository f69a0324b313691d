"""Import of facts: the user's own, all or nothing; a published set, without the facts that do not hold."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.errors import IsoglossError
from engine.importers.intake.fact_checks import alike, differences, repeats, row_problems
from engine.importers.intake.fact_notes import gaps, indistinct, unlike
from engine.importers.intake.fact_report import FactsReport, counts
from engine.importers.intake.fact_row import FactProblem, FactRow
from engine.importers.intake.fact_writing import write_fact_rows
from engine.importers.intake.language_map import LanguageMap
from engine.importers.intake.text_form import OWN_LIMITS, TextForm
from engine.importers.own_facts.cells import form_of, read_row, unused
from engine.importers.own_facts.file import FactsFile, read_facts_file
from engine.printable_text import printable


def import_facts(path: Path, store: Path, *, language_map: Mapping[str, str] | None = None) -> FactsReport:
    """Import a file of facts (columns: `engine.importers.own_facts.cells`), unless anything in it is wrong.

    The report then holds every problem and nothing is written. `language_map`: the tags of codes, by
    `parse_language_map`. Raises IsoglossError when the file cannot be read at all or lacks a column.
    """
    file = read_facts_file(path)
    name = printable(path.name)
    if not file.rows and not file.problems:
        raise IsoglossError(f"{printable(str(path))} holds no facts")
    try:
        form = form_of(file.columns)
    except IsoglossError as error:
        if file.problems:  # what could not be read may be what is missing
            missing = [FactProblem("columns", str(error))] if file.columns else []
            return FactsReport(name, (), (*missing, *file.problems), (), (), None)
        raise IsoglossError(f"{printable(str(path))}: {error}") from error
    text_form = TextForm()
    languages = LanguageMap(language_map)
    rows: list[FactRow] = []
    sound: list[FactRow] = []
    problems = list(file.problems)
    for cells in file.rows:
        read = read_row(cells, form, text_form, languages)
        found = [*read.problems, *row_problems(read.row, OWN_LIMITS, unread=read.unread)]
        problems += [FactProblem(cells.place, text) for text in found]
        rows.append(read.row)
        if not found:
            sound.append(read.row)
    problems += repeats(row for row in rows if all((*row.fact, row.language)))
    problems += differences(sound)
    problems += alike(sound)
    if doubt := languages.doubt():
        problems.append(FactProblem(rows[0].place, doubt))
    if problems:
        return FactsReport(name, (), tuple(sorted(problems, key=_place)), (), (), None)
    notes = [*_notes(file), *languages.notes(), *text_form.notes(), *gaps(rows), *unlike(rows), *indistinct(rows)]
    return FactsReport(name, counts(rows), (), (), tuple(notes), write_fact_rows(store, rows))


def _notes(file: FactsFile) -> Iterable[str]:
    if ignored := unused(file.columns):
        yield f"columns not used: {', '.join(ignored)}"
    if file.nameless:
        yield f"columns without a name, not used: {', '.join(map(str, file.nameless))} (counted from 1)"
    if file.n_empty:
        yield f"empty rows, passed over: {file.n_empty:,}"


def _place(problem: FactProblem) -> int:
    """The line or row, to sort by."""
    return int(problem.place.rpartition(" ")[2])
