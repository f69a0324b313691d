"""What a user asks for on the command line, and the job that it means. Imports no torch."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import product
from pathlib import Path

from engine.configured_models import asked_model
from engine.errors import IsoglossError
from engine.facts.load import load_questions
from engine.facts.question import Question
from engine.facts.reword import form_sha256
from engine.languages import parse_language
from engine.locations import EMBEDDED, LOCAL
from engine.probes.catalogue import SettingValue, all_settings, find_probe
from engine.probes.probe import Probe, make_probe
from engine.probes.template_file import find_template
from engine.runs.job import SHARD_SIZE, Job, default_run_id
from engine.store.verify import StoreProblem


@dataclass(frozen=True, kw_only=True)
class Request:
    """The options of `run`, by their names; None: not given."""

    model: str | None = None  # a folder, a file, an embedded model's name, a hub id, or the name of one that was got
    dataset: str
    languages: str | None = None  # e.g. "en,de"; None: all
    probe: str = "letter"
    template: tuple[str, ...] = ()  # names of wordings; empty: the probe's usual one
    template_file: Path | None = None
    form: tuple[str, ...] = ()  # forms of the facts' relations; empty: the facts' own words
    settings: Mapping[str, SettingValue] = field(default_factory=dict)  # of the probe, by name; only what is given
    limit: int | None = None
    tokenizer: str | None = None
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

    def with_source(self) -> "Request":
        """The same, with the file in place of the name of a model that was got. Raises IsoglossError."""
        if self.model is None:
            return self
        asked = asked_model(self.model, self.store, name=self.name, has_adapter=self.adapter is not None)
        return replace(self, model=asked.source, name=asked.name)

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
        find_probe(self.probe)
        for what, names in (("template", self.template), ("form", self.form)):
            if doubled := sorted({name for name in names if names.count(name) > 1}):
                raise IsoglossError(f"{what} {', '.join(doubled)} is given twice", exit_status=64)
        probes: list[Probe] = []
        words_sha256: dict[str, str] = {}
        for name, form in product(self.template or (None,), self.form or (None,)):
            words = find_template(self.probe, name, self.template_file)
            probe = make_probe(words, **self.settings, form=form)
            probes.append(probe)
            words_sha256[probe.template] = f"{words.digest} {form_sha256(form)}" if form else words.digest
        return probes, words_sha256

    def job(self, model: str, questions: list[Question]) -> Job:
        """The job of asking a model, which results call `model`. Raises IsoglossError."""
        probes, words_sha256 = self.probes()
        recorded: dict[str, SettingValue] = {
            name: self.settings.get(name, setting.default)
            for name, setting in all_settings().items()
            if setting.in_every_record or name in self.settings
        }
        recorded |= {"limit": self.limit, "batch_tokens": self.batch_tokens}
        asked = recorded | {
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
            probes=tuple(probe.among(questions) for probe in probes),
            words_sha256=words_sha256,
            settings=recorded,
            shard_size=self.shard_size,
            command=self.arguments(),
        )

    def arguments(self) -> tuple[str, ...]:
        """The arguments of `python -m engine` that ask for the same, from whatever folder."""
        given = ["run"]
        for name, value in self._by_option():
            option = f"--{name.replace('_', '-')}"
            if name == "embedded":
                given += [] if value else ["--no-embedded"]
            elif isinstance(value, tuple):
                given += [part for item in value for part in (option, item)]
            elif isinstance(value, bool):
                given += [option] if value else []
            elif isinstance(value, Path):
                given += [option, str(value.expanduser().resolve())]
            elif name == "model" and value is not None:
                given += [option, _model_from_anywhere(str(value))]
            elif value not in (None, _USUAL.get(name)):
                given += [option, str(value)]
        return tuple(given)

    def _by_option(self) -> Iterator[tuple[str, object]]:
        """Every option of the command and its value."""
        for stated in fields(self):
            if stated.name == "settings":
                yield from self.settings.items()
            else:
                yield stated.name, getattr(self, stated.name)


_USUAL = {stated.name: stated.default for stated in fields(Request)}


def _model_from_anywhere(source: str) -> str:
    """A model's folder in full; an embedded model's name and a hub id as they are."""
    folder = Path(source).expanduser()
    is_embedded = (EMBEDDED / "models" / source).is_dir()
    return str(folder.resolve()) if folder.is_dir() and not is_embedded else source
