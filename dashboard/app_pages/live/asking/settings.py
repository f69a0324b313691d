"""How a typed fact is to be asked: of which models, in which way, and what is asked beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.app_pages.live.asking.inquiry import InquiryWay
from dashboard.choices import url_state
from dashboard.choices.controls import dropdown, segmented
from dashboard.choices.probe_controls import MEANINGS, PROBES, wording_names
from dashboard.elements import prose
from dashboard.probe_client import Service, state_in_words
from engine.live.protocol.fact_text import FactText
from engine.live.protocol.messages import ModelState
from engine.schema import ProbeName

_NONE = "no"
_FORMS = ("question-2", "question-3", "statement-1", "statement-2", "statement-3")


@dataclass(frozen=True)
class Choice:
    """What is chosen beside the fact."""

    models: tuple[str, ...]  # one, or two to compare
    probe: ProbeName
    wording: str
    free: bool  # its free answer as well
    otherwise: bool  # other wordings and orders as well
    chat: bool
    no_thinking: bool  # in a chat: thoughts are turned off

    def ways(self, fact: FactText, *, has_forms: bool) -> list[InquiryWay]:
        """How the fact is asked; an open question can only be asked freely."""
        same = {"template": self.wording} if self.wording in wording_names("generation") else {}
        freely = self._asking(probe="generation", **same)
        if not fact.has_options:
            return [InquiryWay("main", "freely", freely)]
        main = self._asking(probe=self.probe, template=self.wording)
        ways = [InquiryWay("main", "as asked", main)]
        if self.free and self.probe != "generation":
            ways.append(InquiryWay("free", "freely", freely))
        if self.otherwise:
            ways += self._others(main, has_forms=has_forms)
        return ways

    def _others(self, main: Mapping[str, Any], *, has_forms: bool) -> list[InquiryWay]:
        found = []
        if self.probe == "letter":
            found.append(InquiryWay("other", "every order", {**main, "permute": "cyclic"}))
        if has_forms:
            forms = _FORMS if self.probe == "cloze" else _FORMS[:2]
            return found + [InquiryWay("other", form.replace("-", " "), {**main, "form": form}) for form in forms]
        others = [name for name in wording_names(self.probe) if name != self.wording]
        return found + [InquiryWay("other", f"wording {name}", {**main, "template": name}) for name in others]

    def _asking(self, **settings: Any) -> dict[str, Any]:
        chat = {"chat": True} if self.chat else {}
        return settings | chat | ({"no_thinking": True} if self.chat and self.no_thinking else {})


def choose(service: Service, fact: FactText | None) -> Choice:
    """Draw the controls; `fact`: what is typed, if it can be asked."""
    names = {model.name: model.name for model in service.models}
    first = next((name for name in ("lab-mix",) if name in names), next(iter(names)))
    is_open = fact is not None and not fact.has_options
    with st.container(horizontal=True, vertical_alignment="bottom"):
        model = dropdown("live_model", "Model to ask", names, default=first, width=220)
        others = {_NONE: "None"} | {name: name for name in names if name != model}
        second = dropdown("live_with", "Compare with", others, default=_NONE, width=220)
        kind = "lab" if all(_is_embedded(service, name) for name in (model, second) if name != _NONE) else "any"
        probe: ProbeName = "generation"
        wording = "bare" if kind == "lab" else ""
        if not is_open:
            probe = segmented(f"live_probe_{kind}", "Way of asking", _probes(kind), default=_usual(kind))
            wordings = {name: name for name in wording_names(probe)}
            usual = "bare" if kind == "lab" and "bare" in wordings else next(iter(wordings))
            wording = dropdown(f"live_wording_{kind}_{probe}", "Wording", wordings, default=usual, width=130)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        free = not is_open and probe != "generation" and _switch("live_free", "Also its free answer", _FREE)
        otherwise = (
            not is_open and probe != "generation" and _switch("live_sure", "How sure: other wordings and orders", _SURE)
        )
        chat = kind == "any" and _switch("live_chat", "In the model's chat format", _CHAT)
        no_thinking = chat and _switch("live_no_thinking", "Without thoughts", _NO_THINKING)
    prose.caption(MEANINGS[probe])
    chosen = (model,) if second == _NONE else (model, second)
    return Choice(chosen, probe, wording, free=free, otherwise=otherwise, chat=chat, no_thinking=no_thinking)


def say_states(models: Sequence[ModelState]) -> None:
    """Which of the models chosen is loaded, and why one is not."""
    for model in models:
        if model.reason:
            prose.say(f"{model.name} cannot be loaded: {model.reason}")
    prose.caption(" · ".join(f"{model.name}: {state_in_words(model.state)}" for model in models))


_FREE = "The model also writes an answer in its own words, in every language."
_SURE = (
    "The fact is asked in other words as well, and where options are listed in every order of them. An answer that "
    "stays the same is one that the model is sure of."
)
_NO_THINKING = (
    "Reasoning models think before they answer. Where the chat format has a switch for that it is turned off, so that "
    "the answer comes first and can be scored."
)
_CHAT = "The question is put as a user's turn, as models are asked that were trained to talk."


def _probes(kind: str) -> dict[ProbeName, str]:
    """The project's own models were taught no letters."""
    order: tuple[ProbeName, ...] = (
        ("cloze", "letter", "generation") if kind == "lab" else ("letter", "cloze", "generation")
    )
    return {probe: PROBES[probe] for probe in order}


def _usual(kind: str) -> ProbeName:
    return "cloze" if kind == "lab" else "letter"


def _is_embedded(service: Service, name: str) -> bool:
    model = service.named(name)
    return model is not None and model.is_embedded


def _switch(key: str, label: str, help: str) -> bool:
    url_state.seed(key, {"on": True}.get, False, what=label.lower())
    chosen = st.toggle(label, key=key, help=help)
    url_state.publish(key, chosen, "on" if chosen else "")
    return chosen
