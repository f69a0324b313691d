"""Loading a model exactly: what scores is what the files say, or nothing scores."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from engine.models.interface import Identity
from engine.models.loading.adapter import ADAPTER_WEIGHTS, apply_adapter, check_adapter
from engine.models.loading.checksums import Checksums, verify
from engine.models.loading.device import Placement, name_of, out_of_memory, place
from engine.models.loading.exact import (
    refuse_unless_causal_and_finite,
    refuse_unless_exact,
    refuse_unless_tokenizer_fits,
)
from engine.models.loading.folder import ADAPTER_CONFIG, CONFIG, ModelFolder, read_folder
from engine.models.loading.quiet import quiet
from engine.models.loading.reading import reading
from engine.models.loading.source import find_model
from engine.models.settings import USUAL, OpenSettings

_CONTEXT_LENGTHS = ("max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "n_ctx", "context_length")


@dataclass(frozen=True)
class Loaded:
    """A causal language model in evaluation mode, its tokenizer, and what exactly was loaded."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase  # special tokens in a text are plain characters unless asked otherwise
    identity: Identity
    context_length: int | None  # in tokens; None: the model names no limit


def load(source: str, settings: OpenSettings = USUAL) -> Loaded:
    """Load the model that `source` means: a folder, an embedded model's name, or a hub id.

    Everything is checked before the weights are read, and the weights after. Raises IsoglossError that names the
    folder, the file and the remedy.
    """
    found, adapter = find_model(source, settings), settings.adapter
    folder = read_folder(found.folder)
    sums = verify(folder.path, (*folder.weights, *folder.settings))
    adapter_sums = None if adapter is None else check_adapter(adapter)
    placement = _place(folder, settings)
    with quiet():
        with reading(folder.path, f"{CONFIG} cannot be used"):
            AutoConfig.from_pretrained(folder.path, local_files_only=True, trust_remote_code=False)
        tokenizer = _tokenizer(folder)
        model = _model(folder, placement)
        refuse_unless_tokenizer_fits(folder, model, tokenizer)
        if adapter is not None:
            model = apply_adapter(model, adapter)
        with reading(folder.path, "the model cannot be run"):
            refuse_unless_causal_and_finite(folder, model)
    weights_sha256, revision = sums.over(folder.weights), found.revision or _settings_hash(folder, sums)
    if adapter is not None and adapter_sums is not None:
        weights_sha256 = _hash_of(weights_sha256, adapter_sums.over([adapter / ADAPTER_WEIGHTS]))
        revision += f"+{adapter_sums.over([adapter / ADAPTER_CONFIG])[:16]}"
    identity = Identity(
        name=found.name,
        source=source if adapter is None else f"{source} + {adapter}",
        revision=revision,
        weights_sha256=weights_sha256,
        dtype=str(model.dtype).removeprefix("torch."),
        device=name_of(model),
        versions=_versions(adapter),
        verified=sums.verified and (adapter_sums is None or adapter_sums.verified),
    )
    return Loaded(model, tokenizer, identity, _context_length(model))


def _place(folder: ModelFolder, settings: OpenSettings) -> Placement:
    quantized = bool(folder.config.get("quantization_config"))
    return place(
        sum(tensor.size for tensor in folder.tensors.values()),
        device=settings.device,
        dtype=settings.dtype,
        quantized_bytes=sum(file.stat().st_size for file in folder.weights) if quantized else None,
    )


def _tokenizer(folder: ModelFolder) -> PreTrainedTokenizerBase:
    with reading(folder.path, "its tokenizer cannot be loaded"):
        tokenizer = AutoTokenizer.from_pretrained(
            folder.path, local_files_only=True, trust_remote_code=False, split_special_tokens=True
        )
    assert isinstance(tokenizer, PreTrainedTokenizerBase)
    return tokenizer


def _model(folder: ModelFolder, placement: Placement) -> PreTrainedModel:
    on_cpu = placement.device.type == "cpu"
    with reading(folder.path, "the model cannot be loaded"):
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            folder.path,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=placement.dtype,
            device_map="auto" if placement.spread else None if on_cpu else {"": placement.device},
            output_loading_info=True,
            ignore_mismatched_sizes=True,  # so that they are reported by name; they are refused below
        )
    model, info = loaded
    assert isinstance(model, PreTrainedModel)
    if "disk" in getattr(model, "hf_device_map", {}).values():
        raise out_of_memory(f"{folder.path} is larger than the memory of the GPUs and the machine")
    refuse_unless_exact(folder, model, info)
    model.requires_grad_(False).train(False)
    return model


def _settings_hash(folder: ModelFolder, sums: Checksums) -> str:
    """What stands for the revision of a folder that has none: its config and tokenizer decide the scores as well."""
    return f"sha256:{sums.over(folder.settings)[:16]}"


def _hash_of(*hashes: str) -> str:
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def _context_length(model: PreTrainedModel) -> int | None:
    config = model.config.get_text_config()
    lengths = (getattr(config, name, None) for name in _CONTEXT_LENGTHS)
    return next((length for length in lengths if isinstance(length, int) and length > 0), None)


def _versions(adapter: Path | None) -> Mapping[str, str]:
    packages = ["torch", "transformers", "tokenizers"] + (["peft"] if adapter is not None else [])
    return {package: version(package) for package in packages}
