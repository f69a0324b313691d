"""How positions are turned: transformers' settings of it, from what a GGUF file says and keeps."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from gguf.constants import GGMLQuantizationType

from engine.models.loading.gguf.header import GgufHeader
from engine.models.loading.gguf.settings import ArchitectureSettings
from engine.models.loading.unusable import UnusableModel

FACTORS = "rope_freqs.weight"  # by which each pair turns more slowly: Llama 3.1 and later keep them as a tensor
_USUAL = 10_000.0  # llama.cpp's, where a file says nothing
# Llama 3.1 and 3.2: factor 8 or 32; the other numbers are the same (their config.json).
_LLAMA3 = {"low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}


def rotation_of(settings: ArchitectureSettings, header: GgufHeader, per_head: int) -> dict[str, Any]:
    """Read the base and the scaling of the rotation. Raises UnusableModel for a scaling that is not known."""
    base = settings.real("rope.freq_base", _USUAL)
    kind = settings.known("rope.scaling.type", "linear", "none")  # llama.cpp's, where a file says nothing
    factor = settings.real("rope.scaling.factor", 1.0)
    settings.known("rope.scaling.finetuned", False, True)  # only told
    if kind == "none":
        settings.known("rope.scaling.factor", 1.0)
    if FACTORS in header.tensors:
        return _llama3(header, base, per_head)
    if factor != 1.0:
        return {"rope_type": "linear", "rope_theta": base, "factor": factor}
    return {"rope_type": "default", "rope_theta": base}


def _llama3(header: GgufHeader, base: float, per_head: int) -> dict[str, Any]:
    """The settings that give the factors which the file keeps."""
    tensor = header.tensors[FACTORS]
    if tensor.type != GGMLQuantizationType.F32 or tensor.shape != (per_head // 2,):
        raise UnusableModel(header.file, f"its tensor {FACTORS} has an impossible shape or format", "get it again")
    kept = np.fromfile(header.file, dtype="<f4", count=per_head // 2, offset=tensor.start)
    for factor in (8.0, 32.0):
        if np.allclose(kept, llama3_factors(base, per_head, factor), rtol=1e-4, atol=0):
            return {"rope_type": "llama3", "rope_theta": base, "factor": factor, **_LLAMA3}
    raise UnusableModel(
        header.file,
        f"its {FACTORS} turn positions otherwise than Llama 3.1 and 3.2 do",
        "take the model's safetensors version",
    )


def llama3_factors(base: float, per_head: int, factor: float) -> npt.NDArray[np.float64]:
    """Compute by how much Llama 3.1 slows each pair down, 1 to `factor`, shape (per_head / 2,)."""
    low, high = _LLAMA3["low_freq_factor"], _LLAMA3["high_freq_factor"]
    wavelengths = 2 * math.pi * base ** (np.arange(0, per_head, 2) / per_head)  # positions
    turns = _LLAMA3["original_max_position_embeddings"] / wavelengths
    smooth = np.clip((turns - low) / (high - low), 0.0, 1.0)
    return np.asarray(1 / ((1 - smooth) / factor + smooth))
