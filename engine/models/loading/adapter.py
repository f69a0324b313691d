"""PEFT adapters: small weights laid over a model's own, exactly or not at all."""

from pathlib import Path
from typing import Any

import peft
from safetensors.torch import load_file
from transformers import PreTrainedModel

from engine.errors import IsoglossError
from engine.models.loading.checksums import Checksums, verify
from engine.models.loading.folder import ADAPTER_CONFIG, read_json, refuse_remote_code, settings_files
from engine.models.loading.reading import reading
from engine.models.loading.unusable import UnusableModel, some
from engine.models.loading.weights import read_header

ADAPTER_WEIGHTS = "adapter_model.safetensors"


def check_adapter(folder: Path) -> Checksums:
    """Check an adapter's folder before anything of it is loaded, and hash it. Raises IsoglossError."""
    if not folder.is_dir():
        raise IsoglossError(f"{folder}: no such folder; give the folder of an adapter ({ADAPTER_CONFIG})")
    settings = settings_files(folder)
    parsed = {file.name: read_json(file) for file in settings if file.suffix == ".json"}
    if ADAPTER_CONFIG not in parsed:
        raise UnusableModel(folder, f"it has no {ADAPTER_CONFIG}", "give the folder of an adapter made by PEFT")
    refuse_remote_code(folder, parsed)
    weights = folder / ADAPTER_WEIGHTS
    if not weights.is_file():
        pickled = sorted(file.name for file in folder.glob("adapter_model.*"))
        raise UnusableModel(
            folder,
            f"it has no {ADAPTER_WEIGHTS}" + (f", only {some(pickled)}" if pickled else ""),
            "save the adapter in safetensors, where you trust it; pickles are never opened",
        )
    read_header(weights)
    return verify(folder, (weights, folder / ADAPTER_CONFIG))


def apply_adapter(model: PreTrainedModel, folder: Path) -> PreTrainedModel:
    """Put the adapter's layers into the model, in evaluation mode. Raises UnusableModel when it does not fit."""
    remedy = "give the model that it was trained on"
    with reading(folder, "the adapter does not fit the model", remedy=remedy):
        config = peft.PeftConfig.from_pretrained(str(folder))
        config.inference_mode = True
        if config.is_prompt_learning:
            raise UnusableModel(folder, f"{config.peft_type} is not layers but a prompt", "use a LoRA-like adapter")
        adapted = peft.get_peft_model(model, config)
        tensors = load_file(folder / ADAPTER_WEIGHTS)
        wanted = peft.get_peft_model_state_dict(adapted, save_embedding_layers=False)
        if missing := sorted(set(wanted) - set(tensors)):
            raise UnusableModel(folder, f"{ADAPTER_WEIGHTS} lacks {some(missing)}", remedy)
        result: Any = peft.set_peft_model_state_dict(adapted, tensors)
    if unexpected := sorted(result.unexpected_keys):
        raise UnusableModel(
            folder, f"{ADAPTER_WEIGHTS} holds what has no place in the model: {some(unexpected)}", remedy
        )
    base: Any = adapted.get_base_model()
    assert isinstance(base, PreTrainedModel)
    base.requires_grad_(False).train(False)
    return base
