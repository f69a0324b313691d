"""Where the project is, its stores (the embedded one, and the user's own beside that), and what it rests on."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
EMBEDDED = PROJECT / "data"
LOCAL = EMBEDDED / "local"

CLIKA_PAPER = "https://arxiv.org/abs/2404.04659"
CLIKA_RELEASE = "https://github.com/RiverGao/CLiKA.git"
