"""The kind `causal`: language models of transformers that continue a text. Imports no torch before it opens one."""

from engine.models.interface import Model
from engine.models.settings import OpenSettings


class CausalKind:
    """Implements engine.models.registry.ModelKind."""

    @property
    def takes(self) -> str:
        """Say what its sources are."""
        from engine.models.loading.source import sources

        return sources()

    def recognises(self, source: str) -> bool:
        """Tell whether it is a folder, a file (refused later, with what to give instead), a hub id or a known name."""
        from engine.models.loading.source import is_source

        return is_source(source)

    def model_name(self, source: str, settings: OpenSettings) -> str:
        """Find what results call the model; a hub's is downloaded for it. Raises IsoglossError."""
        from engine.models.loading.source import find_model

        return find_model(source, settings).name

    def open(self, source: str, settings: OpenSettings) -> Model:
        """Load the model and find out how to run it. Raises IsoglossError."""
        from engine.models.causal.model import CausalModel
        from engine.models.loading.load import load

        return CausalModel(load(source, settings), batch_tokens=settings.batch_tokens)
