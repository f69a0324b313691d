"""Where a model comes from: a folder, a GGUF file, an embedded model's name, or a hub id; each ends as a path."""

import errno
import re
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HFValidationError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from engine.configured_models import HUB_ID
from engine.errors import IsoglossError
from engine.locations import EMBEDDED, LOCAL
from engine.models.loading.unusable import first_line, some
from engine.models.loading.weights import GGUF, foreign_format
from engine.models.settings import USUAL, OpenSettings

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+:-]{0,127}", re.ASCII)
_WANTED = ["*.json", "*.safetensors", "*.txt", "*.model", "*.jinja", "*.tiktoken", "SHA256SUMS"]
# Subfolders hold other formats; consolidated.* are the same weights once more.
_UNWANTED = ["*/*", "consolidated*"]


@dataclass(frozen=True)
class ModelSource:
    """A model's folder or GGUF file, the name that results know it by, and the hub's commit if it has one."""

    path: Path
    name: str
    revision: str | None

    @property
    def is_gguf(self) -> bool:
        """Tell whether it is a GGUF file."""
        return self.path.suffix.lower() == GGUF and self.path.is_file()

    @property
    def got_name(self) -> str | None:
        """The name under which it was got into the user's store, which says more than its path; None: it was not."""
        folder = self.path.parent
        return folder.name if folder.parent == (LOCAL / "models").resolve() else None


def is_source(source: str) -> bool:
    """Tell whether something is a folder or file, the name of an embedded model, or may be a hub's id."""
    return source in embedded_models() or _is_path(source) or bool(HUB_ID.fullmatch(source))


def sources() -> str:
    """Say what can be given as a source."""
    names = ", ".join(embedded_models()) or "none"
    return f"a model's folder, a GGUF file, a hub id (ORGANISATION/NAME), or the name of an embedded model ({names})"


def find_model(source: str, settings: OpenSettings = USUAL) -> ModelSource:
    """Find the folder or file of the model that `source` means, and download a hub's model where it is not at hand.

    An adapter's name is added to the model's own. Raises IsoglossError when there is no such model, or no name that
    results can bear.
    """
    embedded = EMBEDDED / "models" / source
    path = Path(source).expanduser()
    if source in embedded_models():
        found = ModelSource(embedded, source, None)
    elif source and path.is_dir():
        folder = path.resolve()
        found = ModelSource(_only_gguf(folder) or folder, folder.name, None)
    elif source and path.is_file() and path.suffix.lower() == GGUF:
        found = ModelSource(path.resolve(), path.stem, None)
    elif _is_path(source):
        raise IsoglossError(f"{source}: {_file_remedy(path)}")
    elif HUB_ID.fullmatch(source):
        folder = download(source, settings.revision)
        found = ModelSource(folder, source, folder.name)
    else:
        raise IsoglossError(f"{source}: no such folder; give {sources()}")
    if settings.revision is not None and found.revision is None:
        raise IsoglossError(f"{source}: is a folder, and only models of a hub have revisions", exit_status=64)
    adapter = "" if settings.adapter is None else f"+{settings.adapter.resolve().name}"
    return replace(found, name=valid_name(f"{found.name}{adapter}" if settings.name is None else settings.name))


def _only_gguf(folder: Path) -> Path | None:
    """The GGUF file that a folder is there for; None: it holds a model as transformers saves it, or none.

    Raises IsoglossError where there are several.
    """
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() == GGUF and file.is_file())
    if not files or (folder / "config.json").exists():
        return None
    if len(files) > 1:
        raise IsoglossError(f"{folder}: it holds {len(files)} GGUF files; give one: {some([f.name for f in files])}")
    return files[0]


def _is_path(source: str) -> bool:
    return bool(source) and Path(source).expanduser().exists()


def _file_remedy(path: Path) -> str:
    """Why a file is not taken, and what to give instead."""
    if found := foreign_format(path.name):
        return f"{found}; give the folder, or the hub id, of the model's safetensors version"
    return "is a file; give the folder that it is in"


def embedded_models() -> list[str]:
    """List the names of the models that come with the project, sorted."""
    folder = EMBEDDED / "models"
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def valid_name(name: str) -> str:
    """Return the name itself, if results can bear it. Raises IsoglossError."""
    if not _NAME.fullmatch(name):
        raise IsoglossError(
            f"{name!r} cannot be the name of a model in the results: only A-Z, a-z, 0-9 and . _ / + : - after a letter "
            "or digit, at most 128; give another name",
            exit_status=64,
        )
    return name


def find_tokenizer(source: str) -> Path:
    """Find the folder of a tokenizer, and download a hub's where it is not at hand. Raises IsoglossError."""
    path = Path(source).expanduser()
    if source and path.is_dir():
        return path.resolve()
    if not HUB_ID.fullmatch(source):
        raise IsoglossError(f"{source}: no such folder; give the folder or the hub id of a tokenizer")
    return download(source, None, wanted=[name for name in _WANTED if name != "*.safetensors"])


def download(repository: str, revision: str | None, *, wanted: list[str] = _WANTED) -> Path:
    """Find the hub's copy of a model on this machine, fetched where it is not there yet. Raises IsoglossError."""
    remedy = f"check the spelling, or download it (hf download {repository} --local-dir FOLDER) and give FOLDER"
    try:
        return Path(snapshot_download(repository, revision=revision, allow_patterns=wanted, ignore_patterns=_UNWANTED))
    except GatedRepoError as error:
        raise IsoglossError(
            f"{repository}: the hub asks for permission; accept its terms there and log in with: hf auth login"
        ) from error
    except (RevisionNotFoundError, RepositoryNotFoundError) as error:
        which = f"revision {revision}" if isinstance(error, RevisionNotFoundError) else "such model"
        raise IsoglossError(f"{repository}: no such folder, and the hub knows no {which}; {remedy}") from error
    except (LocalEntryNotFoundError, HFValidationError, httpx2.HTTPError, OSError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise IsoglossError(
                f"{repository}: the disk is full; free some space and run again, what is there is kept", exit_status=74
            ) from error
        raise IsoglossError(
            f"{repository}: no such folder, and the hub cannot be reached ({first_line(error)}); {remedy}"
        ) from error
