"""The probes and their settings as plain data: what each is called, what it means, needs and can be set to.

Command-line options, runs, live probes, the rights to resume and the dashboard's forms are made from it. It imports no
probe and nothing of models: the dashboard may import it, and what a help text says changes no run's scoring code.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from engine.errors import IsoglossError
from engine.probes.scorers import SCORERS
from engine.schema import ProbeName

SettingValue = str | int | bool | None
# Forms of facts' relations beside their own words (engine/facts/reword.py); every relation that comes along has them.
FORMS = ("question-2", "question-3", "statement-1", "statement-2", "statement-3")


@dataclass(frozen=True, kw_only=True)
class Switch:
    """How a form offers a setting: a switch, and the value that it sets."""

    title: str
    help: str
    value: SettingValue = True


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What can be set about the way in which a probe asks: an option of the command line, a keyword of the probe."""

    name: str  # the keyword; the option has "-" for "_"
    help: str
    default: SettingValue = None  # stands for "not given"; its type is the setting's, None: text
    values: tuple[str, ...] = ()  # of a text; none: any
    usual: str = ""  # the one of `values` that a probe takes where none is given
    at_least: int | None = None
    of_many_facts: tuple[str, ...] = ()  # `values` that compare with other facts of a dataset: not for one fact alone
    in_every_record: bool = False  # as old as the ids of runs: stands in them where it is not given as well
    switch: Switch | None = None

    @property
    def kind(self) -> type[str] | type[int] | type[bool]:
        """The type of its values."""
        return str if self.default is None else type(self.default)

    @property
    def option(self) -> str:
        """The option of the command line, e.g. "--choose-by"."""
        return f"--{self.name.replace('_', '-')}"


FORM = Setting(name="form", help="A form of the facts' relations, e.g. question-2 or statement-1", default="")
CHAT = Setting(
    name="chat",
    help="Put the prompts into the model's own chat format.",
    default=False,
    in_every_record=True,
    switch=Switch(
        title="In the model's chat format",
        help="The question is put as a user's turn, as models are asked that were trained to talk.",
    ),
)
NO_THINKING = Setting(
    name="no_thinking",
    help="chat: turn thoughts off, where the model's chat format has a switch.",
    default=False,
    switch=Switch(
        title="Without thoughts",
        help="Reasoning models think before they answer. Where the chat format has a switch for that it is turned off, "
        "so that the answer comes first and can be scored.",
    ),
)
SHOTS = Setting(
    name="shots",
    help="How many examples stand before the question.",
    default=0,
    at_least=0,
    in_every_record=True,
)
COMMON = (FORM, CHAT, NO_THINKING, SHOTS)  # what every probe can be set to

PERMUTE = Setting(
    name="permute",
    help="none, or cyclic: every fact in each rotation of its options.",
    values=("none", "cyclic"),
    usual="none",
    in_every_record=True,
    switch=Switch(
        title="Ask under every order of the options",
        help="Each option then stands once behind each letter, so that a favourite letter gains nothing; it takes as "
        "many times longer as there are options.",
        value="cyclic",
    ),
)
CHOOSE_BY = Setting(
    name="choose_by",
    help="what decides: sum, byte, character (acc_norm of lm-evaluation-harness, which byte is not), token, pmi or "
    "contrast.",
    values=("sum", "byte", "character", "token", "pmi", "contrast"),
    usual="sum",
    of_many_facts=("contrast",),
    in_every_record=True,
)
BOUNDARY = Setting(
    name="boundary",
    help="an option that shares a token with its context is scored by whole: log p(both) less log p(context), or "
    "harness: as lm-evaluation-harness cuts it.",
    values=("whole", "harness"),
    usual="whole",
)
UNCONDITIONAL = Setting(
    name="unconditional",
    help="also score the options with no prompt.",
    default=False,
    in_every_record=True,
)
SCORER = Setting(
    name="scorer",
    help=f"how answers are read: {', '.join(SCORERS)}; the wording's own where none is given.",
    values=tuple(SCORERS),
    in_every_record=True,
)


@dataclass(frozen=True, kw_only=True)
class ProbeDescription:
    """A way of asking. Its class stands in `module`, its wordings in templates/NAME.toml beside that."""

    name: ProbeName
    title: str
    meaning: str  # a sentence for those who choose it
    manner: str  # how an answer was asked for, e.g. "by letter"
    module: str
    class_name: str
    settings: tuple[Setting, ...]  # its own, beside COMMON
    wording_keys: tuple[str, ...]  # what its templates may word
    listing: Literal["always", "never", "by template"]  # whether the options stand in the prompt
    needs_options: bool  # False: asks open questions as well
    writes: bool  # True: the model writes its answer; False: it chooses an option by its score
    asks_statements: bool = False  # a fact with a blank is asked as a statement that the option completes

    @property
    def every_setting(self) -> Mapping[str, Setting]:
        """All that it can be set to, by name."""
        return {setting.name: setting for setting in (*self.settings, *COMMON)}

    @property
    def forms(self) -> tuple[str, ...]:
        """The FORMS that it can ask in."""
        return FORMS if self.asks_statements else tuple(form for form in FORMS if form.startswith("question"))

    @property
    def templates(self) -> Path:
        """The file of the wordings that come with it."""
        return Path(str(files(self.module.rpartition(".")[0]))) / "templates" / f"{self.name}.toml"


_LISTED = ("text", "separator", "instruction", "option", "option_separator")

# In the order in which they are offered; the first is the usual one.
PROBES: dict[ProbeName, ProbeDescription] = {
    probe.name: probe
    for probe in (
        ProbeDescription(
            name="letter",
            title="Letter",
            meaning="Letter: the options are listed, and the model's most likely letter is its answer.",
            manner="by letter",
            module="engine.probes.letter",
            class_name="LetterProbe",
            settings=(PERMUTE, BOUNDARY),
            wording_keys=_LISTED,
            listing="always",
            needs_options=True,
            writes=False,
        ),
        ProbeDescription(
            name="cloze",
            title="Cloze",
            meaning="Cloze: the option that the model finds most likely as the end of the text is its answer.",
            manner="by cloze",
            module="engine.probes.cloze",
            class_name="ClozeProbe",
            settings=(CHOOSE_BY, UNCONDITIONAL, BOUNDARY),
            wording_keys=("text", "separator", "instruction", "statement"),
            listing="never",
            needs_options=True,
            writes=False,
            asks_statements=True,
        ),
        ProbeDescription(
            name="generation",
            title="Generation",
            meaning="Generation: the model writes, and its answer is read from what it wrote.",
            manner="freely",
            module="engine.probes.generation",
            class_name="GenerationProbe",
            settings=(SCORER,),
            wording_keys=_LISTED,
            listing="by template",
            needs_options=False,
            writes=True,
        ),
    )
}


def find_probe(name: str) -> ProbeDescription:
    """The probe of a name. Raises IsoglossError that lists what there is."""
    if name not in PROBES:
        raise IsoglossError(f"no probe {name[:60]!r}: choose from {', '.join(PROBES)}", exit_status=64)
    return PROBES[name]


def open_probe() -> ProbeDescription:
    """The first probe that asks questions without options."""
    return next(probe for probe in PROBES.values() if not probe.needs_options)


def is_written(probe: str) -> bool:
    """Whether the answers of a probe were written by the model; False for a probe that is not known here."""
    return probe in PROBES and PROBES[probe].writes


def manner_of(probe: str) -> str:
    """How an answer was asked for, e.g. "by letter"; the name of a probe that is not known here."""
    return PROBES[probe].manner if probe in PROBES else probe


def all_settings() -> Mapping[str, Setting]:
    """Every setting of every probe, by name."""
    own = (setting for probe in PROBES.values() for setting in probe.settings)
    return {setting.name: setting for setting in (*COMMON, *own)}


def probes_with(setting: Setting) -> tuple[ProbeName, ...]:
    """The probes that have a setting."""
    return tuple(name for name, probe in PROBES.items() if setting.name in probe.every_setting)


@cache
def wording_names(probe: ProbeName) -> tuple[str, ...]:
    """The names of the wordings that come with a probe; the first is the usual one."""
    stated = tomllib.loads(find_probe(probe).templates.read_text(encoding="utf-8"))
    return tuple(str(template["name"]) for template in stated["templates"])
