"""A run as it is asked for, before a model is loaded, and the shards that it is done in."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import orjson

from engine.facts.question import Question
from engine.models.interface import Model
from engine.probes.catalogue import SettingValue
from engine.probes.probe import Probe

SHARD_SIZE = 256  # questions: what a killed run asks again at most


@dataclass(frozen=True)
class Job:
    """What to ask, and where the answers go."""

    store: Path
    run_id: str
    model: str  # how results call it
    dataset: str
    questions: Sequence[Question]  # by language
    probes: Sequence[Probe]  # the same probe in one or several wordings
    words_sha256: Mapping[str, str]  # of the text of each wording, by its id
    settings: Mapping[str, SettingValue]  # what else was asked for that the rows depend on
    shard_size: int = SHARD_SIZE
    command: tuple[str, ...] = ()  # the arguments of `python -m engine` that ask for it

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the questions, in their order."""
        return tuple(dict.fromkeys(question.language for question in self.questions))

    @property
    def n_answers(self) -> int:
        """How many answers are planned."""
        return len(self.questions) * len(self.probes)

    def summary(self) -> str:
        """What is asked, in words; languages that lack facts show in their numbers."""
        counts = ", ".join(f"{tag} {number:,}" for tag, number in Counter(q.language for q in self.questions).items())
        wordings = ", ".join(probe.template for probe in self.probes)
        return f"run {self.run_id}: {self.probes[0].name} ({wordings}), facts of {self.dataset}: {counts}"

    def shards(self) -> tuple["Shard", ...]:
        """The questions in consecutive parts of one language and one wording, which share the head of their prompts.

        A model is asked shard by shard: in bfloat16 a score depends on what else is in the batch, so only whole shards
        come out the same when a run goes on.
        """
        parts = [
            (probe, of_language[start : start + self.shard_size])
            for probe in self.probes
            for of_language in (list(group) for _, group in groupby(self.questions, key=lambda q: q.language))
            for start in range(0, len(of_language), self.shard_size)
        ]
        return tuple(Shard(number, probe, tuple(part)) for number, (probe, part) in enumerate(parts))


@dataclass(frozen=True)
class Shard:
    """Questions that are asked, and whose answers are saved, together. Numbers count from 0."""

    number: int
    probe: Probe
    questions: tuple[Question, ...]


Load = Callable[[], Model]


def default_run_id(model: str, dataset: str, probe: str, settings: Mapping[str, object]) -> str:
    """An id that follows from what is asked for, so that the same command means the same run."""
    digest = hashlib.sha256(orjson.dumps([model, dataset, probe, settings], option=orjson.OPT_SORT_KEYS)).hexdigest()
    parts = [_short(model.rpartition("/")[2] or model), _short(dataset), probe, digest[:10]]
    return "-".join(part for part in parts if part)


def _short(name: str) -> str:
    """As much of a name as fits into the name of a file."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", name)[:20].strip("-_")
