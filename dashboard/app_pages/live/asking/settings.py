"""How a typed fact is to be asked: of which models, in which way, and what is asked beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import page_registry
from dashboard.app_pages.live.asking.inquiry import InquiryWay
from dashboard.app_pages.live.asking.usual_way import kind_of, usual_probe
from dashboard.choices import url_state
from dashboard.choices.controls import dropdown, segmented, switch
from dashboard.choices.probe_controls import probe_titles, set_by_switch
from dashboard.elements import prose
from dashboard.probe_client import Service, state_in_words
from engine.live.protocol.fact_text import FactText
from engine.live.protocol.messages import ModelState
from engine.probes.catalogue import CHAT, FORM, NO_THINKING, PERMUTE, PROBES, SettingValue, open_probe, wording_names
from engine.schema import ProbeName

_NONE = "no"
REAL = "gemma-3-270m"  # offered where it is not here
_FIRST = (REAL, "lab-mix")  # asked before anybody chooses: the first that may be
_WANTED = "live-wanted"


@dataclass(frozen=True)
class Choice:
    """What is chosen beside the fact."""

    models: tuple[str, ...]  # one, or two to compare
    probe: ProbeName
    wording: str
    free: bool  # its free answer as well
    otherwise: bool  # other wordings and orders as well
    settings: Mapping[str, SettingValue]  # whether it goes into a chat, and how

    def ways(self, fact: FactText, *, has_forms: bool) -> list[InquiryWay]:
        """How the fact is asked; an open question can only be asked freely."""
        same = {"template": self.wording} if self.wording in wording_names(open_probe().name) else {}
        freely = self._asking(probe=open_probe().name, **same)
        if not fact.has_options:
            return [InquiryWay("main", "freely", freely)]
        main = self._asking(probe=self.probe, template=self.wording)
        ways = [InquiryWay("main", "as asked", main)]
        if self.free and not PROBES[self.probe].writes:
            ways.append(InquiryWay("free", "freely", freely))
        if self.otherwise:
            ways += self._others(main, has_forms=has_forms)
        return ways

    def _others(self, main: Mapping[str, Any], *, has_forms: bool) -> list[InquiryWay]:
        probe, found = PROBES[self.probe], []
        if PERMUTE in probe.settings and PERMUTE.switch is not None:
            found.append(InquiryWay("other", "every order", {**main, PERMUTE.name: PERMUTE.switch.value}))
        if has_forms:
            forms = probe.forms
            return found + [InquiryWay("other", form.replace("-", " "), {**main, FORM.name: form}) for form in forms]
        others = [name for name in wording_names(self.probe) if name != self.wording]
        return found + [InquiryWay("other", f"wording {name}", {**main, "template": name}) for name in others]

    def _asking(self, **settings: Any) -> dict[str, Any]:
        return {**settings, **self.settings}


def choose_wanted(service: Service) -> str:
    """Choose the model that a link "probe this" names, where it may be asked; its name, "" where none is named."""
    wanted = st.query_params.get("model", "")
    is_new = st.session_state.get(_WANTED) != wanted and "live_model" not in st.query_params
    if wanted and is_new and service.named(wanted) is not None:
        url_state.put("live_model", wanted)
    st.session_state[_WANTED] = wanted
    return wanted


def say_who_is_asked_instead(service: Service, wanted: str, choice: Choice) -> None:
    """Where the model that a link names may not be asked here: say so, who is asked instead, and what to do."""
    if not wanted or service.named(wanted) is not None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        asked = f"{' and '.join(choice.models)} {'is' if len(choice.models) == 1 else 'are'} asked instead"
        prose.caption(f"{wanted} cannot be asked here; {asked}.")
        page_registry.link("docs", "How a model is added", {"doc": "models"})


def choose(service: Service, fact: FactText | None) -> Choice:
    """Draw the controls; `fact`: what is typed, if it can be asked."""
    names = {model.name: model.name for model in service.models}
    first = next((name for name in _FIRST if name in names), next(iter(names)))
    is_open = fact is not None and not fact.has_options
    with st.container(horizontal=True, vertical_alignment="bottom"):
        model = dropdown("live_model", "Model to ask", names, default=first, width=220)
        others = {_NONE: "None"} | {name: name for name in names if name != model}
        second = dropdown("live_with", "Compare with", others, default=_NONE, width=220)
        kind = kind_of(service, [name for name in (model, second) if name != _NONE])
        probe = open_probe().name
        wording = "bare" if kind == "lab" else ""
        if not is_open:
            first_probe = usual_probe(kind)
            usual_first = sorted(PROBES, key=lambda name: name != first_probe)
            probe = segmented(f"live_probe_{kind}", "Way of asking", probe_titles(usual_first), default=first_probe)
            wordings = {name: name for name in wording_names(probe)}
            usual = "bare" if kind == "lab" and "bare" in wordings else next(iter(wordings))
            wording = dropdown(f"live_wording_{kind}_{probe}", "Wording", wordings, default=usual, width=130)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        chooses = not is_open and not PROBES[probe].writes
        free = chooses and switch("live_free", "Also its free answer", help=_FREE)
        otherwise = chooses and switch("live_sure", "How sure: other wordings and orders", help=_SURE)
        settings = set_by_switch("live_chat", CHAT) if kind != "lab" else {}
        if settings:
            settings = {**settings, **set_by_switch("live_no_thinking", NO_THINKING)}
    prose.caption(PROBES[probe].meaning)
    chosen = (model,) if second == _NONE else (model, second)
    return Choice(chosen, probe, wording, free=free, otherwise=otherwise, settings=settings)


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
