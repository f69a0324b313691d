"""Import of answers that say all that is known of their facts: aligned, checked and written, with a report."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import IsoglossError
from engine.importers.intake.answer_report import AnswersReport
from engine.importers.intake.answer_set import AnswerSet
from engine.importers.intake.answer_writing import ImportedRun, fact_rows, write_answers
from engine.importers.intake.fact_alignment import AlignBy, aligned
from engine.importers.intake.source_files import SourceProblem


def import_answers(
    source: str,
    store: Path,
    run: ImportedRun,
    sets: Sequence[AnswerSet],
    *,
    by: AlignBy,
    problems: Sequence[SourceProblem] = (),
    unread: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> AnswersReport:
    """Import sets of answers in one commit that replaces the import of this name before.

    `by`: what an item has in common in all languages. Sets that ask other facts than most, and `problems` met while
    reading, are in the report. Raises IsoglossError when no set is left, and as `write_answers` does.
    """
    sound, unlike = aligned(sets, by=by)
    every = (*problems, *unlike)
    if not sound:
        raise IsoglossError(f"{source}: no answers could be imported" + (f"; the first: {every[0]}" if every else ""))
    expected: dict[str, int] = {}
    for answers in sets:
        expected[answers.model] = expected.get(answers.model, 0) + len(answers.facts)
    written = write_answers(store, run, sound, fact_rows(sound), expected=expected)
    return AnswersReport(
        source=source,
        sets=tuple(sound),
        unread=tuple(unread),
        problems=every,
        dropped=written.dropped,
        notes=tuple(notes),
        written=written.report,
    )
