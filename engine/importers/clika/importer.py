"""Import of the CLiKA authors' published results (NAACL 2024, arXiv 2404.04659; github.com/RiverGao/CLiKA)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pyarrow as pa
from rich.progress import Progress

from engine.errors import IsoglossError
from engine.importers.clika.agreement import ReadFile, agreeing
from engine.importers.clika.answers import BrokenFile, Fact, read_answers
from engine.importers.clika.culture import read_cultures
from engine.importers.clika.facts import STREAMS, facts_table
from engine.importers.clika.release import Failure, Release, find_release
from engine.importers.clika.report import FileCount, Held, ImportReport
from engine.importers.clika.results import results_table, runs_table
from engine.importers.clika.source import release_folder
from engine.importers.intake.language_map import LanguageMap
from engine.importers.intake.progress_bar import import_progress
from engine.printable_text import printable
from engine.store.verify import read_snapshot
from engine.store.write import TableFile, write_files

NAME = "clika"  # of the run and of the store's files


def import_clika(
    source: str, store: Path, *, language_map: Mapping[str, str] | None = None, progress: Progress | None = None
) -> ImportReport:
    """Import every result file of a release into a store, in one commit that replaces an earlier import.

    `source` is the release's folder, one that holds it, or a git URL; `language_map`: the tags of codes, by
    `parse_language_map`. A broken file, or one that disagrees with most others about the facts, is left out and
    reported. Raises IsoglossError when nothing can be imported, and where a code must be explained.
    """
    tags = LanguageMap(language_map)
    with release_folder(source) as folder, progress or import_progress() as shown:
        release = find_release(folder, tag_of=tags)
        tags.check(printable(source))
        files, failures = _read(release, shown)
        if not files:
            raise IsoglossError(f"none of the result files could be imported; the first: {failures[0]}")
        facts, notes = _facts(release, files, tags)
    held_before = _held(store)
    written = write_files(
        store,
        [
            TableFile("facts", NAME, facts),
            TableFile("results", NAME, results_table(NAME, files)),
            TableFile("runs", NAME, runs_table(NAME, files, found=release.results)),
        ],
    )
    return ImportReport(
        source=source,
        files=tuple(
            FileCount(file, len(answers.facts), answers.n_no_letter, answers.n_beyond) for file, answers in files
        ),
        failures=tuple(failures),
        left_out=release.left_out,
        beside=release.beside,
        dropped=tuple(sorted(held_before - {(file.dataset, file.model, file.language) for file, _ in files})),
        notes=(*tags.notes(), *notes),
        written=written,
    )


def _read(release: Release, progress: Progress) -> tuple[list[ReadFile], list[Failure]]:
    """The files that can be read and agree, sorted by dataset, language and model, and why the others fail."""
    task = progress.add_task("reading", total=len(release.results))
    files: list[ReadFile] = []
    failures = list(release.failures)
    for _, of_dataset in groupby(release.results, key=lambda file: file.dataset):
        read: list[ReadFile] = []
        same: dict[tuple[Fact, ...], tuple[Fact, ...]] = {}  # each model repeats the facts; one copy is kept
        for file in of_dataset:
            try:
                answers = read_answers(file.path)
                read.append((file, replace(answers, facts=same.setdefault(answers.facts, answers.facts))))
            except BrokenFile as broken:
                failures.append(Failure(file.place, broken.line, broken.reason))
            progress.advance(task)
        agreed, disagreeing = agreeing(read)
        files += agreed
        failures += disagreeing
    return files, failures


def _facts(release: Release, files: Sequence[ReadFile], tags: LanguageMap) -> tuple[pa.Table, list[str]]:
    tables: list[pa.Table] = []
    notes: list[str] = []
    for dataset, of_dataset in groupby(files, key=lambda read: read[0].dataset):
        facts = {file.language: answers.facts for file, answers in of_dataset}
        sources = [file for file in release.left_out if file.place.startswith(f"{dataset}/")]
        cultures, notes_here = read_cultures(sources, facts, tag_of=tags)
        notes += notes_here
        if dataset not in STREAMS:
            notes.append(f"{dataset} is none of the four known sets ({', '.join(STREAMS)}): counted as basic knowledge")
        tables += [facts_table(dataset, language, facts[language], cultures=cultures) for language in sorted(facts)]
    return pa.concat_tables(tables), notes


def _held(store: Path) -> set[Held]:
    """What an earlier import left in the store. A file of it that is damaged is not there for any reader."""
    columns = ["dataset", "model", "language"]
    held: set[Held] = set()
    for file in read_snapshot(store).files:
        if (file.entry.table, file.entry.name) == ("results", NAME):
            rows = pa.Table.from_batches(file.batches(columns)).group_by(columns).aggregate([])
            held |= {(row["dataset"], row["model"], row["language"]) for row in rows.to_pylist()}
    return held
