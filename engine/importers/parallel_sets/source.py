"""Where the rows of a parallel set come from: the Hugging Face hub, or files of the same layout in a folder."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import datasets  # type: ignore[import-untyped]
from datasets.exceptions import DatasetsError  # type: ignore[import-untyped]
from httpx2 import HTTPError  # what the hub's client raises where it is no OSError
from huggingface_hub import HfApi, RepoFolder

from engine.errors import IsoglossError
from engine.importers.intake.language_map import LanguageMap
from engine.importers.parallel_sets.definitions import ParallelSet, Values
from engine.printable_text import printable

# The hub's own copy of every public set in Parquet, <configuration>/<split>/*.parquet: without loading scripts, which
# the library no longer runs.
_PARQUET = "refs/convert/parquet"
_BATCH_ROWS = 1_000
# What reads a file, by its extension. Text such as NA stays text.
_BUILDERS: Mapping[str, tuple[str, dict[str, object]]] = {
    ".parquet": ("parquet", {}),
    ".jsonl": ("json", {}),
    ".json": ("json", {}),
    ".csv": ("csv", {"keep_default_na": False}),
    ".tsv": ("csv", {"keep_default_na": False, "sep": "\t"}),
}
_ERRORS = (OSError, DatasetsError, HTTPError, ValueError)  # everything that reading and downloading raise


@dataclass(frozen=True)
class SetSource:
    """The languages that are there, by tag, and how to get at the rows of one."""

    shown: str  # for people
    configs: Mapping[str, str]  # language -> configuration
    not_read: tuple[str, ...]  # what else is there
    files: Mapping[str, tuple[Path, ...]]  # by configuration; empty: on the hub
    hub: str
    split: str
    revision: str | None

    def rows(self, language: str) -> Iterator[Values]:
        """The rows in a language. Raises IsoglossError when they cannot be read."""
        config = self.configs[language]
        with tempfile.TemporaryDirectory(prefix="isogloss-datasets-") as cache, _explained(f"{self.shown}, {config}"):
            if paths := self.files.get(config):
                builder, options = _BUILDERS[paths[0].suffix.lower()]
                files = {self.split: [str(path) for path in paths]}
                loaded = datasets.load_dataset(builder, data_files=files, split=self.split, cache_dir=cache, **options)
            else:
                files = {self.split: [f"{config}/{self.split}/*.parquet"]}
                loaded = datasets.load_dataset(self.hub, data_files=files, split=self.split, revision=self.revision)
            for batch in loaded.with_format("arrow").iter(_BATCH_ROWS):  # half the time that single rows take
                yield from batch.to_pylist()


def hub_source(known: ParallelSet, tags: LanguageMap) -> SetSource:
    """The set as it is on the hub now. Raises IsoglossError when it cannot be reached."""
    if not sys.stderr.isatty():
        datasets.disable_progress_bars()
    with _explained(f"{known.hub} on the Hugging Face hub"):
        hub = HfApi()
        revision = hub.dataset_info(known.hub, revision=_PARQUET).sha
        entries = hub.list_repo_tree(known.hub, repo_type="dataset", revision=revision)
        names = sorted(entry.path for entry in entries if isinstance(entry, RepoFolder))
    configs, others = _languages(known, names, tags)
    return SetSource(f"{known.hub} at {revision}", configs, tuple(others), {}, known.hub, known.split, revision)


def folder_source(known: ParallelSet, folder: Path, tags: LanguageMap) -> SetSource:
    """Files in a folder: <configuration>/<split>*, or <configuration>.<extension>, there or in `data`.

    Raises IsoglossError when there are none.
    """
    datasets.disable_progress_bars()
    shown = printable(str(folder))
    if not folder.is_dir():
        raise IsoglossError(f"{shown} is no folder: give one with files of {known.hub}")
    try:
        files, not_read = _files(known, folder)
    except OSError as error:
        raise IsoglossError(f"{shown} cannot be read: {error.strerror}") from error
    configs, others = _languages(known, list(files), tags)
    if not configs:
        raise IsoglossError(
            f"{shown} holds no file of {known.name}: expected <language>/{known.split}*.parquet, as in {known.hub}, or "
            f"<language>.jsonl; extensions: {', '.join(_BUILDERS)}"
        )
    return SetSource(shown, configs, tuple(not_read + others), files, known.hub, known.split, None)


def _files(known: ParallelSet, folder: Path) -> tuple[dict[str, tuple[Path, ...]], list[str]]:
    """The files of each configuration, and what else lies there."""
    data = folder / "data"
    entries = [path for place in (folder, data) if place.is_dir() for path in sorted(place.iterdir()) if path != data]
    files: dict[str, tuple[Path, ...]] = {}
    not_read = []
    for entry in entries:
        config = entry.name if entry.is_dir() else entry.stem
        found = _split_files(entry, known.split) if entry.is_dir() else [entry] if _readable(entry) else []
        if found and known.language_in(config) is not None and config not in files:
            files[config] = tuple(found)
        else:
            not_read.append(entry.name)
    return files, not_read


def _split_files(folder: Path, split: str) -> list[Path]:
    """The files of a split: those in the folder of that name, or those whose names begin with it; of one kind."""
    here = sorted(path for path in folder.iterdir() if path.name.startswith(split))
    found = [inner for path in here for inner in (sorted(path.iterdir()) if path.is_dir() else [path])]
    readable = [path for path in found if _readable(path)]
    return [path for path in readable if path.suffix == readable[0].suffix]


def _readable(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in _BUILDERS


def _languages(known: ParallelSet, names: list[str], tags: LanguageMap) -> tuple[dict[str, str], list[str]]:
    """Which configuration has which language, and the names that are none."""
    configs: dict[str, str] = {}
    others = []
    for name in names:
        spelt = known.language_in(name)
        try:
            tag = tags(spelt) if spelt else None
        except IsoglossError:
            tag = None
        if tag is None:
            others.append(name)
        elif tag in configs:
            raise IsoglossError(f"{known.name}: {configs[tag]} and {name} are both {tag}: take one of them away")
        else:
            configs[tag] = name
    return configs, others


@contextmanager
def _explained(what: str) -> Iterator[None]:
    try:
        yield
    except IsoglossError:
        raise
    except _ERRORS as error:
        said = printable(" ".join(str(error).split()))
        raise IsoglossError(
            f"{what} cannot be read ({said:.300}); without a network give a folder with the files: --from FOLDER"
        ) from error
