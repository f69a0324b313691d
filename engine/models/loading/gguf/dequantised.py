"""The weights of a GGUF file as plain numbers, a part at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize

from engine.models.loading.gguf.family import Change, family_of, names_of
from engine.models.loading.gguf.header import GgufHeader, StoredTensor
from engine.models.loading.unusable import UnusableModel

Floats = npt.NDArray[np.float32]
_PART = 2**18  # elements that are made plain at once: what the processor's cache holds


@dataclass(frozen=True)
class PlainTensor:
    """A tensor as it is to be written: its name and shape for transformers, and what it is made of."""

    name: str
    stored: StoredTensor
    change: Change
    heads: int  # of the rows, where they are interleaved


def refuse_unknown_formats(header: GgufHeader) -> None:
    """Raise UnusableModel for a number format that cannot be made plain; nothing of the weights is read."""
    for kind in {tensor.type for tensor in header.tensors.values()}:
        _, block_bytes = GGML_QUANT_SIZES[kind]
        try:
            dequantize(np.zeros((1, block_bytes), np.uint8), kind)
        except NotImplementedError as error:
            raise UnusableModel(
                header.file, f"its tensors are in number format {kind.name}, which is not read", "take another file"
            ) from error


def plain_values(header: GgufHeader, tensor: PlainTensor, dtype: torch.dtype) -> torch.Tensor:
    """Make a tensor's values plain, in its shape for transformers.

    Raises UnusableModel for a value that is no finite number.
    """
    content = np.memmap(header.file, mode="r", dtype=np.uint8)
    values, at = np.empty(tensor.stored.size, np.float32), 0
    for part in _parts(content, tensor):
        if not np.isfinite(part).all():
            raise UnusableModel(
                header.file,
                f"its tensor {tensor.stored.name} holds values that are no finite numbers",
                "get the file again from where the model came from",
            )
        values[at : at + part.size] = part
        at += part.size
    return torch.from_numpy(values).reshape(tensor.stored.shape).to(dtype)


def _parts(content: npt.NDArray[np.uint8], tensor: PlainTensor) -> Iterator[Floats]:
    """The values in their order, flat; those whose heads are interleaved at once, since their rows change places."""
    stored = tensor.stored
    per_block, block_bytes = GGML_QUANT_SIZES[stored.type]
    step = _PART // per_block * block_bytes
    end = stored.start + stored.n_bytes
    plain = (_floats(content[at : min(at + step, end)], stored.type) for at in range(stored.start, end, step))
    match tensor.change:
        case "none":
            yield from plain
        case "one_added":
            yield from (part - np.float32(1) for part in plain)
        case "heads_interleaved":  # pairs that are turned together: neighbours here, half a head apart there
            halves = np.concatenate(list(plain)).reshape(tensor.heads, -1, 2, stored.shape[-1])
            yield halves.swapaxes(1, 2).reshape(-1)


def _floats(blocks: npt.NDArray[np.uint8], kind: GGMLQuantizationType) -> Floats:
    """As one row: rows of their own would be made plain sixteen at a time, which takes several times as long."""
    return np.asarray(dequantize(np.ascontiguousarray(blocks).reshape(1, -1), kind), dtype=np.float32).reshape(-1)


def plain_tensors(header: GgufHeader, config: Mapping[str, Any]) -> list[PlainTensor]:
    """List a file's tensors in their order by transformers' names. Raises UnusableModel as `names_of` does."""
    family, names = family_of(header), names_of(header, config["num_hidden_layers"])
    stored = sorted((header.tensors[name] for name in names), key=lambda tensor: tensor.start)
    queries, keys = config["num_attention_heads"], config["num_key_value_heads"]
    return [
        PlainTensor(names[s.name], s, family.change(s.name), keys if ".attn_k." in s.name else queries) for s in stored
    ]
