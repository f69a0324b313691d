"""Where the stores are: the embedded one that comes with the project, and the user's own beside it."""

from pathlib import Path

EMBEDDED = Path(__file__).resolve().parent.parent / "data"
LOCAL = EMBEDDED / "local"
