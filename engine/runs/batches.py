"""The size of batches after memory ran out: a run that goes on keeps it, since half-precision scores depend on it."""

from engine.models.interface import Model
from engine.runs.folder import RunFolder
from engine.store.atomic import BadFile, read_regular, replace_file

_LONGEST = 20  # digits


class BatchMemory:
    """What a batch of a model could hold at the start of a run, and what a stop left in the run's folder."""

    def __init__(self, model: Model, folder: RunFolder) -> None:
        """Let a batch hold what it could hold when the run stopped."""
        self._model, self._folder = model, folder
        recorded = _recorded(folder)
        if model.batch_tokens is not None and recorded is not None:
            model.batch_tokens = min(model.batch_tokens, recorded)
        self._known = model.batch_tokens

    def keep(self) -> None:
        """Write down what a batch may hold, if that is less than it was."""
        if self._model.batch_tokens != self._known:
            self._known = self._model.batch_tokens
            replace_file(self._folder.batch_tokens, str(self._known).encode())


def _recorded(folder: RunFolder) -> int | None:
    try:
        text = read_regular(folder.batch_tokens, limit=_LONGEST).decode("ascii", "replace")
    except (FileNotFoundError, BadFile):
        return None
    return int(text) if text.isdigit() else None
