"""Where the project is, and its stores: the embedded one that comes with it, and the user's own beside that."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
EMBEDDED = PROJECT / "data"
LOCAL = EMBEDDED / "local"
