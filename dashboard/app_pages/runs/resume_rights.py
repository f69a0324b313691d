"""Which runs a visitor may go on with: those of models that may be asked from the dashboard."""

from itertools import pairwise
from pathlib import Path

from engine.configured_models import ALLOWED, allowed_models, own_tokenizers
from engine.errors import IsoglossError
from engine.probes.catalogue import all_settings
from engine.runs.progress import RunProgress

# Options of `run` that a visitor may pass on beside the probe's settings. Not among them: another file, and another
# revision of the model.
_RESUMABLE = frozenset(
    [
        "--model",
        "--tokenizer",
        "--name",
        "--dataset",
        "--languages",
        "--limit",
        "--store",
        "--no-embedded",
        "--probe",
        "--template",
    ]
    + ["--device", "--dtype", "--batch-tokens", "--run-id", "--shard-size"]
)

_NAMED = ("--model", "--tokenizer", "--store")


def may_be_resumed(store: Path, run: RunProgress) -> bool:
    """Whether a visitor may go on with a run: it asks one model of the list, and names no other file of the machine.

    Its command stands in the run's folder, and whoever wrote that need not be who wrote the list.
    """
    try:
        sources, tokenizers = allowed_models(store / ALLOWED), own_tokenizers(store / ALLOWED)
    except IsoglossError:  # the form says what is wrong with the list
        return False
    options = {argument for argument in run.command if argument.startswith("-")}
    resumable = _RESUMABLE | {setting.option for setting in all_settings().values()}
    if run.command[:1] != ("run",) or not options <= resumable:
        return False
    said = {name: {value for option, value in pairwise(run.command) if option == name} for name in _NAMED}
    allowed = [({source}, {tokenizers[name]} if name in tokenizers else set()) for name, source in sources.items()]
    return (said["--model"], said["--tokenizer"]) in allowed and said["--store"] == {str(store)}
