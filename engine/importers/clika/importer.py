"""Import of the CLiKA authors' published results (NAACL 2024, arXiv 2404.04659; github.com/RiverGao/CLiKA)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from rich.progress import Progress

from engine.errors import IsoglossError
from engine.importers.clika.answers import GOLD, HARNESS, KEY, RULE, UNREAD, read_answers
from engine.importers.clika.culture import read_cultures
from engine.importers.clika.facts import STREAMS, fact_rows
from engine.importers.clika.release import Release, find_release
from engine.importers.clika.source import release_folder
from engine.importers.intake.answer_report import AnswersReport
from engine.importers.intake.answer_row import AskedFact
from engine.importers.intake.answer_set import AnswerSet
from engine.importers.intake.answer_writing import ImportedRun, write_answers
from engine.importers.intake.fact_alignment import aligned
from engine.importers.intake.fact_row import FactRow
from engine.importers.intake.language_map import LanguageMap
from engine.importers.intake.progress_bar import import_progress
from engine.importers.intake.source_files import SourceProblem, UnreadableSource
from engine.printable_text import printable

# The model wrote a text and a letter was read from it; whether it was free to write another is not known of most models
# (the release makes local models begin with a letter), so the probe is not said to be generation.
RUN = ImportedRun("clika", HARNESS, read_by=RULE)


def import_clika(
    source: str, store: Path, *, language_map: Mapping[str, str] | None = None, progress: Progress | None = None
) -> AnswersReport:
    """Import every result file of a release into a store, in one commit that replaces an earlier import.

    `source` is the release's folder, one that holds it, or a git URL; `language_map`: the tags of codes, by
    `parse_language_map`. A broken file, or one that disagrees with most others about the facts, is left out and
    reported. Raises IsoglossError when nothing can be imported, and where a code must be explained.
    """
    tags = LanguageMap(language_map)
    with release_folder(source) as folder, progress or import_progress() as shown:
        release = find_release(folder, tag_of=tags)
        tags.check(printable(source))
        sets, problems = _read(release, shown)
        if not sets:
            raise IsoglossError(f"none of the result files could be imported; the first: {problems[0]}")
        facts, notes = _facts(release, sets, tags)
    written = write_answers(store, RUN, sets, facts, expected=_expected(release, sets))
    return AnswersReport(
        source=source,
        sets=tuple(sets),
        unread=UNREAD,
        problems=tuple(problems),
        dropped=written.dropped,
        notes=(*tags.notes(), *notes),
        written=written.report,
        left_out=release.left_out,
        beside=release.beside,
    )


def _read(release: Release, progress: Progress) -> tuple[list[AnswerSet], list[SourceProblem]]:
    """The files that can be read and agree, sorted by dataset, language and model, and why the others fail."""
    task = progress.add_task("reading", total=len(release.results))
    sets: list[AnswerSet] = []
    problems = list(release.failures)
    for _, of_dataset in groupby(release.results, key=lambda file: file.dataset):
        read: list[AnswerSet] = []
        same: dict[tuple[AskedFact, ...], tuple[AskedFact, ...]] = {}  # each model repeats the facts; one copy is kept
        for file in of_dataset:
            try:
                answers = read_answers(file)
                read.append(replace(answers, facts=same.setdefault(answers.facts, answers.facts)))
            except UnreadableSource as unreadable:
                problems.append(SourceProblem(file.place, unreadable.number, unreadable.reason))
            progress.advance(task)
        agreed, unlike = aligned(read, key=KEY, gold=GOLD)
        sets += agreed
        problems += unlike
    return sets, problems


def _facts(release: Release, sets: Sequence[AnswerSet], tags: LanguageMap) -> tuple[list[FactRow], list[str]]:
    rows: list[FactRow] = []
    notes: list[str] = []
    for dataset, of_dataset in groupby(sets, key=lambda answers: answers.dataset):
        facts = {answers.language: answers.facts for answers in of_dataset}
        sources = [file for file in release.left_out if file.place.startswith(f"{dataset}/")]
        cultures, notes_here = read_cultures(sources, facts, tag_of=tags)
        notes += notes_here
        if dataset not in STREAMS:
            notes.append(f"{dataset} is none of the four known sets ({', '.join(STREAMS)}): counted as basic knowledge")
        for language in sorted(facts):
            rows += fact_rows(dataset, language, facts[language], cultures=cultures)
    return rows, notes


def _expected(release: Release, sets: Sequence[AnswerSet]) -> Counter[str]:
    """How many answers each model would have if all its result files could be imported."""
    n_facts = {answers.dataset: len(answers.facts) for answers in sets}
    expected: Counter[str] = Counter()
    for file in release.results:
        expected[file.model] += n_facts.get(file.dataset, 0)
    return expected
