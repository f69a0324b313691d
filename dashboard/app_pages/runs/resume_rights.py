"""Which runs a visitor may go on with: those of models that may be asked from the dashboard."""

from itertools import pairwise
from pathlib import Path

from engine.configured_models import ALLOWED, allowed_models
from engine.errors import IsoglossError
from engine.probes.catalogue import all_settings
from engine.runs.progress import RunProgress

# Options of `run` that a visitor may pass on beside the probe's settings. Not among them: another file, and another
# revision of the model.
_RESUMABLE = frozenset(
    ["--model", "--name", "--dataset", "--languages", "--limit", "--store", "--no-embedded", "--probe", "--template"]
    + ["--device", "--dtype", "--batch-tokens", "--run-id", "--shard-size"]
)


def may_be_resumed(store: Path, run: RunProgress) -> bool:
    """Whether a visitor may go on with a run: it asks one model of the list, and names no other file of the machine.

    Its command stands in the run's folder, and whoever wrote that need not be who wrote the list.
    """
    try:
        allowed = set(allowed_models(store / ALLOWED).values())
    except IsoglossError:  # the form says what is wrong with the list
        return False
    options = {argument for argument in run.command if argument.startswith("-")}
    resumable = _RESUMABLE | {setting.option for setting in all_settings().values()}
    if run.command[:1] != ("run",) or not options <= resumable:
        return False
    models = {value for option, value in pairwise(run.command) if option == "--model"}
    stores = {value for option, value in pairwise(run.command) if option == "--store"}
    return len(models) == 1 and models <= allowed and stores == {str(store)}
