"""How a fact is to be asked: the same settings as those of a run. Imports no torch."""

from typing import cast

from pydantic import BaseModel, ConfigDict

from engine.errors import IsoglossError
from engine.probes.probe import PROBES, Probe, make_probe
from engine.probes.template_file import find_template
from engine.schema import ProbeName


class Asking(BaseModel):
    """The settings of a probe, by the names of `run`'s options; None: the usual one."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    probe: str = "letter"
    template: str | None = None
    form: str = ""
    permute: str | None = None
    chat: bool = False
    no_thinking: bool = False
    shots: int = 0
    choose_by: str | None = None
    boundary: str | None = None
    unconditional: bool = False
    scorer: str | None = None


def probe_of(asking: Asking) -> Probe:
    """The probe that is meant. Raises IsoglossError that lists what there is."""
    if asking.probe not in PROBES:
        raise IsoglossError(f"no probe {asking.probe[:60]!r}: choose from {', '.join(PROBES)}", exit_status=64)
    if asking.choose_by == "contrast":
        raise IsoglossError(
            "contrast compares with other facts of a dataset, and this is one fact alone; choose by sum, byte, "
            "character, token or pmi",
            exit_status=64,
        )
    return make_probe(
        find_template(cast(ProbeName, asking.probe), asking.template),
        form=asking.form,
        shots=asking.shots,
        chat=asking.chat,
        no_thinking=asking.no_thinking,
        permute=asking.permute,
        choose_by=asking.choose_by,
        boundary=asking.boundary,
        unconditional=asking.unconditional,
        scorer=asking.scorer,
    )
