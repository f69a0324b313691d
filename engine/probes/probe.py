"""The probes: ways of asking a model facts, in the sense of LAMA; none of them trains anything."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Protocol

from engine.errors import IsoglossError
from engine.facts.question import Question
from engine.models.interface import Advance, Model, ignore
from engine.probes.answer import Answer
from engine.probes.catalogue import SettingValue, all_settings, find_probe
from engine.probes.fitness import Unfit
from engine.probes.prompt import Prompt
from engine.probes.template import Template
from engine.schema import ProbeName


class Probe(Protocol):
    """A way of asking, in one wording."""

    @property
    def name(self) -> ProbeName:
        """The probe's name."""
        ...

    @property
    def template(self) -> str:
        """The wording's id: name@version, and what was done to it, e.g. "plain@1+3shot+chat+cyclic"."""
        ...

    @property
    def words(self) -> Template:
        """The wording."""
        ...

    @property
    def chat(self) -> bool:
        """Whether its prompts go into the model's own chat format."""
        ...

    @property
    def thinking(self) -> bool:
        """In a chat: whether thoughts are left as the format has them; False: they are turned off."""
        ...

    @property
    def max_tokens(self) -> int:
        """How many tokens an answer that the model writes may have; 0: it writes none."""
        ...

    def among(self, questions: Sequence[Question]) -> "Probe":
        """The same probe, knowing all the questions that are asked beside each other, where it compares them."""
        ...

    def prompts(self, question: Question) -> tuple[Prompt, ...]:
        """The prompts that ask a question, before they go into a chat. Raises Unfit."""
        ...

    def check(self, model: Model) -> str | None:
        """What should be known before the model is asked; None: nothing. Raises IsoglossError when it cannot be."""
        ...

    def sent(self, question: Question, model: Model | None) -> tuple[Prompt, ...] | Unfit:
        """The prompts exactly as the model gets them, or why there are none."""
        ...

    def ask(self, model: Model, questions: Sequence[Question], *, advance: Advance = ignore) -> list[Answer]:
        """One answer per question, in their order; `advance` counts questions."""
        ...


def make_probe(words: Template, /, **settings: SettingValue) -> Probe:
    """The probe of a template, with settings of the catalogue; None leaves one as it usually is.

    Raises IsoglossError for a setting that the probe does not have, a value that it cannot have, or too many shots.
    """
    description = find_probe(words.probe)
    given: dict[str, SettingValue] = {}
    for name, value in settings.items():
        setting = all_settings().get(name)
        if setting is None:
            raise _refused(f"no setting {name:.60}: choose from {', '.join(all_settings())}")
        if value is not None and type(value) is not setting.kind:
            raise _refused(f"{name} must be {_KINDS[setting.kind]}; found {value!r:.60}")
        if value in (None, setting.default):
            continue
        own = [setting.name for setting in description.settings]
        if name not in description.every_setting:
            raise _refused(f"{name} is no setting of the {description.name} probe; it has {', '.join(own)}")
        if setting.values and value not in setting.values:
            raise _refused(f"{name} cannot be {value:.60}; choose from {', '.join(setting.values)}")
        given[name] = value
    made: Callable[..., Probe] = getattr(import_module(description.module), description.class_name)
    return made(words=words, **given)


_KINDS = {str: "text", int: "a whole number", bool: "true or false"}


def _refused(reason: str) -> IsoglossError:
    return IsoglossError(reason, exit_status=64)
