"""The files of a CLiKA release: which are results, of which dataset, language and model, and why the others are not."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import IsoglossError
from engine.importers.intake.source_files import LeftOut, SourceProblem
from engine.languages import parse_language
from engine.printable_text import printable

_DATASET = re.compile(r"x_[a-z0-9_]{1,40}")
_CHATGPT = "chatgpt_res.jsonl"
# Never of chatgpt: with the file above, that would be the model twice.
_RESULTS = re.compile(r"(?!chatgpt_res_)([A-Za-z0-9][A-Za-z0-9._-]{0,63}?)_res_bf16_add_simple_example\.jsonl")
SOURCE_QUESTIONS = "source questions"
_REASONS = (  # why a file is not imported, by its name; the first that fits
    (re.compile(r"generate_input\.jsonl|.*_model_input\.jsonl"), "prompts without answers"),
    (re.compile(r".*_(geo|name)_data(_generate)?\.jsonl|(test|validation|val\.\w+)\.jsonl"), SOURCE_QUESTIONS),
    (re.compile(r".*_res.*\.jsonl"), "another variant of a model's answers"),
    (re.compile(r".*\.(py|sh|ipynb)"), "scripts"),
    (re.compile(r".*\.jsonl?"), "unknown JSON files"),
)


@dataclass(frozen=True)
class ResultFile:
    """One file of answers: a model's, to a dataset in a language (a BCP 47 tag)."""

    path: Path
    place: str  # the path as it is shown, relative to the release
    dataset: str
    language: str
    model: str


@dataclass(frozen=True)
class Release:
    """What a release holds: its result files, sorted by dataset, language and model, and all else."""

    folder: Path
    results: tuple[ResultFile, ...]
    left_out: tuple[LeftOut, ...]
    failures: tuple[SourceProblem, ...]
    beside: tuple[str, ...]  # what stands beside the dataset folders and is not read


def find_release(folder: Path, *, tag_of: Callable[[str], str] = parse_language) -> Release:
    """The release in a folder, or one level down; `tag_of` reads the languages' folders.

    Raises IsoglossError when there is none, or more than one.
    """
    root = _root(folder)
    datasets = _dataset_folders(root)
    entries = [entry for dataset in datasets for entry in _entries(dataset, root, tag_of)]
    results = [entry for entry in entries if isinstance(entry, ResultFile)]
    failures = [entry for entry in entries if isinstance(entry, SourceProblem)]
    if not results and not failures:
        raise _nothing_in(folder)
    beside = (path for path in sorted(root.iterdir()) if path not in datasets and path.name != ".git")
    return Release(
        folder=root,
        results=tuple(sorted(results, key=lambda file: (file.dataset, file.language, file.model))),
        left_out=tuple(entry for entry in entries if isinstance(entry, LeftOut)),
        failures=tuple(failures),
        beside=tuple(_shown(path, root) + "/" * path.is_dir() for path in beside),
    )


def _root(folder: Path) -> Path:
    try:
        candidates = [folder, *(path for path in sorted(folder.iterdir()) if path.is_dir())]
    except OSError as error:
        raise IsoglossError(f"{printable(str(folder))} cannot be read: {error.strerror}") from error
    if _dataset_folders(folder):
        return folder
    inner = [path for path in candidates[1:] if _dataset_folders(path)]
    if len(inner) > 1:
        names = ", ".join(printable(path.name) for path in inner)
        raise IsoglossError(f"{printable(str(folder))} holds several releases ({names}): give one of them")
    if not inner:
        raise _nothing_in(folder)
    return inner[0]


def _nothing_in(folder: Path) -> IsoglossError:
    return IsoglossError(
        f"{printable(str(folder))} holds no CLiKA results: expected folders such as x_geo/en with {_CHATGPT} "
        "or MODEL_res_bf16_add_simple_example.jsonl, there or one level down"
    )


def _dataset_folders(folder: Path) -> list[Path]:
    try:
        return [path for path in sorted(folder.iterdir()) if _DATASET.fullmatch(path.name) and path.is_dir()]
    except PermissionError:  # somebody else's folder beside the release
        return []


def _entries(dataset: Path, root: Path, tag_of: Callable[[str], str]) -> Iterator[ResultFile | LeftOut | SourceProblem]:
    """Every file of a dataset's folder, as what it is; results stand in DATASET/LANGUAGE/ only."""
    unreadable: list[OSError] = []
    by_language: dict[str, list[list[ResultFile]]] = defaultdict(list)
    for name, folders, names in os.walk(dataset, onerror=unreadable.append):
        folders.sort()
        folder = Path(name)
        files = [folder / name for name in sorted(names)]
        models = {file: _model(file) for file in files} if folder.parent == dataset else {}
        yield from (LeftOut(file, _shown(file, root), _reason(file)) for file in files if not models.get(file))
        found = [(file, model) for file, model in models.items() if model]
        if not found:
            continue
        try:
            language = tag_of(folder.name)
        except IsoglossError as error:
            yield SourceProblem(_shown(folder, root), None, str(error), len(found))
            continue
        by_language[language].append(
            [ResultFile(file, _shown(file, root), dataset.name, language, model) for file, model in found]
        )
    for language, same in by_language.items():
        if len(same) == 1:
            yield from same[0]
            continue
        places = " and ".join(_shown(files[0].path.parent, root) for files in same)
        yield SourceProblem(places, None, f"are both {language}: keep one of them", sum(map(len, same)))
    for closed in unreadable:
        yield SourceProblem(_shown(Path(closed.filename), root), None, f"cannot be read: {closed.strerror}")


def _model(file: Path) -> str | None:
    """The model whose results a file holds, by its name; None: not a file of results."""
    if not file.is_file():
        return None
    match = _RESULTS.fullmatch(file.name)
    return "chatgpt" if file.name == _CHATGPT else match[1] if match else None


def _reason(file: Path) -> str:
    if not file.is_file():
        return "not plain files"
    if _model(file):
        return "results outside a language's folder"
    return next((reason for pattern, reason in _REASONS if pattern.fullmatch(file.name)), "not results by their name")


def _shown(path: Path, root: Path) -> str:
    return printable(path.relative_to(root).as_posix())
