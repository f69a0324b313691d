"""The results and runs tables of an import of CLiKA's answers."""

from collections import Counter
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from engine.importers.clika.agreement import ReadFile
from engine.importers.clika.answers import Answers
from engine.importers.clika.release import ResultFile
from engine.importers.intake.table import table
from engine.version import engine_version

_RULE = "first_letter"
HARNESS = "CLiKA"


def results_table(run_id: str, files: Sequence[ReadFile]) -> pa.Table:
    """One row per answer, by dataset, model, language and fact. An answer that could not be read counts as wrong."""
    order = sorted(files, key=lambda read: (read[0].dataset, read[0].model, read[0].language))
    return pa.concat_tables([_answers(run_id, file, answers) for file, answers in order])


def _answers(run_id: str, file: ResultFile, answers: Answers) -> pa.Table:
    gold = pa.array([fact.gold for fact in answers.facts], pa.int16())
    return table(
        "results",
        len(answers.facts),
        run_id=run_id,
        model=file.model,
        dataset=file.dataset,
        fact_id=[fact.fact_id for fact in answers.facts],
        language=file.language,
        predicted=answers.predicted,
        correct=pc.equal(answers.predicted, gold).fill_null(False),
        parsed=pc.is_valid(answers.predicted),
        text=answers.texts,
    )


def runs_table(run_id: str, files: Sequence[ReadFile], *, found: Sequence[ResultFile]) -> pa.Table:
    """One row per model. Expected are the answers of all its files `found`, done those of the `files` imported."""
    n_facts = {file.dataset: len(answers.facts) for file, answers in files}
    done: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    for file, answers in files:
        done[file.model] += len(answers.facts)
    for file in found:
        expected[file.model] += n_facts.get(file.dataset, 0)
    models = sorted(done)
    return table(
        "runs",
        len(models),
        run_id=run_id,
        model=models,
        source="import",
        engine_version=engine_version(),
        harness=HARNESS,
        template=_RULE,
        status="finished",
        n_expected=[expected[model] for model in models],
        n_done=[done[model] for model in models],
    )
