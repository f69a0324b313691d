"""Import of a published set: the facts that hold; the others are left out, counted and named."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.errors import IsoglossError
from engine.importers.intake.fact_checks import alike, differences, repeats, row_problems
from engine.importers.intake.fact_notes import gaps, indistinct
from engine.importers.intake.fact_report import FactsReport, counts
from engine.importers.intake.fact_row import FactProblem, FactRow
from engine.importers.intake.fact_writing import Title, write_fact_rows
from engine.importers.intake.text_form import PUBLISHED_LIMITS


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
    return FactsReport(
        source, counts(good), (), tuple(problems), tuple(notes), write_fact_rows(store, good, titles=titles)
    )
