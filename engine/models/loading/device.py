"""Where a model computes, and in which number format."""

import os
from dataclasses import dataclass

import torch

from engine.errors import IsoglossError

# What a GPU keeps free for the first batches.
_ROOM = 0.9


@dataclass(frozen=True)
class Placement:
    """The device and the number format; a model that one GPU cannot hold is spread over what there is."""

    device: torch.device
    dtype: torch.dtype
    spread: bool

    @property
    def device_map(self) -> str | dict[str, torch.device] | None:
        """Say it in transformers' terms; None: in the machine's memory."""
        return "auto" if self.spread else None if self.device.type == "cpu" else {"": self.device}


def place(parameters: int, *, device: str, dtype: str, quantized_bytes: int | None = None) -> Placement:
    """Choose where a model of so many parameters goes; its files' size counts where it is quantized.

    `dtype` is one of NumberFormat. "auto" takes a GPU where there is one, and there bfloat16 if it has it; float32
    everywhere else. Raises IsoglossError for a device that is not there, and a model larger than the memory.
    """
    chosen = _device(device)
    kind = _dtype(dtype, chosen)
    needed = parameters * kind.itemsize if quantized_bytes is None else quantized_bytes
    if chosen.type == "cuda":
        free, _ = torch.cuda.mem_get_info(chosen)
        return Placement(chosen, kind, spread=device in ("auto", "cuda") and needed > _ROOM * free)
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else None
    if total is not None and needed > total:
        raise out_of_memory(f"the model needs {_gib(needed)} as {_name(kind)} and the machine has {_gib(total)}")
    return Placement(chosen, kind, spread=False)


def out_of_memory(what: str) -> IsoglossError:
    """Say that a model does not fit: what happened, and what may help."""
    return IsoglossError(
        f"out of memory: {what}; use a smaller or a quantized model, --dtype bfloat16, a device with more memory, "
        "or end what else is running on it"
    )


def name_of(placed: torch.nn.Module) -> str:
    """Tell where the parameters of a loaded model are, e.g. "cpu" or "cuda (NVIDIA H200)"; several are joined by +."""
    return " + ".join(sorted({_device_name(parameter.device) for parameter in placed.parameters()}))


def _device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return f"cuda ({torch.cuda.get_device_name(device)})"
    return "cpu" if device.type == "meta" else device.type  # meta: waits in the machine's memory for its turn


def _device(device: str) -> torch.device:
    there = ["cpu"]
    if torch.backends.mps.is_available():
        there.insert(0, "mps")
    if torch.cuda.is_available():
        there = ["cuda", *(f"cuda:{number}" for number in range(torch.cuda.device_count())), *there]
    if device == "auto":
        return torch.device(there[0])
    if device not in there:
        raise IsoglossError(f"no device {device!r} here; devices: auto, {', '.join(there)}", exit_status=64)
    return torch.device(device)


def _dtype(dtype: str, device: torch.device) -> torch.dtype:
    if dtype == "auto":
        has_bfloat16 = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
        return torch.bfloat16 if has_bfloat16 else torch.float32
    chosen = getattr(torch, dtype)
    assert isinstance(chosen, torch.dtype)
    return chosen


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _gib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"
