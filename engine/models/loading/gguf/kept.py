"""Where what is found out about a GGUF file is kept: its tokenizer, and how its model is run. Both take seconds."""

from pathlib import Path

from engine.locations import LOCAL

FOLDER = LOCAL / "gguf"  # may be deleted at any time


def folder_of(sha256: str) -> Path:
    """Name the folder of a file by the file's hash; another file is never taken for it."""
    return FOLDER / sha256
