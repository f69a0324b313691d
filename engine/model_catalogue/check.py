"""Whether a model that is here is whole, can be opened, and answers."""

import math
from collections.abc import Callable
from pathlib import Path

from engine.configured_models import ALLOWED, allowed_models
from engine.errors import IsoglossError
from engine.model_catalogue.catalogue import CatalogueModel, PackagedFile, catalogue
from engine.model_catalogue.download import file_sha256
from engine.model_catalogue.place import ModelPlace
from engine.models.interface import Continuation, Loglikelihood
from engine.models.registry import open_model
from engine.models.settings import OpenSettings

_CONTEXT, _TEXT = "The capital of France is", " Paris"


def check_model(name: str, store: Path, *, note: Callable[[str], None]) -> None:
    """Look at a model that may be asked by name: its hash, then as it is loaded, then one forward pass.

    `note` is told what holds, a sentence at a time. Raises IsoglossError with what does not.
    """
    sources = allowed_models(store / ALLOWED)
    if name not in sources:
        known = f"; it can be had: python -m engine models get {name}" if name in catalogue() else ""
        raise IsoglossError(f"no model {name!r} is here{known}. Here are: {', '.join(sources)}", exit_status=64)
    if name in catalogue():
        _check_file(catalogue()[name], sources[name], store, note)
    model = open_model(sources[name], OpenSettings(name=name))
    identity = model.identity
    verified = ", every file as its maker's hash says" if identity.verified else ""
    note(f"opened: {identity.dtype} on {identity.device}, weights {identity.weights_sha256[:12]}…{verified}")
    (answer,) = model.loglikelihoods([Continuation(_CONTEXT, _TEXT)])
    if not isinstance(answer, Loglikelihood) or not math.isfinite(answer.nats):
        said = answer.nats if isinstance(answer, Loglikelihood) else answer.reason
        raise IsoglossError(f"{name} gives no log-likelihood of {_TEXT!r} after {_CONTEXT!r}: {said}")
    note(f"answers: log p({_TEXT!r} | {_CONTEXT!r}) = {answer.nats:.3f} nats, {answer.tokens} tokens")


def _check_file(model: CatalogueModel, source: str, store: Path, note: Callable[[str], None]) -> None:
    place, packaged = ModelPlace(model, store), model.source
    # A name of models.toml may stand for another model.
    if not isinstance(packaged, PackagedFile) or Path(source) != place.target.resolve():
        return
    if file_sha256(place.target) != packaged.sha256:
        raise IsoglossError(
            f"{place.target} is damaged: it is not what the catalogue says; get it again: "
            f"python -m engine models get {model.name}"
        )
    note(f"whole: {packaged.bytes:,} bytes, SHA-256 as the catalogue says")
