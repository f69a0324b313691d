"""The weight files of a folder: safetensors only, all there, and whole as far as their headers tell."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open

from engine.models.loading.unusable import UnusableModel, some

WEIGHTS = "model.safetensors"
GGUF = ".gguf"
INDEX = "model.safetensors.index.json"

_AGAIN = "get the file again from where the model came from"
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".npy", ".npz", ".joblib", ".dill")
_FOREIGN = (".h5", ".msgpack", ".onnx", ".tflite")
# A folder with such a file is read as another kind of checkpoint, past the files that were checked.
_DISTRIBUTED = "shard-*-model-*-of-*.safetensors"


@dataclass(frozen=True)
class Tensor:
    """A tensor as the header of its file describes it."""

    dtype: str  # as safetensors writes it: F32, BF16, I64, …
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """Count its elements."""
        size = 1
        for length in self.shape:
            size *= length
        return size


def weight_files(folder: Path) -> tuple[Path, ...]:
    """List the safetensors files that make up the model, in the order of their names. Raises UnusableModel."""
    if any(folder.glob(_DISTRIBUTED)):
        raise UnusableModel(
            folder, f"it holds a distributed checkpoint ({_DISTRIBUTED})", f"save the model as {WEIGHTS}, and give that"
        )
    if (folder / WEIGHTS).is_file():
        return (folder / WEIGHTS,)
    if (folder / INDEX).is_file():
        return _shards(folder)
    files = sorted(file.name for file in folder.iterdir() if file.is_file())
    if other := [name for name in files if name.lower().endswith(".safetensors")]:
        raise UnusableModel(
            folder,
            f"its weights have other names than {WEIGHTS} and {INDEX}: {some(other)}",
            f"if one file is the whole model, call it {WEIGHTS}; else get {INDEX} as well",
        )
    if pickled := [name for name in files if name.lower().endswith(_PICKLED)]:
        raise UnusableModel(
            folder,
            f"its weights are pickled only ({some(pickled)}), and a pickle can run any code when it is opened",
            "take a version of the model in safetensors, or convert it where you trust it: "
            "save_pretrained writes safetensors",
        )
    if quantised := [name for name in files if name.lower().endswith(GGUF)]:
        raise UnusableModel(folder, "its weights are GGUF files", f"give one of them: {some(quantised)}")
    if foreign := [name for name in files if foreign_format(name)]:
        raise UnusableModel(folder, f"{foreign_format(foreign[0])} ({some(foreign)})", "take its safetensors version")
    raise UnusableModel(folder, f"it has no weights: no {WEIGHTS} and no {INDEX}", "give the folder of a whole model")


def foreign_format(name: str) -> str | None:
    """Say that the format of a file of weights is not read, by the file's name; None: it may be."""
    suffix = Path(name).suffix.lower()
    return f"{suffix.removeprefix('.').upper()} is not read yet" if suffix in _FOREIGN else None


def read_header(file: Path) -> Mapping[str, Tensor]:
    """Read what a safetensors file says it holds; the file must be as long as that. Raises UnusableModel."""
    if not file.is_file():
        raise UnusableModel(file.parent, f"{file.name} is missing", _AGAIN)
    try:
        with safe_open(file, framework="pt") as opened:
            slices = {name: opened.get_slice(name) for name in opened.keys()}  # noqa: SIM118 - no mapping
            tensors = {name: Tensor(part.get_dtype(), tuple(part.get_shape())) for name, part in slices.items()}
    except (SafetensorError, OSError, ValueError) as error:
        size = file.stat().st_size
        raise UnusableModel(
            file.parent, f"{file.name} ({size:,} bytes) is damaged or cut off: {error}", _AGAIN
        ) from error
    if not tensors:
        raise UnusableModel(file.parent, f"{file.name} holds no tensor", _AGAIN)
    return tensors


def _shards(folder: Path) -> tuple[Path, ...]:
    """The files that the index names, after seeing that each tensor is where the index says."""
    index = json.loads((folder / INDEX).read_bytes())  # the folder's JSON files have been parsed before
    places = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(places, dict) or not places or not all(isinstance(name, str) for name in places.values()):
        raise UnusableModel(folder, f"{INDEX} says of no tensor in which file it is", _AGAIN)
    names = sorted(set(places.values()))
    outside = [name for name in names if Path(name).name != name or not name.endswith(".safetensors")]
    if outside:
        raise UnusableModel(
            folder, f"{INDEX} names what is no safetensors file of this folder: {some(outside)}", _AGAIN
        )
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise UnusableModel(folder, f"{len(missing)} of {len(names)} weight files are missing: {some(missing)}", _AGAIN)
    headers = {name: read_header(folder / name) for name in names}
    lost = [f"{tensor} in {place}" for tensor, place in sorted(places.items()) if tensor not in headers[place]]
    if lost:
        raise UnusableModel(folder, f"tensors that {INDEX} names are missing: {some(lost)}", _AGAIN)
    return tuple(folder / name for name in names)
