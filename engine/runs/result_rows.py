"""Answers as rows of the results table, and a run as a row of the runs table."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

import pyarrow as pa

from engine.probes.answer import Answer
from engine.runs.plan import Plan
from engine.schema import TABLES

_MEASURED = tuple(field.name for field in fields(Answer) if field.name != "question")


def results_rows(plan: Plan, answers: Sequence[Answer]) -> pa.Table:
    """One row per answer; nothing in it depends on when or where it was asked."""
    rows = [
        {
            "run_id": plan.run_id,
            "model": plan.model.name,
            "dataset": answer.question.dataset,
            "fact_id": answer.question.fact_id,
            "language": answer.question.language,
        }
        | {name: getattr(answer, name) for name in _MEASURED}
        for answer in answers
    ]
    return TABLES["results"].of_rows(rows)


def runs_row(plan: Plan, *, started: datetime, finished: datetime, n_answers: int) -> pa.Table:
    """The run, finished."""
    row = {
        "run_id": plan.run_id,
        "model": plan.model.name,
        "revision": plan.model.revision,
        "weights_sha256": plan.model.weights_sha256,
        "source": "probe",
        "engine_version": plan.engine_version,
        "probe": plan.probe,
        "template": ", ".join(plan.templates),
        "dtype": plan.model.dtype,
        "device": plan.model.device,
        "seed": None,
        "started": started,
        "finished": finished,
        "settings": plan.to_json().decode(),
        "status": "finished",
        "n_expected": n_answers,
        "n_done": n_answers,
    }
    return TABLES["runs"].of_rows([row])
