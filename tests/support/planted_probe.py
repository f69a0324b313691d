"""A further probe in a package of its own, as somebody adds one: a module, a file of wordings, and a description."""

import sys
from pathlib import Path

import pytest

from engine.probes.catalogue import PROBES, ProbeDescription, Setting, Switch, wording_names
from engine.probes.template_file import built_in

PACKAGE = "planted_probes"
NAME = "least"
TWICE = Setting(
    name="ask_twice",
    help="say the question twice.",
    default=False,
    switch=Switch(title="Say the question twice", help="Some models listen the second time."),
)
_MODULE = '''
from dataclasses import dataclass

from engine.probes.answer import Answer, is_right
from engine.probes.prompt import Prompt, after
from engine.probes.scored_probe import ScoredProbe
from engine.probes.template import fill


@dataclass(frozen=True, kw_only=True)
class LeastProbe(ScoredProbe):
    """Chooses the option that the model finds least likely."""

    ask_twice: bool = False

    @property
    def name(self):
        return "least"

    def prompts(self, question):
        language, wording, header = self._wording(question)
        text = " ".join([question.text] * (2 if self.ask_twice else 1))
        asked = header + fill(wording.text, {"question": text})
        context, texts = after(asked, [wording.separator + option for option in question.options], chat=self.chat)
        return (Prompt(question, self.template, language, (), context, texts),)

    def _answer(self, question, prompts, scores):
        nats = tuple(score.nats for score in scores)
        least = nats.index(min(nats))
        right = is_right(question, least)
        return Answer(
            question, self.name, self.template, predicted=least, correct=right, parsed=True, option_logprobs=nats
        )

    def variant(self):
        return ("twice",) if self.ask_twice else ()
'''
_WORDINGS = """
probe = "least"
[[templates]]
name = "whispered"
version = 1
[templates.wordings.und]
text = "{question} ~"
[[templates]]
name = "shouted"
version = 1
[templates.wordings.und]
text = "{question} !"
"""


def plant_probe(folder: Path, patch: pytest.MonkeyPatch) -> ProbeDescription:
    """Write the package into a folder and enter the probe in the catalogue, until the test is over."""
    package = folder / PACKAGE
    (package / "templates").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / f"{NAME}.py").write_text(_MODULE, encoding="utf-8")
    (package / "templates" / f"{NAME}.toml").write_text(_WORDINGS, encoding="utf-8")
    patch.syspath_prepend(folder)
    for module in (PACKAGE, f"{PACKAGE}.{NAME}"):
        patch.delitem(sys.modules, module, raising=False)
    for cached in (built_in, wording_names):
        cached.cache_clear()
    probe = ProbeDescription(
        name=NAME,
        title="Least",
        meaning="Least: the option that the model finds least likely is its answer.",
        manner="by least",
        module=f"{PACKAGE}.{NAME}",
        class_name="LeastProbe",
        settings=(TWICE,),
        wording_keys=("text", "separator"),
        listing="never",
        needs_options=True,
        writes=False,
    )
    patch.setitem(PROBES, NAME, probe)
    return probe
