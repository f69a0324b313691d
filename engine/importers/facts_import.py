"""Import of facts: the user's own, all or nothing; a published set, without the facts that do not hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from engine.errors import IsoglossError
from engine.importers.clika_release import printable
from engine.importers.facts_cells import form_of, read_row, unused
from engine.importers.facts_checks import alike, differences, repeats, row_problems
from engine.importers.facts_file import FactsFile, read_facts_file
from engine.importers.facts_notes import gaps, indistinct, unlike
from engine.importers.facts_report import FactsReport, counts
from engine.importers.facts_row import FactProblem, FactRow, facts_table
from engine.importers.facts_store import Title, WrittenFacts, write_facts
from engine.importers.facts_text import OWN_LIMITS, PUBLISHED_LIMITS, TextForm
from engine.importers.language_map import LanguageMap


def import_facts(path: Path, store: Path, *, language_map: Mapping[str, str] | None = None) -> FactsReport:
    """Import a file of facts (columns: `engine.importers.facts_cells`), unless anything in it is wrong.

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
    return FactsReport(name, counts(rows), (), (), tuple(notes), _write(store, rows))


def import_published_set(
    source: str,
    rows: Sequence[FactRow],
    store: Path,
    *,
    titles: Mapping[str, Title],
    unread: Sequence[FactProblem] = (),
    notes: Sequence[str] = (),
) -> FactsReport:
    """Import the rows of a published set. A fact with a problem, in `unread` or found here, is left out everywhere.

    Raises IsoglossError when no fact is left.
    """
    problems = list(unread)
    for row in rows:
        problems += [FactProblem(row.place, text, row.fact) for text in row_problems(row, PUBLISHED_LIMITS)]
    problems += [*repeats(rows), *alike(rows)]
    bad = {problem.fact for problem in problems}
    problems += differences(row for row in rows if row.fact not in bad)
    bad |= {problem.fact for problem in problems}
    good = [row for row in rows if row.fact not in bad]
    if not good:
        first = f"; the first problem: {problems[0]}" if problems else ""
        raise IsoglossError(f"{source}: no fact could be imported{first}")
    notes = [*notes, *gaps(good), *indistinct(good)]
    return FactsReport(source, counts(good), (), tuple(problems), tuple(notes), _write(store, good, titles=titles))


def _notes(file: FactsFile) -> Iterable[str]:
    if ignored := unused(file.columns):
        yield f"columns not used: {', '.join(ignored)}"
    if file.nameless:
        yield f"columns without a name, not used: {', '.join(map(str, file.nameless))} (counted from 1)"
    if file.n_empty:
        yield f"empty rows, passed over: {file.n_empty:,}"


def _write(store: Path, rows: Iterable[FactRow], *, titles: Mapping[str, Title] | None = None) -> WrittenFacts:
    by_dataset: dict[str, list[FactRow]] = defaultdict(list)
    for row in rows:
        by_dataset[row.dataset].append(row)
    tables = {dataset: facts_table(of_dataset) for dataset, of_dataset in sorted(by_dataset.items())}
    return write_facts(store, tables, titles=titles)


def _place(problem: FactProblem) -> int:
    """The line or row, to sort by."""
    return int(problem.place.rpartition(" ")[2])
