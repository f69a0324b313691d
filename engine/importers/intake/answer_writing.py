"""Answers into a store: facts, results and runs of an import in one commit, which replaces the import before."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from engine.importers.intake.answer_report import HeldSet
from engine.importers.intake.answer_set import AnswerSet
from engine.importers.intake.fact_row import FactRow, facts_table
from engine.importers.intake.table import table
from engine.schema import ProbeName
from engine.store.verify import read_snapshot
from engine.store.write import TableFile, WriteReport, write_files
from engine.version import engine_version


@dataclass(frozen=True)
class ImportedRun:
    """Who asked, and how as far as it is known; `name` is that of the run and of the store's files."""

    name: str
    harness: str
    probe: ProbeName | None = None  # None: not known
    template: str | None = None  # the wording; None: not known
    read_by: str | None = None  # the rule by which answers were read


@dataclass(frozen=True)
class WrittenAnswers:
    """What was written, and which answers the import before held and this one does not."""

    report: WriteReport
    dropped: tuple[HeldSet, ...]


def fact_rows(sets: Iterable[AnswerSet]) -> list[FactRow]:
    """The facts that sets of answers ask, once in each language, with what a source says of any fact."""
    rows: dict[tuple[str, str, str], FactRow] = {}
    for answers in sets:
        for number, fact in zip(answers.numbers, answers.facts, strict=True):
            rows.setdefault(
                (answers.dataset, answers.language, fact.fact_id),
                FactRow(
                    place=f"line {number} of {answers.place}",
                    dataset=answers.dataset,
                    fact_id=fact.fact_id,
                    language=answers.language,
                    question=fact.question,
                    options=fact.options,
                    gold=fact.gold,
                    answers=fact.answers,
                ),
            )
    return list(rows.values())


def write_answers(
    store: Path,
    run: ImportedRun,
    sets: Sequence[AnswerSet],
    facts: Sequence[FactRow],
    *,
    expected: Mapping[str, int] | None = None,
) -> WrittenAnswers:
    """Write aligned sets and their facts into a store. `expected`: how many answers of a model the source has.

    Raises IsoglossError as `write_files` does; the store is then as it was.
    """
    before = _held(store, run.name)
    report = write_files(
        store,
        [
            TableFile("facts", run.name, facts_table(facts)),
            TableFile("results", run.name, _results_table(run, sets)),
            TableFile("runs", run.name, _runs_table(run, sets, expected or {})),
        ],
    )
    now = {HeldSet(answers.dataset, answers.model, answers.language) for answers in sets}
    return WrittenAnswers(report, tuple(sorted(before - now)))


def _results_table(run: ImportedRun, sets: Iterable[AnswerSet]) -> pa.Table:
    """One row per answer, by dataset, model, language and fact."""
    ordered = sorted(sets, key=lambda answers: (answers.dataset, answers.model, answers.language))
    return pa.concat_tables(
        table(
            "results",
            len(answers.facts),
            run_id=run.name,
            model=answers.model,
            dataset=answers.dataset,
            fact_id=[fact.fact_id for fact in answers.facts],
            language=answers.language,
            probe=run.probe,
            template=run.template,
            **answers.columns,
        )
        for answers in ordered
    )


def _runs_table(run: ImportedRun, sets: Iterable[AnswerSet], expected: Mapping[str, int]) -> pa.Table:
    """One row per model."""
    done: Counter[str] = Counter()
    for answers in sets:
        done[answers.model] += len(answers.facts)
    models = sorted(done)
    return table(
        "runs",
        len(models),
        run_id=run.name,
        model=models,
        source="import",
        harness=run.harness,
        engine_version=engine_version(),
        probe=run.probe,
        template=run.template or run.read_by,
        status="finished",
        n_expected=[expected.get(model, done[model]) for model in models],
        n_done=[done[model] for model in models],
    )


def _held(store: Path, name: str) -> set[HeldSet]:
    """What an earlier import left in the store. A file of it that is damaged is not there for any reader."""
    columns = ["dataset", "model", "language"]
    held: set[HeldSet] = set()
    for file in read_snapshot(store).files:
        if (file.entry.table, file.entry.name) == ("results", name):
            rows = file.rows(columns).group_by(columns).aggregate([])
            held |= {HeldSet(**row) for row in rows.to_pylist()}
    return held
