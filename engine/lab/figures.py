"""How a lab model answers, split by what it was taught: asked by the cloze probe in a few wordings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb
import pandas as pd

from engine.facts.reword import reword
from engine.lab.recipe import LANGUAGES, LineForm
from engine.lab.world import World
from engine.models.interface import Model
from engine.probes.cloze import ClozeProbe
from engine.probes.template_file import find_template

Knowledge = Literal["here", "elsewhere", "nowhere"]  # where a fact was taught, seen from the language it is asked in
# Of subject and right option: one is spelled as in English, or as in another of the languages, or neither is.
Spelling = Literal["english", "shared", "own"]


@dataclass(frozen=True)
class LabWording:
    """A form of the fact in a wording of the cloze probe."""

    form: str
    template: str


WAYS = (
    LabWording("question-1", "bare"),
    LabWording("statement-1", "bare"),
    LabWording("statement-3", "bare"),  # held out: no model is taught it
    LabWording("question-1", "plain"),  # what question tuning teaches
    LabWording("question-3", "plain"),  # held out
)
USUAL_WAY: Mapping[LineForm, LabWording] = {"fact": WAYS[0], "question": WAYS[3]}  # as a recipe's own lines ask
_FIGURES = """
    select
        form, template, language = 'en' as is_english, knowledge,
        count(*) as n, avg(correct::int) as accuracy,
        count(*) filter (where spelling = 'own') as n_own,
        avg(correct::int) filter (where spelling = 'own') as accuracy_own
    from answers
    group by all
    order by form, template, is_english desc, knowledge
"""


def ask(
    model: Model, world: World, times: Mapping[tuple[str, str], int], ways: Sequence[LabWording] = WAYS
) -> pd.DataFrame:
    """One row for each fact of the world, language and way: whether the answer is right, and what was taught.

    `times`: how often each fact was stated, by fact and language. Columns: form, template, fact_id, relation, language,
    knowledge, spelling, correct.
    """
    anywhere = {fact_id for (fact_id, _), count in times.items() if count}
    rows = []
    for way in ways:
        probe = ClozeProbe(words=find_template("cloze", way.template))
        questions = [reword(question, way.form) for question in world.questions.values()]
        for answer in probe.ask(model, questions):
            fact_id, language = answer.question.fact_id, answer.question.language
            here: Knowledge = "elsewhere" if fact_id in anywhere else "nowhere"
            rows.append(
                {
                    "form": way.form,
                    "template": way.template,
                    "fact_id": fact_id,
                    "relation": answer.question.relation,
                    "language": language,
                    "knowledge": "here" if times.get((fact_id, language)) else here,
                    "spelling": spelling(world, fact_id, language),
                    "correct": answer.correct,
                }
            )
    return pd.DataFrame(rows)


def figures(answers: pd.DataFrame) -> pd.DataFrame:
    """Accuracy by way, English or not, and where the facts were taught; also of those with spellings of their own."""
    with duckdb.connect() as connection:
        connection.register("answers", answers)
        return connection.execute(_FIGURES).df()


def spelling(world: World, fact_id: str, language: str) -> Spelling:
    """Whether the names of a fact in a language are found in others: those carry answers across without knowledge."""

    def names(tag: str) -> tuple[str | None, str]:
        return world.questions[fact_id, tag].subject, world.answer(fact_id, tag)

    def is_like(tag: str) -> bool:
        return any(name == other for name, other in zip(names(language), names(tag), strict=True))

    if language != "en" and is_like("en"):
        return "english"
    return "shared" if any(is_like(tag) for tag in LANGUAGES if tag != language) else "own"
