"""Live probes into a store of their own: saved, named, deleted, put back. Imports no torch."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from engine.errors import IsoglossError
from engine.facts.question import Question
from engine.live.protocol.answer import LiveAnswer
from engine.live.saved.reading import LONGEST_NAME, find_pair
from engine.live.saved.reading import saved_id as saved_id_of
from engine.live.saved.tables import DATASET, SavedTables, locked, read_tables, together, write_tables
from engine.models.interface import Identity
from engine.probes.answer import Answer
from engine.probes.probe import Probe
from engine.runs.plan import Plan, questions_sha256
from engine.runs.result_rows import results_rows, runs_row
from engine.runs.scoring_code import scoring_code_sha256
from engine.schema import TABLES
from engine.version import engine_version

# What differs from probe to probe.
_OF_A_PROBE = ("run_id", "languages", "n_questions", "questions_sha256", "shard_size")


@dataclass(frozen=True)
class FinishedProbe:
    """A probe that is over, and how and when it was asked."""

    probe: Probe
    model: Identity
    answers: Sequence[Answer]
    started: datetime
    finished: datetime
    asking: Mapping[str, Any] = field(default_factory=dict)  # the settings, by the names of `ProbeSettings`
    name: str = ""

    @property
    def fact_id(self) -> str:
        """The id of the fact that was asked."""
        return self.answers[0].question.fact_id

    @property
    def run_id(self) -> str:
        """The run of all facts that this model was asked in this way."""
        model = self.model
        way = "\0".join((model.name, model.weights_sha256, model.dtype, self.probe.name, self.probe.template))
        return f"{DATASET}-{hashlib.sha256(way.encode()).hexdigest()[:12]}"

    @property
    def saved_id(self) -> str:
        """The id by which it is found; the same fact asked of the same model in that way again takes its place."""
        return saved_id_of(self.run_id, self.fact_id)


def save(store: Path, probes: Sequence[FinishedProbe]) -> None:
    """Put probes that are over into the store, in one commit. A probe that was saved before keeps its name.

    Raises IsoglossError as `write_files` does, and when what is there is damaged: nothing is written over it.
    """
    with locked(store):
        rows = read_tables(store, DATASET)
        last = {probe.saved_id: probe for probe in probes}.values()  # of those that are the same
        new = [_rows(probe, probe.name or _name_in(rows, probe)) for probe in last]
        write_tables(store, DATASET, rows.with_new(together(new)) if new else rows)


def rename(store: Path, saved_id: str, name: str) -> None:
    """Give a saved probe a name of its user's, or take it away (""). Raises IsoglossError, NoSuchProbe."""
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise IsoglossError(
            f"a name has at most {LONGEST_NAME} characters, on one line and without control characters", exit_status=64
        )
    with locked(store):
        rows = read_tables(store, DATASET)
        run_id, fact_id = find_pair(rows, saved_id)
        run = orjson.loads(orjson.dumps(rows.runs[run_id]["settings"]))
        run["probes"][fact_id]["name"] = name
        runs = {**rows.runs, run_id: {**rows.runs[run_id], "settings": run}}
        write_tables(store, DATASET, SavedTables(rows.facts, rows.results, runs))


def delete(store: Path, saved_id: str) -> SavedTables:
    """Take a probe out of the store; what it was, for `undo`. Raises IsoglossError, NoSuchProbe."""
    with locked(store):
        rows = read_tables(store, DATASET)
        pair = find_pair(rows, saved_id)
        write_tables(store, DATASET, rows.without([pair]))
    return rows.only([pair])


def undo(store: Path, deleted: SavedTables) -> None:
    """Put back what was deleted, unless it has been asked again meanwhile."""
    with locked(store):
        rows = read_tables(store, DATASET)
        write_tables(store, DATASET, rows.with_new(deleted.without(rows.pairs)))


def _name_in(rows: SavedTables, probe: FinishedProbe) -> str:
    if (probe.run_id, probe.fact_id) not in rows.pairs:
        return ""
    return str(rows.runs[probe.run_id]["settings"]["probes"][probe.fact_id]["name"])


def _rows(probe: FinishedProbe, name: str) -> SavedTables:
    plan = _plan(probe)
    (run,) = runs_row(plan, started=probe.started, finished=probe.finished, n_answers=len(probe.answers)).to_pylist()
    settings = {key: value for key, value in orjson.loads(plan.to_json()).items() if key not in _OF_A_PROBE}
    settings["probes"] = {
        probe.fact_id: {
            "name": name,
            "started": probe.started.isoformat(),
            "finished": probe.finished.isoformat(),
            "questions_sha256": plan.questions_sha256,
            "prompts": {
                answer.question.language: list(answer.prompts)
                for answer in probe.answers
                if isinstance(answer, LiveAnswer) and answer.prompts
            },
        }
    }
    facts = [_fact(answer.question) for answer in probe.answers]
    return SavedTables(
        TABLES["facts"].of_rows(facts),
        results_rows(plan, probe.answers),
        {probe.run_id: {**run, "source": "live", "settings": settings}},
    )


def _plan(probe: FinishedProbe) -> Plan:
    questions = [answer.question for answer in probe.answers]
    words = probe.probe.words
    return Plan(
        run_id=probe.run_id,
        model=probe.model,
        dataset=DATASET,
        languages=tuple(question.language for question in questions),
        n_questions=len(questions),
        questions_sha256=questions_sha256(questions),
        probe=probe.probe.name,
        templates={probe.probe.template: words.digest},
        words={probe.probe.template: asdict(words)},
        settings=dict(probe.asking),
        shard_size=1,
        engine_version=engine_version(),
        code_sha256=scoring_code_sha256(type(probe.probe).__module__, probe.model.module),
    )


def _fact(question: Question) -> dict[str, object]:
    return {
        "dataset": question.dataset,
        "fact_id": question.fact_id,
        "language": question.language,
        "stream": "factual",
        "relation": question.relation,
        "subject": question.subject,
        "question": question.text,
        "options": list(question.options),
        "gold": list(question.gold),
        "answers": list(question.answers),
    }
