"""In which way a model is asked before anybody chooses: one in which its answers mean something."""

from collections.abc import Sequence
from typing import Literal

from dashboard import queries
from dashboard.probe_client import Service
from engine.schema import ProbeName

# The project's own, who were taught no letters; models whose answers in the store are by cloze; all others.
Kind = Literal["lab", "cloze", "any"]


def kind_of(service: Service, models: Sequence[str]) -> Kind:
    """Tell which kind the chosen models are of, the first where they differ."""
    if all(_is_embedded(service, name) for name in models):
        return "lab"
    catalogue = queries.view(queries.version(), "catalogue")
    asked = catalogue[(catalogue["own_name"] == models[0]) & catalogue["is_latest"]]
    return "cloze" if len(asked) and (asked["probe"] == "cloze").all() else "any"


def usual_probe(kind: Kind) -> ProbeName:
    """The way of asking that a kind begins with: a small model that only continues texts reads letters by chance."""
    return "letter" if kind == "any" else "cloze"


def _is_embedded(service: Service, name: str) -> bool:
    model = service.named(name)
    return model is not None and model.is_embedded
