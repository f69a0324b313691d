"""What a model's files must hash to, where that is written down, and what they do hash to."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from engine.models.loading.unusable import UnusableModel, some

SUMS = "SHA256SUMS"  # as sha256sum writes it: a hash, two spaces, a name
_LINE = re.compile(r"([0-9a-f]{64}) [ *](?:\./)?(.+)", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}|[0-9a-f]{40}", re.ASCII)
_DAMAGED = "the file is damaged or was changed: get it again from where the model came from"


@dataclass(frozen=True)
class Checksums:
    """The SHA-256 of files by name, and whether every one of them was compared with what it must be."""

    sha256: Mapping[str, str]
    verified: bool

    def over(self, files: Sequence[Path]) -> str:
        """Make one hash for several files: of their lines as in SHA256SUMS, by name; a single file's is its own."""
        names = sorted(file.name for file in files)
        if len(names) == 1:
            return self.sha256[names[0]]
        lines = "".join(f"{self.sha256[name]}  {name}\n" for name in names)
        return hashlib.sha256(lines.encode()).hexdigest()


def verify(folder: Path, files: Sequence[Path]) -> Checksums:
    """Hash `files` of `folder` and compare: with SHA256SUMS where there is one, else with what a hub's copy says.

    The hub's cache names a file by its hash, and a download to a folder notes it beside. Raises UnusableModel for a
    file that is not as it must be; a folder without any such record is hashed but not verified.
    """
    with ThreadPoolExecutor(max_workers=4) as pool:
        hashes = dict(zip((file.name for file in files), pool.map(_sha256, files), strict=True))
    if (folder / SUMS).is_file():
        _compare_with_sums(folder, hashes)
        return Checksums(hashes, verified=True)
    return Checksums(hashes, verified=all([_is_as_downloaded(file, hashes[file.name]) for file in files]))


def _compare_with_sums(folder: Path, hashes: Mapping[str, str]) -> None:
    listed = _read_sums(folder)
    missing = [name for name in listed if not (folder / name).is_file()]
    if missing:
        raise UnusableModel(folder, f"{SUMS} lists what is missing: {some(missing)}", "get the whole folder again")
    unlisted = [name for name in hashes if name not in listed]
    if unlisted:
        raise UnusableModel(
            folder, f"{SUMS} does not list {some(unlisted)}", f"write it anew: sha256sum * > {SUMS}, or delete it"
        )
    for name, expected in listed.items():
        if (hashes.get(name) or _sha256(folder / name)) != expected:
            raise UnusableModel(folder, f"{name} is not what {SUMS} says", _DAMAGED)


def _read_sums(folder: Path) -> dict[str, str]:
    lines = (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    matches = [_LINE.fullmatch(line) for line in lines if line.strip()]
    listed = {match[2]: match[1] for match in matches if match and match[2] != SUMS}
    outside = [name for name in listed if Path(name).is_absolute() or ".." in Path(name).parts]
    if None in matches or not listed or outside:
        raise UnusableModel(folder, f"{SUMS} is broken", f"write it anew: sha256sum * > {SUMS}, or delete it")
    return listed


def _is_as_downloaded(file: Path, sha256: str) -> bool:
    """Whether a hub's copy says what the file must hash to, and it does; False where nothing is said."""
    expected = _hash_from_hub(file)
    if expected is None:
        return False
    if (sha256 if len(expected) == 64 else _git_hash(file)) != expected:
        raise UnusableModel(file.parent, f"{file.name} is not as it was downloaded", _DAMAGED)
    return True


def _hash_from_hub(file: Path) -> str | None:
    """The hash that a hub gave: the name of the blob that a cache's link leads to, or the note of a download."""
    blob = file.readlink() if file.is_symlink() else file
    if blob.parent.name == "blobs" and _HASH.fullmatch(blob.name):
        return blob.name
    note = file.parent / ".cache" / "huggingface" / "download" / f"{file.name}.metadata"
    # Settings may be edited after a download; nobody edits weights by hand.
    if file.suffix != ".safetensors" or not note.is_file():
        return None
    lines = note.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[1] if len(lines) > 1 and _HASH.fullmatch(lines[1]) else None


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise UnusableModel(file.parent, f"{file.name} cannot be read: {error.strerror}", _DAMAGED) from error


def _git_hash(file: Path) -> str:
    """As git names a file's content; SHA-1 serves to find damage here, not to keep an attacker out."""
    content = file.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
