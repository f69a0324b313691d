"""A model's folder, read and checked before any of it is loaded."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.models.loading.architecture import has_own_code, refuse_unknown_quantization, refuse_unless_causal
from engine.models.loading.unusable import UnusableModel, some
from engine.models.loading.weights import Tensor, read_header, weight_files

CONFIG = "config.json"
ADAPTER_CONFIG = "adapter_config.json"
# The files, beside the weights, that decide what a model answers: its settings, its tokenizer, its chat format.
_SETTINGS = (".json", ".txt", ".model", ".jinja", ".tiktoken")
_TOKENIZERS = (
    "tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt", "spiece.model", "sentencepiece.bpe.model",
    "tekken.json", "qwen.tiktoken", "tiktoken.model",
)  # fmt: skip
_AGAIN = "get the file again from where the model came from"


@dataclass(frozen=True)
class ModelFolder:
    """What a folder holds: its config, its weight files, the other files that matter, and the tensors by name."""

    path: Path
    config: Mapping[str, Any]
    weights: tuple[Path, ...]
    settings: tuple[Path, ...]
    tensors: Mapping[str, Tensor]


def read_folder(path: Path) -> ModelFolder:
    """Read and check a model's folder. Raises UnusableModel for what is missing, broken, unsafe or of another kind."""
    settings = settings_files(path)
    parsed = {file.name: read_json(file) for file in settings if file.suffix == ".json"}
    if CONFIG not in parsed:
        if ADAPTER_CONFIG in parsed:
            raise UnusableModel(
                path, "it holds an adapter, not a model", "give its base model, and this as the adapter"
            )
        raise UnusableModel(path, f"it has no {CONFIG}", "give the folder of a model made for transformers")
    if ADAPTER_CONFIG in parsed:
        raise UnusableModel(
            path, f"{ADAPTER_CONFIG} stands beside the model", "move the adapter to a folder of its own, and give both"
        )
    config = parsed[CONFIG]
    if not isinstance(config, dict):
        raise UnusableModel(path, f"{CONFIG} is not a JSON object", _AGAIN)
    refuse_remote_code(path, parsed, config.get("model_type"))
    refuse_unless_causal(path, config)
    refuse_unknown_quantization(path, config)
    if "transformers_weights" in config:
        raise UnusableModel(path, f"{CONFIG} names other weights (transformers_weights)", "take that line out")
    if not any((path / name).is_file() for name in _TOKENIZERS):
        raise UnusableModel(
            path, f"it has no tokenizer (e.g. {_TOKENIZERS[0]})", "put the tokenizer's files of this model beside it"
        )
    weights = weight_files(path)
    tensors = {name: tensor for file in weights for name, tensor in read_header(file).items()}
    whole = [name for name, tensor in tensors.items() if _holds_whole_numbers(name, tensor)]
    if whole and not config.get("quantization_config"):
        raise UnusableModel(
            path, f"weights are whole numbers ({some(whole)}) but {CONFIG} names no quantization", "correct the config"
        )
    return ModelFolder(path, config, weights, settings, tensors)


def settings_files(path: Path) -> tuple[Path, ...]:
    """List the files, beside the weights, that matter to what a model answers; by name. Raises UnusableModel."""
    try:
        return tuple(sorted(file for file in path.iterdir() if file.suffix in _SETTINGS and file.is_file()))
    except OSError as error:
        raise UnusableModel(path, f"cannot be read: {error.strerror}", "give yourself the right to read it") from error


def read_json(file: Path) -> Any:
    """Read a JSON file as transformers would read it. Raises UnusableModel."""
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:  # no JSON, or no UTF-8
        raise UnusableModel(file.parent, f"{file.name} is broken: {error}", _AGAIN) from error
    except OSError as error:
        raise UnusableModel(file.parent, f"{file.name} cannot be read: {error.strerror}", _AGAIN) from error


def refuse_remote_code(path: Path, parsed: Mapping[str, Any], kind: object = None) -> None:
    """Raise UnusableModel when any of the settings, however deep, asks for code that is not part of transformers."""
    for name, content in parsed.items():
        place = _remote_code(content) if "config" in name else None
        if place is not None:
            own = has_own_code(kind)
            raise UnusableModel(
                path,
                f"{name} asks to run code that comes with the model ({place}), which is never done",
                f'take {place} out of it: transformers has its own code for "{kind}"' if own else "take another model",
            )


def _remote_code(value: object, place: str = "") -> str | None:
    """Where settings name code: an auto_map, or an attention kernel from a hub."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        here = f"{place}.{key}" if place else str(key)
        if key == "auto_map" and inner:
            return here
        if (
            isinstance(key, str)
            and key.endswith(("attn_implementation", "experts_implementation"))
            and "/" in str(inner)
        ):
            return here
        if (found := _remote_code(inner, here)) is not None:
            return found
    return None


def _holds_whole_numbers(name: str, tensor: Tensor) -> bool:
    return name.endswith(".weight") and tensor.dtype[0] in "IU" and len(tensor.shape) > 1
