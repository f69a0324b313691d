"""The plan of a run: everything that its rows depend on. A run goes on only as long as all of it stays the same."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from engine.errors import IsoglossError
from engine.facts.question import Question
from engine.models.interface import ChatFrame, Identity, Model, recorded
from engine.probes.catalogue import SettingValue
from engine.runs.job import Job
from engine.runs.scoring_code import scoring_code_sha256
from engine.store.atomic import BadFile
from engine.version import engine_version

# Part of the record, but a model that was moved, or another release with the same scoring code, changes no row. Words
# have their hash.
_FREE = re.compile(r"model\.source|model\.verified|engine_version|words\..*")
_NAMES = {
    "model.weights_sha256": "the model's weights (SHA-256)",
    "model.dtype": "the number format of the weights (dtype)",
    "model.device": "the device",
    "model.revision": "the model's revision",
    "questions_sha256": "the dataset's questions (SHA-256)",
    "n_questions": "the number of questions",
    "chat.rendered": "the model's chat format",
    "code_sha256": "Isogloss's own code for asking and scoring (SHA-256)",
}


@dataclass(frozen=True)
class Plan:
    """What is needed to repeat a run."""

    run_id: str
    model: Identity
    dataset: str
    languages: tuple[str, ...]
    n_questions: int
    questions_sha256: str
    probe: str
    templates: Mapping[str, str]  # SHA-256 of the wording's text, by its id
    words: Mapping[str, object]  # the wordings themselves
    settings: Mapping[str, SettingValue]
    shard_size: int
    engine_version: str
    code_sha256: str
    chat: ChatFrame | None = None  # what stands around every prompt, as it is sent; None: they go into no chat

    def to_json(self) -> bytes:
        """The plan as it is kept."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def plan_of(job: Job, model: Model) -> Plan:
    """The plan of asking this model. Raises IsoglossError when its chat format is asked for and cannot be used."""
    first = job.probes[0]
    return Plan(
        run_id=job.run_id,
        model=recorded(model),
        dataset=job.dataset,
        languages=job.languages,
        n_questions=len(job.questions),
        questions_sha256=questions_sha256(job.questions),
        probe=first.name,
        templates={probe.template: job.words_sha256[probe.template] for probe in job.probes},
        words={probe.template: asdict(probe.words) for probe in job.probes},
        settings=dict(job.settings),
        shard_size=job.shard_size,
        engine_version=engine_version(),
        code_sha256=scoring_code_sha256(type(first).__module__, type(model).__module__),
        chat=model.chat_frame(thinking=first.thinking) if first.chat else None,
    )


def refuse_unless_same(recorded: bytes, plan: Plan) -> None:
    """Raise IsoglossError, saying what changed, when a run was begun by another plan."""
    then, now = _leaves(_parsed(recorded, plan.run_id)), _leaves(orjson.loads(plan.to_json()))
    changed = [name for name in sorted(then.keys() | now.keys()) if then.get(name) != now.get(name)]
    if differing := [name for name in changed if not _FREE.fullmatch(name)]:
        listed = "; ".join(
            f"{_NAMES.get(name, name)} was {_shown(then, name)}, is now {_shown(now, name)}" for name in differing
        )
        raise IsoglossError(
            f"run {plan.run_id} was begun otherwise: {listed}. Its answers would be mixed with others: "
            f"go on with what was then{_then_installed(then)}, or start a run of its own with --run-id"
        )


def questions_sha256(questions: Sequence[Question]) -> str:
    """A hash of all that the questions say, in their order."""
    digest = hashlib.sha256()
    for question in questions:
        digest.update(orjson.dumps(asdict(question)) + b"\n")
    return digest.hexdigest()


def _parsed(recorded: bytes, run_id: str) -> dict[str, Any]:
    try:
        plan = orjson.loads(recorded)
    except orjson.JSONDecodeError as error:
        raise BadFile(f"the plan of run {run_id} is broken ({error}); start a run of its own with --run-id") from error
    return plan if isinstance(plan, dict) else {"plan": plan}


def _leaves(value: object, name: str = "") -> dict[str, object]:
    """Every value of a nested record, by its path."""
    if not isinstance(value, dict):
        return {name: value}
    nested = [_leaves(inner, f"{name}.{key}" if name else str(key)) for key, inner in value.items()]
    return {path: leaf for leaves in nested for path, leaf in leaves.items()}


def _then_installed(then: Mapping[str, object]) -> str:
    """The release that began the run, where its code is not the one that runs."""
    begun_with = then.get("engine_version")
    return f" (it was begun by Isogloss {begun_with})" if begun_with else ""


def _shown(leaves: Mapping[str, object], name: str) -> str:
    value = leaves.get(name)
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return "not there" if name not in leaves or value is None else f"{text:.80}"
