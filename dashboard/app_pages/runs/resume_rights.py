"""Which runs a visitor may go on with: those of models that may be asked from the dashboard."""

from itertools import pairwise
from pathlib import Path

from engine.configured_models import ALLOWED, allowed_models
from engine.errors import IsoglossError
from engine.runs.progress import RunProgress

# Options of `run` that a visitor may pass on. Not among them: another file, and another revision of the model.
_RESUMABLE = frozenset(
    ["--model", "--name", "--dataset", "--languages", "--limit", "--store", "--no-embedded"]
    + ["--probe", "--template", "--form", "--permute", "--chat", "--shots", "--choose-by", "--unconditional"]
    + ["--boundary", "--no-thinking", "--scorer", "--device", "--dtype", "--batch-tokens", "--run-id", "--shard-size"]
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
    if run.command[:1] != ("run",) or not options <= _RESUMABLE:
        return False
    models = {value for option, value in pairwise(run.command) if option == "--model"}
    stores = {value for option, value in pairwise(run.command) if option == "--store"}
    return len(models) == 1 and models <= allowed and stores == {str(store)}
