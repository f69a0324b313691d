"""A model out of a GGUF file, exactly: every setting understood, every tensor in its place, the tokenizer proven."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import torch
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    GenerationConfig,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from engine.models.loading.checkpoint import Checkpoint
from engine.models.loading.checksums import verify
from engine.models.loading.device import Placement, place
from engine.models.loading.folder import ModelFolder
from engine.models.loading.gguf.dequantised import PlainTensor, plain_tensors, plain_values, refuse_unknown_formats
from engine.models.loading.gguf.family import config_of
from engine.models.loading.gguf.header import GgufHeader, read_gguf_header
from engine.models.loading.gguf.proven_tokenizer import tokenizer_beside, tokenizer_in
from engine.models.loading.gguf.vocabulary import vocabulary_of
from engine.models.loading.pretrained import finished
from engine.models.loading.quiet import quiet
from engine.models.loading.reading import reading
from engine.models.loading.source import ModelSource
from engine.models.loading.unusable import UnusableModel, some
from engine.models.loading.weights import Tensor
from engine.models.settings import OpenSettings

_PACKAGES = ("torch", "transformers", "tokenizers", "gguf")
_AGAIN = "get the file again from where the model came from"


def read_gguf(source: ModelSource, settings: OpenSettings) -> Checkpoint:
    """Read a model's GGUF file, its weights made plain numbers.

    Its header, architecture, number formats, shapes and tokenizer are checked before its weights are read. Raises
    IsoglossError that names the file and the remedy.
    """
    header = read_gguf_header(source.path)
    said = config_of(header)
    tensors = plain_tensors(header, said)
    refuse_unknown_formats(header)
    files = ModelFolder(
        path=source.path,
        config=said,
        weights=(source.path,),
        settings=(),
        tensors={tensor.name: Tensor("F32", tensor.stored.shape) for tensor in tensors},
    )
    placement = place(sum(t.stored.size for t in tensors), device=settings.device, dtype=settings.dtype)
    with quiet():
        vocabulary = vocabulary_of(header, said["vocab_size"])
        with reading(source.path, "its header cannot be used"):
            config = AutoConfig.for_model(**said, eos_token_id=vocabulary.ends or None)
            kind = _class_of(header, config, tensors)
        sums = verify(source.path.parent, (source.path,))
        sha256, given = sums.sha256[source.path.name], settings.tokenizer
        tokenizer = tokenizer_in(vocabulary, sha256) if given is None else tokenizer_beside(vocabulary, given)
        plain = {tensor.name: plain_values(header, tensor, placement.dtype) for tensor in tensors}
        model = _model(kind, files, config, plain, placement)
    model.generation_config = GenerationConfig(eos_token_id=vocabulary.ends or None)  # type: ignore[no-untyped-call]
    return Checkpoint(
        files=files,
        model=model,
        tokenizer=tokenizer,
        weights_sha256=sha256,
        settings_hash=f"sha256:{_settings_hash(said, tokenizer)[:16]}",
        verified=sums.verified,
        packages=_PACKAGES,
    )


def _class_of(header: GgufHeader, config: PretrainedConfig, tensors: list[PlainTensor]) -> type[PreTrainedModel]:
    """Find transformers' class of the model that the header describes; no tensor is read.

    Raises UnusableModel where the file's tensors are not that model's.
    """
    with torch.device("meta"):
        empty = AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
    wanted = {name: tuple(parameter.shape) for name, parameter in empty.named_parameters()}
    there = {tensor.name: (tensor.stored.name, tensor.stored.shape) for tensor in tensors}
    if missing := sorted(wanted.keys() - there.keys()):
        raise UnusableModel(header.file, f"tensors are missing for {some(missing)}", _AGAIN)
    if beyond := sorted(there[name][0] for name in there.keys() - wanted.keys()):
        raise UnusableModel(header.file, f"it holds tensors that have no place in the model: {some(beyond)}", _AGAIN)
    other = [f"{own} {shape}, not {wanted[name]}" for name, (own, shape) in there.items() if shape != wanted[name]]
    if other:
        raise UnusableModel(header.file, f"its tensors have another shape than its header says: {some(other)}", _AGAIN)
    return type(empty)


def _model(
    kind: type[PreTrainedModel],
    files: ModelFolder,
    config: PretrainedConfig,
    plain: Mapping[str, torch.Tensor],
    placement: Placement,
) -> PreTrainedModel:
    with reading(files.path, "the model cannot be loaded"):
        loaded: Any = kind.from_pretrained(
            None,
            config=config,
            state_dict=plain,
            dtype=placement.dtype,
            device_map=placement.device_map,
            output_loading_info=True,
            ignore_mismatched_sizes=True,  # so that they are reported by name; they are refused below
        )
    return finished(files, *loaded)


def _settings_hash(said: Mapping[str, Any], tokenizer: PreTrainedTokenizerFast) -> str:
    """What decides the scores beside the file: how its header was understood, and the tokenizer."""
    parts = (json.dumps(said, sort_keys=True), tokenizer.backend_tokenizer.to_str(), str(tokenizer.chat_template))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
