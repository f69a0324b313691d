"""The kinds of models: which of them takes a source, and opens it. Imports no torch.

A kind of this project is a folder beside this file and a line of `MODEL_KINDS`. Another package adds one by an entry
point of the group `isogloss.model_kinds` that names an object with the members of `ModelKind`.
"""

import logging
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from itertools import chain
from typing import Protocol, runtime_checkable

from engine.errors import IsoglossError
from engine.models.causal.kind import CausalKind
from engine.models.interface import Model
from engine.models.settings import USUAL, OpenSettings

GROUP = "isogloss.model_kinds"
_LOG = logging.getLogger("isogloss.models")


@runtime_checkable
class ModelKind(Protocol):
    """A kind of models. What computes is imported when one of them is opened, not before."""

    @property
    def takes(self) -> str:
        """Say what its sources are, for a message, e.g. "a model's folder or a hub id"."""
        ...

    def recognises(self, source: str) -> bool:
        """Tell whether it takes a source, which may still turn out not to be there or to be damaged."""
        ...

    def model_name(self, source: str, settings: OpenSettings) -> str:
        """Find what results call the model, which names its runs before it is opened. Raises IsoglossError."""
        ...

    def open(self, source: str, settings: OpenSettings) -> Model:
        """Open a model. Raises IsoglossError for what cannot be opened, and for settings that it has no use for."""
        ...


# Asked in this order, after the kinds of other packages; the one that takes any folder, to say what is wrong with it,
# comes last.
MODEL_KINDS: Mapping[str, ModelKind] = {"causal": CausalKind()}
# What takes seconds to import when one of them is opened: a process that workers are forked from does it beforehand.
SLOW_MODULES = ("engine.models.causal.model",)


def model_name(source: str, settings: OpenSettings = USUAL) -> str:
    """Find what results call the model that `source` means. Raises IsoglossError."""
    return kind_of(source).model_name(source, settings)


def open_model(source: str, settings: OpenSettings = USUAL) -> Model:
    """Open the model that `source` means. Raises IsoglossError."""
    return kind_of(source).open(source, settings)


def kind_of(source: str) -> ModelKind:
    """Find the kind of models that takes a source.

    Raises IsoglossError where none does, with what each takes and which kind of another package cannot be used; and
    where the kinds of two packages do.
    """
    added, unusable = _added()
    taking = {name: kind for name, kind in added.items() if kind.recognises(source)}
    if len(taking) > 1:
        raise IsoglossError(f"{source}: several kinds of models take it: {', '.join(taking)}; uninstall all but one")
    own = (kind for kind in MODEL_KINDS.values() if kind.recognises(source))
    found = next(chain(taking.values(), own), None)
    if found is None:
        kinds = [f"{name} takes {kind.takes}" for name, kind in chain(MODEL_KINDS.items(), added.items())]
        said = "; ".join((*kinds, *unusable))
        raise IsoglossError(f"{source}: no such folder, and no kind of models takes it: {said}")
    for reason in unusable:
        _warn(reason)
    return found


def _added() -> tuple[dict[str, ModelKind], list[str]]:
    """Load the kinds that other packages add, by their names; and say which of them cannot be used, and why."""
    kinds: dict[str, ModelKind] = {}
    unusable = []
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        try:
            if entry.name in (*MODEL_KINDS, *kinds):
                raise IsoglossError("there is another kind of that name")
            kinds[entry.name] = _loaded(entry)
        except IsoglossError as error:
            package = f" of the package {entry.dist.name}" if entry.dist is not None else ""
            unusable.append(
                f"the kind {entry.name}{package} cannot be used ({error}): correct {entry.value}, or uninstall it"
            )
    return kinds, unusable


def _loaded(entry: EntryPoint) -> ModelKind:
    """Load the object that an entry point names. Raises IsoglossError with what is wrong."""
    try:
        kind = entry.load()
    except Exception as error:  # a package's module may raise anything
        raise IsoglossError(f"{type(error).__name__}: {error}") from error
    if isinstance(kind, type) or not isinstance(kind, ModelKind):
        raise IsoglossError("it must name an object with takes, recognises, model_name and open")
    return kind


@cache
def _warn(reason: str) -> None:
    """Say once that a kind cannot be used, while another one takes what is asked for."""
    _LOG.warning("%s", reason)
