"""The models that may be asked by name: the project's own, those got, and those that a file names. No torch."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeGuard

from engine.errors import IsoglossError
from engine.locations import EMBEDDED
from engine.model_catalogue.catalogue import catalogue
from engine.model_catalogue.place import MODELS, got_models
from engine.store.atomic import BadFile, read_regular

ALLOWED = "models.toml"  # in the user's store
EMBEDDED_MODELS = EMBEDDED / "models"
EXAMPLE = """[models]
"my-llama" = "/models/my-llama"     # a folder, also one beside this file
"qwen3-0.6b" = "Qwen/Qwen3-0.6B"    # a hub id
"my-gguf" = "/models/my.Q8_0.gguf"  # a GGUF file
"""
HUB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_LIMIT = 1024**2  # bytes
_LONGEST = 250  # characters of a name or a folder
_CONFIG = "config.json"

ModelOrigin = Literal["embedded", "folder", "hub", "other"]


@dataclass(frozen=True)
class AskedModel:
    """A model as it is opened, and what results call it."""

    source: str  # a folder, a file, an embedded model's name, a hub id, or what another kind of models takes
    name: str | None  # None: the model's own


def allowed_models(file: Path, *, embedded: Path = EMBEDDED_MODELS) -> Mapping[str, str]:
    """Find the source of each model by its name, in the order of the names. Raises IsoglossError for a bad file.

    A name of the file's own stands for its model even where a folder is called so, or a model of the project, or one
    that was got (engine/model_catalogue).
    """
    stated = _stated(file)
    named = {name: _source(file, name, entry) for name, entry in _table(file, stated, "models").items()}
    got = got_models(file.parent / MODELS)
    return dict(sorted((_in_folder(embedded) | dict(got) | dict(_in_folders(file, stated)) | named).items()))


def own_tokenizers(file: Path) -> Mapping[str, str]:
    """Find the tokenizer of each model that has one beside it, by the model's name: a folder or hub id.

    Raises IsoglossError for a bad file.
    """
    entries = _table(file, _stated(file), "models").items()
    return {name: _in_full(file, entry["tokenizer"]) for name, entry in entries if _is_pair(entry)}


def asked_model(model: str, store: Path, *, name: str | None = None, has_adapter: bool = False) -> AskedModel:
    """Find what the command line means by a model: a name that was got is its file; all else is a source itself.

    Raises IsoglossError for a model of the catalogue that is not here yet.
    """
    if (EMBEDDED_MODELS / model).is_dir() or Path(model).expanduser().exists():
        return AskedModel(model, name)
    source = got_models(store / MODELS).get(model)
    if source is not None:
        # With an adapter it is another model, which is called by its file and its adapter.
        return AskedModel(source, name if name is not None or has_adapter else model)
    if model in catalogue():
        raise IsoglossError(f"{model} is not here yet; to get it: python -m engine models get {model}", exit_status=64)
    return AskedModel(model, name)


def origin_of(source: str, *, embedded: Path = EMBEDDED_MODELS) -> ModelOrigin:
    """Tell where a model comes from; "other" is what only a kind of models knows (engine/models/registry.py)."""
    folder = Path(source)
    if not folder.is_dir():
        return "hub" if HUB_ID.fullmatch(source) else "other"
    return "embedded" if folder.parent == embedded.resolve() else "folder"


def translation_model(file: Path) -> Path | None:
    """Find the folder of the model that translates; None: there is none. Raises IsoglossError for a bad file."""
    table = _table(file, _stated(file), "translation", keys=("model",))
    if "model" not in table:
        return None
    folder = file.parent / _text(file, "translation", table["model"])
    if not folder.is_dir():
        raise IsoglossError(f'{file}: "model" below [translation] must be the folder of a model; there is no {folder}')
    return folder.resolve()


def _in_folders(file: Path, stated: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    folders = _table(file, stated, "folders", keys=("models",)).get("models", [])
    if not isinstance(folders, list):
        raise IsoglossError(f'{file}: "models" below [folders] must be a list of folders: models = ["FOLDER"]')
    for folder in folders:
        path = file.parent / _text(file, "folders", folder)
        if not path.is_dir():
            raise IsoglossError(f'{file}: "models" below [folders] names {path}, and there is no such folder')
        yield from ((_text(file, "folders", name), source) for name, source in _in_folder(path).items())


def _in_folder(folder: Path) -> dict[str, str]:
    saved = {path.parent.name: str(path.parent.resolve()) for path in folder.glob(f"*/{_CONFIG}")}
    return dict(got_models(folder)) | saved


def _stated(file: Path) -> Mapping[str, Any]:
    try:
        stated = tomllib.loads(read_regular(file, limit=_LIMIT).decode("utf-8"))
    except FileNotFoundError:
        return {}
    except BadFile as error:
        raise IsoglossError(f"{file} {error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise IsoglossError(f"{file} is not TOML: {error}") from error
    if unknown := sorted(set(stated) - {"models", "folders", "translation"}):
        raise IsoglossError(f"{file} has the unknown key {unknown[0]!r}; models stand below [models]")
    return stated


def _table(file: Path, stated: Mapping[str, Any], name: str, *, keys: tuple[str, ...] = ()) -> Mapping[str, Any]:
    table = stated.get(name, {})
    if name == "models" and not isinstance(table, dict):
        raise IsoglossError(f'{file}: "models" must be a table: [models], then a line "NAME" = "FOLDER OR HUB ID" each')
    if not isinstance(table, dict):
        raise IsoglossError(f"{file}: {name!r} must be a table: [{name}], then a line {keys[0]} = … below it")
    if keys and (unknown := sorted(set(table) - set(keys))):
        raise IsoglossError(f"{file}: [{name}] has the unknown key {unknown[0]!r}; it has {', '.join(keys)}")
    return table


def _source(file: Path, name: str, entry: object) -> str:
    """What a name stands for. Nothing that is said of it may look like an option of the command line."""
    source = entry["model"] if _is_pair(entry) else entry
    if not (_is_fit(name) and _is_fit(source)):
        raise IsoglossError(
            f'{file}: the model {name!r} must read "NAME" = "FOLDER, GGUF FILE OR HUB ID", or '
            f'"NAME" = {{ model = "FILE.gguf", tokenizer = "FOLDER OR HUB ID" }}, each with 1 to {_LONGEST} '
            "characters and not beginning with -"
        )
    return _in_full(file, str(source))


def _is_pair(entry: object) -> TypeGuard[Mapping[str, str]]:
    """Whether an entry names a model and its own tokenizer."""
    return isinstance(entry, dict) and entry.keys() == {"model", "tokenizer"} and all(map(_is_fit, entry.values()))


def _in_full(file: Path, source: str) -> str:
    """A folder or file that is beside the list, in full; a hub id as it is."""
    path = file.parent / source
    return str(path.resolve()) if path.exists() else source


def _text(file: Path, table: str, text: object) -> str:
    if not _is_fit(text):
        raise IsoglossError(
            f"{file}: {text!r} of [{table}] must be a folder with 1 to {_LONGEST} characters, not beginning with -"
        )
    return str(text)


def _is_fit(text: object) -> bool:
    return (
        isinstance(text, str) and 0 < len(text.strip()) <= _LONGEST and text.isprintable() and not text.startswith("-")
    )
