"""A folder as transformers saves models, read exactly: config, tokenizer, weights in safetensors."""

from pathlib import Path
from typing import Any

from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from engine.models.loading.checkpoint import Checkpoint
from engine.models.loading.checksums import verify
from engine.models.loading.device import Placement, out_of_memory, place
from engine.models.loading.exact import refuse_unless_exact
from engine.models.loading.folder import CONFIG, ModelFolder, read_folder
from engine.models.loading.quiet import quiet
from engine.models.loading.reading import reading
from engine.models.loading.source import ModelSource
from engine.models.settings import OpenSettings


def read_pretrained(source: ModelSource, settings: OpenSettings) -> Checkpoint:
    """Read a model's folder. Everything is checked before the weights are read, and the weights after.

    Raises IsoglossError that names the folder, the file and the remedy.
    """
    folder = read_folder(source.path)
    sums = verify(folder.path, (*folder.weights, *folder.settings))
    placement = _place(folder, settings)
    with quiet():
        with reading(folder.path, f"{CONFIG} cannot be used"):
            AutoConfig.from_pretrained(folder.path, local_files_only=True, trust_remote_code=False)
        tokenizer = read_tokenizer(folder.path)
        model = _model(folder, placement)
    return Checkpoint(
        files=folder,
        model=model,
        tokenizer=tokenizer,
        weights_sha256=sums.over(folder.weights),
        settings_hash=f"sha256:{sums.over(folder.settings)[:16]}",
        verified=sums.verified,
    )


def _place(folder: ModelFolder, settings: OpenSettings) -> Placement:
    quantized = bool(folder.config.get("quantization_config"))
    return place(
        sum(tensor.size for tensor in folder.tensors.values()),
        device=settings.device,
        dtype=settings.dtype,
        quantized_bytes=sum(file.stat().st_size for file in folder.weights) if quantized else None,
    )


def read_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """Read the tokenizer of a folder that was checked. Raises UnusableModel."""
    with reading(folder, "its tokenizer cannot be loaded"):
        tokenizer = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False, split_special_tokens=True
        )
    assert isinstance(tokenizer, PreTrainedTokenizerBase)
    return tokenizer


def _model(folder: ModelFolder, placement: Placement) -> PreTrainedModel:
    with reading(folder.path, "the model cannot be loaded"):
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            folder.path,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=placement.dtype,
            device_map=placement.device_map,
            output_loading_info=True,
            ignore_mismatched_sizes=True,  # so that they are reported by name; they are refused below
        )
    return finished(folder, *loaded)


def finished(folder: ModelFolder, model: Any, info: Any) -> PreTrainedModel:
    """Put a model that was loaded exactly into evaluation mode. Raises IsoglossError where it was not."""
    assert isinstance(model, PreTrainedModel)
    if "disk" in getattr(model, "hf_device_map", {}).values():
        raise out_of_memory(f"{folder.path} is larger than the memory of the GPUs and the machine")
    refuse_unless_exact(folder, model, info)
    model.requires_grad_(False).train(False)
    return model
