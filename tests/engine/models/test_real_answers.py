"""The committed answers of the real models, asked again where the model is on the machine."""

from collections.abc import Mapping
from typing import Any

import pyarrow.parquet as pq
import pytest

from engine.facts.load import load_questions
from engine.facts.question import Question
from engine.locations import EMBEDDED, LOCAL
from engine.models.registry import open_model
from engine.runs.request import Request

LANGUAGES = ["en", "de", "fr", "it", "pl", "ru", "ar", "he", "zh", "ja"]
FACTS = 60
MODELS = ("gemma-3-270m", "smollm2-135m-instruct")
pytestmark = [pytest.mark.real, pytest.mark.slow]


def _recorded(model: str) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """The committed rows of a model's answers to `world` in the first wording, by fact and language."""
    rows: list[dict[str, Any]] = []
    for file in sorted((EMBEDDED / "results").glob(f"{model[:20]}-world-cloze-*.parquet")):
        rows += pq.read_table(file, filters=[("template", "=", "plain/question-1@1")]).to_pylist()
    return {(row["fact_id"], row["language"]): row for row in rows if row["model"] == model}


@pytest.mark.parametrize("model", MODELS)
def test_answers_come_out_the_same_again(model: str) -> None:
    folder = LOCAL / "models" / model
    if not folder.is_dir():
        pytest.skip(f"{model} is not here; to get it: python -m engine models get {model}")
    recorded = _recorded(model)
    every = load_questions([EMBEDDED], "world", languages=LANGUAGES, limit=None, left_out=lambda _: None)
    questions = _spread(every)
    assert len(questions) == FACTS * len(LANGUAGES) and len({q.relation for q in questions}) == 7
    (probe,), _ = Request(dataset="world", probe="cloze", template=("plain",), form=("question-1",)).probes()
    answers = probe.ask(open_model(str(folder)), questions)
    same = 0
    for answer in answers:
        row = recorded[answer.question.fact_id, answer.question.language]
        # the same numbers but for the order in which another processor adds them up
        assert answer.option_logprobs == pytest.approx(row["option_logprobs"], abs=2e-3)
        same += answer.predicted == row["predicted"]
    assert same >= len(answers) - 1  # two options may be as likely as each other


def _spread(questions: list[Question]) -> list[Question]:
    """Sixty facts over all relations, in all languages, by language."""
    ids = sorted({question.fact_id for question in questions})
    chosen = {ids[number * len(ids) // FACTS] for number in range(FACTS)}
    return [question for question in questions if question.fact_id in chosen]
