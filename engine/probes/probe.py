"""The probes: ways of asking a model facts, in the sense of LAMA; none of them trains anything."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, get_args

from engine.errors import IsoglossError
from engine.facts.question import Question
from engine.facts.reword import FORM
from engine.models.interface import Advance, Boundary, Model, ignore
from engine.probes.answer import Answer
from engine.probes.cloze import ChooseBy, ClozeProbe
from engine.probes.fitness import Unfit
from engine.probes.generation import GenerationProbe
from engine.probes.letter import LetterProbe, Permute
from engine.probes.prompt import Prompt
from engine.probes.scorers import SCORERS
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


PROBES: Mapping[ProbeName, Callable[..., Probe]] = {
    "letter": LetterProbe,
    "cloze": ClozeProbe,
    "generation": GenerationProbe,
}
# What can be set for some probes only, and to what; True: it is either on or off. The others go with all.
SETTINGS: Mapping[ProbeName, Mapping[str, tuple[object, ...]]] = {
    "letter": {"permute": get_args(Permute), "boundary": get_args(Boundary)},
    "cloze": {"choose_by": get_args(ChooseBy), "unconditional": (True,), "boundary": get_args(Boundary)},
    "generation": {"scorer": tuple(SCORERS)},
}


def make_probe(
    words: Template,
    *,
    form: str = "",
    shots: int = 0,
    chat: bool = False,
    no_thinking: bool = False,
    **settings: object,
) -> Probe:
    """The probe of a template, with the settings of SETTINGS; what is None or False stays at its usual value.

    Raises IsoglossError for a setting that the probe does not have, a value that is none, or too many shots.
    """
    given = {name: value for name, value in settings.items() if value is not None and value is not False}
    if form and not FORM.fullmatch(form):
        raise IsoglossError(f"no form {form!r}: forms are question-1, question-2, … and statement-1, …", exit_status=64)
    own = SETTINGS[words.probe]
    for name, value in given.items():
        if name not in own:
            raise IsoglossError(
                f"{name} is no setting of the {words.probe} probe; it has {', '.join(own)}", exit_status=64
            )
        if value not in own[name]:
            raise IsoglossError(
                f"{name} cannot be {value}; choose from {', '.join(map(str, own[name]))}", exit_status=64
            )
    return PROBES[words.probe](words=words, form=form, shots=shots, chat=chat, thinking=not no_thinking, **given)
