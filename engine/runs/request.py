"""What a user asks for on the command line, and the job that it means. Imports no torch."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import cast

from engine.errors import IsoglossError
from engine.facts.load import load_questions
from engine.facts.question import Question
from engine.facts.reword import form_sha256
from engine.languages import parse_language
from engine.locations import EMBEDDED, LOCAL
from engine.probes.cloze import ClozeProbe
from engine.probes.contrast import Others
from engine.probes.probe import PROBES, Probe, make_probe
from engine.probes.template_file import find_template
from engine.runs.job import SHARD_SIZE, Job, Setting, default_run_id
from engine.schema import ProbeName
from engine.store.verify import StoreProblem


@dataclass(frozen=True, kw_only=True)
class Request:
    """The options of `run`, by their names; None: not given."""

    model: str | None = None  # a folder, an embedded model's name or a hub id
    dataset: str
    languages: str | None = None  # e.g. "en,de"; None: all
    probe: str = "letter"
    template: tuple[str, ...] = ()  # names of wordings; empty: the probe's usual one
    template_file: Path | None = None
    form: tuple[str, ...] = ()  # forms of the facts' relations; empty: the facts' own words
    permute: str | None = None
    chat: bool = False
    no_thinking: bool = False
    shots: int = 0
    choose_by: str | None = None
    boundary: str | None = None
    unconditional: bool = False
    scorer: str | None = None
    limit: int | None = None
    adapter: Path | None = None
    revision: str | None = None
    name: str | None = None
    device: str = "auto"
    dtype: str = "auto"
    batch_tokens: int | None = None
    run_id: str | None = None
    shard_size: int = SHARD_SIZE
    store: Path = LOCAL
    embedded: bool = True

    def questions(self, left_out: Callable[[StoreProblem], None]) -> list[Question]:
        """The questions to ask. Raises IsoglossError."""
        parts = self.languages.split(",") if self.languages else None
        tags = [parse_language(part.strip()) for part in parts] if parts else None
        folders = [EMBEDDED, self.store] if self.embedded else [self.store]
        return load_questions(folders, self.dataset, languages=tags, limit=self.limit, left_out=left_out)

    def probes(self) -> tuple[list[Probe], dict[str, str]]:
        """The probe in each wording asked for, and the SHA-256 of the wordings' texts by their ids.

        Raises IsoglossError.
        """
        if self.probe not in PROBES:
            raise IsoglossError(f"no probe {self.probe!r}: choose from {', '.join(PROBES)}", exit_status=64)
        for what, names in (("template", self.template), ("form", self.form)):
            if doubled := sorted({name for name in names if names.count(name) > 1}):
                raise IsoglossError(f"{what} {', '.join(doubled)} is given twice", exit_status=64)
        probes: list[Probe] = []
        words_sha256: dict[str, str] = {}
        for name, form in product(self.template or (None,), self.form or ("",)):
            words = find_template(cast(ProbeName, self.probe), name, self.template_file)
            probe = make_probe(
                words,
                form=form,
                shots=self.shots,
                chat=self.chat,
                no_thinking=self.no_thinking,
                permute=self.permute,
                choose_by=self.choose_by,
                boundary=self.boundary,
                unconditional=self.unconditional,
                scorer=self.scorer,
            )
            probes.append(probe)
            words_sha256[probe.template] = f"{words.digest} {form_sha256(form)}" if form else words.digest
        return probes, words_sha256

    def model_name(self, found: str) -> str:
        """How results call the model whose own name was `found`, with its adapter."""
        return self.name or (found if self.adapter is None else f"{found}+{self.adapter.resolve().name}")

    def job(self, model: str, questions: list[Question]) -> Job:
        """The job of asking a model, which results call `model`. Raises IsoglossError."""
        probes, words_sha256 = self.probes()
        probes = [_with_others(probe, questions) for probe in probes]
        settings: dict[str, Setting] = {
            "shots": self.shots,
            "chat": self.chat,
            "permute": self.permute,
            "choose_by": self.choose_by,
            "unconditional": self.unconditional,
            "scorer": self.scorer,
            "limit": self.limit,
            "batch_tokens": self.batch_tokens,
        }
        # What is younger than the ids of runs stands in them where it is given only.
        settings |= {"no_thinking": True} if self.no_thinking else {}
        settings |= {"boundary": self.boundary} if self.boundary else {}
        asked = settings | {
            "languages": self.languages,
            "templates": [probe.template for probe in probes],
            "device": self.device,
            "dtype": self.dtype,
            "revision": self.revision,
            "shard_size": self.shard_size,
        }
        return Job(
            store=self.store,
            run_id=self.run_id or default_run_id(model, self.dataset, self.probe, asked),
            model=model,
            dataset=self.dataset,
            questions=questions,
            probes=tuple(probes),
            words_sha256=words_sha256,
            settings=settings,
            shard_size=self.shard_size,
            command=self.arguments(),
        )

    def arguments(self) -> tuple[str, ...]:
        """The arguments of `python -m engine` that ask for the same, from whatever folder."""
        given = ["run"]
        for field in fields(self):
            value, option = getattr(self, field.name), f"--{field.name.replace('_', '-')}"
            if field.name == "embedded":
                given += [] if value else ["--no-embedded"]
            elif isinstance(value, tuple):
                given += [part for item in value for part in (option, item)]
            elif isinstance(value, bool):
                given += [option] if value else []
            elif field.name == "model" and value is not None:
                given += [option, _model_from_anywhere(value)]
            elif field.name == "store" or value not in (None, field.default):
                given += [option, str(value.expanduser().resolve() if isinstance(value, Path) else value)]
        return tuple(given)


def _with_others(probe: Probe, questions: list[Question]) -> Probe:
    """A cloze probe that contrasts subjects needs the others."""
    if isinstance(probe, ClozeProbe) and probe.choose_by == "contrast":
        return replace(probe, others=Others(questions))
    return probe


def _model_from_anywhere(source: str) -> str:
    """A model's folder in full; an embedded model's name and a hub id as they are."""
    folder = Path(source).expanduser()
    is_embedded = (EMBEDDED / "models" / source).is_dir()
    return str(folder.resolve()) if folder.is_dir() and not is_embedded else source
