"""How a fact is to be asked: the same settings as those of a run. Imports no torch."""

from pydantic import BaseModel, ConfigDict

from engine.errors import IsoglossError
from engine.probes.catalogue import all_settings, find_probe
from engine.probes.probe import Probe, make_probe
from engine.probes.template_file import find_template


class ProbeSettings(BaseModel):
    """A probe, one of its wordings (None: the usual one), and beside them settings of the catalogue by their names."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)
    probe: str = "letter"
    template: str | None = None


def probe_of(asking: ProbeSettings) -> Probe:
    """The probe that is meant. Raises IsoglossError that lists what there is."""
    find_probe(asking.probe)
    settings = asking.model_extra or {}
    for name, setting in all_settings().items():
        if (value := settings.get(name)) in setting.of_many_facts:
            others = [other for other in setting.values if other not in setting.of_many_facts]
            raise IsoglossError(
                f"{value} compares with other facts of a dataset, and this is one fact alone; choose "
                f"{', '.join(others[:-1])} or {others[-1]}",
                exit_status=64,
            )
    return make_probe(find_template(asking.probe, asking.template), **settings)
