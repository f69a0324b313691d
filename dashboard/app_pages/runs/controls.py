"""What a visitor may choose of a run. Nothing that is typed reaches the command line: a choice is one of a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.choices import url_state
from dashboard.choices.controls import dropdown, segmented
from dashboard.choices.probe_controls import probe_titles, set_by_switch
from engine.browse.queries import Row
from engine.languages import by_family, language
from engine.probes.catalogue import PROBES, SettingValue, all_settings, wording_names
from engine.schema import ProbeName

_MOST_FACTS = 1_000_000
_IN_LINKS = {"permute": ("run_orders", "all")}  # what links name otherwise than by the setting, and its value


@dataclass(frozen=True)
class RunChoice:
    """A run to be started."""

    model: str  # the name that results will carry
    source: str  # folder, file or hub id
    tokenizer: str | None  # where the model has one beside it
    dataset: str
    languages: tuple[str, ...]  # none: all that the dataset has
    probe: ProbeName
    wording: str
    limit: int | None  # facts at most; None: all
    settings: Mapping[str, SettingValue]  # of the probe, where they are not as usual

    def arguments(self, store: Path, *, embedded: bool) -> list[str]:
        """The arguments of `python -m engine` that start the run."""
        return [
            *("run", "--model", self.source, "--name", self.model, "--dataset", self.dataset),
            *(("--tokenizer", self.tokenizer) if self.tokenizer is not None else ()),
            *(("--languages", ",".join(self.languages)) if self.languages else ()),
            *("--probe", self.probe, "--template", self.wording),
            *(part for name, value in self.settings.items() for part in _stated(name, value)),
            *(("--limit", str(self.limit)) if self.limit is not None else ()),
            *("--store", str(store)),
            *(() if embedded else ("--no-embedded",)),
        ]


def choose(
    models: Mapping[str, str], tokenizers: Mapping[str, str], askable: pd.DataFrame, *, dataset: str
) -> RunChoice:
    """Draw the controls.

    `models`, `tokenizers`: by the model's name; `askable`: the rows of engine/browse/askable.sql; `dataset`: what to
    begin with.
    """
    titles = {str(row["dataset"]): f"{row['title']}: {row['n_facts']:,} facts" for _, row in askable.iterrows()}
    first = dataset if dataset in titles else next(iter(titles))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = dropdown(
            "run_model", "Model to ask", {name: name for name in models}, default=next(iter(models)), width=210
        )
        facts = askable[
            askable["dataset"] == dropdown("run_dataset", "Facts to ask", titles, default=first, width=210)
        ].iloc[0]
        tags = _languages(by_family(facts["languages"]))
        probe = _probe(facts)
        wordings = {name: name for name in wording_names(probe)}
        wording = dropdown("run_wording", "Wording", wordings, default=next(iter(wordings)), width=130)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        limit = _limit()
        settings = _settings(probe)
    return RunChoice(
        model=name,
        source=models[name],
        tokenizer=tokenizers.get(name),
        dataset=str(facts["dataset"]),
        languages=tags,
        probe=probe,
        wording=wording,
        limit=limit,
        settings=settings,
    )


def _languages(every: list[str]) -> tuple[str, ...]:
    chosen: list[str] = url_state.seed("run_languages", url_state.some_of(every), [], what="languages to ask in")
    st.session_state["run_languages"] = [tag for tag in chosen if tag in every]
    tags = st.multiselect(
        "Languages to ask in",
        every,
        key="run_languages",
        format_func=lambda tag: f"{language(tag).autonym} · {language(tag).name}",
        placeholder=f"All {len(every)}",
    )
    url_state.publish("run_languages", tags, ",".join(tags))
    return tuple(tag for tag in every if tag in tags)


def _stated(name: str, value: SettingValue) -> tuple[str, ...]:
    """A setting as arguments of the command line."""
    option = all_settings()[name].option
    return (option,) if value is True else (option, str(value))


def _probe(facts: Row) -> ProbeName:
    """Facts without options can only be asked by a probe that needs none."""
    probes = probe_titles(name for name, probe in PROBES.items() if facts["n_closed"] or not probe.needs_options)
    default = next(iter(probes))
    if st.session_state.get("run_probe", default) not in probes:
        st.session_state["run_probe"] = default
    return segmented("run_probe", "Probe", probes, default=default)


def _limit() -> int | None:
    url_state.seed("run_limit", url_state.number(1, _MOST_FACTS), None, what="number of facts")
    limit = st.number_input(
        "Facts at most", min_value=1, max_value=_MOST_FACTS, step=1, key="run_limit", placeholder="all", width=130
    )
    url_state.publish("run_limit", limit, "" if limit is None else str(limit))
    return limit


def _settings(probe: ProbeName) -> dict[str, SettingValue]:
    """The probe's own settings that have a switch."""
    chosen: dict[str, SettingValue] = {}
    for setting in PROBES[probe].settings:
        if setting.switch is not None:
            key, on = _IN_LINKS.get(setting.name, (f"run_{setting.name}", "on"))
            chosen |= set_by_switch(key, setting, on=on)
    return chosen
