"""Probes and their settings as the forms of Runs and Live offer them."""

from collections.abc import Iterable, Mapping

from dashboard.choices.controls import switch
from engine.probes.catalogue import PROBES, Setting, SettingValue
from engine.schema import ProbeName


def probe_titles(probes: Iterable[ProbeName]) -> dict[ProbeName, str]:
    """The titles of probes, by name, in the order given."""
    return {probe: PROBES[probe].title for probe in probes}


def set_by_switch(key: str, setting: Setting, *, on: str = "on") -> Mapping[str, SettingValue]:
    """Draw the switch of a setting; what it sets, by name: nothing while it is off. `on`: its value in the URL."""
    offered = setting.switch
    assert offered is not None
    return {setting.name: offered.value} if switch(key, offered.title, help=offered.help, on=on) else {}
