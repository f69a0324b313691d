"""Where a CLiKA release comes from: a folder, or a git repository that is cloned for the time of the import."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import IsoglossError
from engine.printable_text import printable

_URL = re.compile(r"(https?|ssh|file|git)://.*|git@.*|.*\.git")
_PASSWORD = re.compile(r"//[^/@]*@")


@contextmanager
def release_folder(source: str) -> Iterator[Path]:
    """The folder of a release: SOURCE itself, or a shallow clone of it, deleted in the end. Raises IsoglossError."""
    if source.startswith("-"):
        raise IsoglossError(f'"{printable(source)}" is neither a folder nor a git URL')
    if not _URL.fullmatch(source):
        folder = Path(source).expanduser()
        if not folder.is_dir():
            what = "is a file, not a folder" if folder.is_file() else "does not exist"
            raise IsoglossError(f"{printable(source)} {what}: give the folder of a CLiKA release, or a git URL")
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="isogloss-clika-") as temporary:
        clone = Path(temporary, "release")
        _clone(source, clone)
        yield clone


def _clone(url: str, folder: Path) -> None:
    # Links become plain files, nobody is asked for a password, and no transport but these three is used (ext:: runs
    # commands).
    command = ["git", "-c", "core.symlinks=false", "clone", "--quiet", "--depth", "1", "--", url, str(folder)]
    environment = os.environ | {"GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "file:https:ssh", "LC_ALL": "C"}
    remedy = "check the address and the network, or clone it yourself and give the folder"
    shown = printable(_PASSWORD.sub("//", url))
    try:
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise IsoglossError(f"{shown}: git is not installed; install it, or give a folder") from error
    if done.returncode:
        said = [line.strip() for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
        fatal = next(
            (line for line in said if line.startswith(("fatal:", "ERROR:"))), said[-1] if said else "no reason"
        )
        raise IsoglossError(f"{shown}: git could not clone it ({printable(_PASSWORD.sub('//', fatal))}); {remedy}")
