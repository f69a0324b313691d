"""Loading a model exactly: what scores is what the files say, or nothing scores."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from transformers import PreTrainedModel, PreTrainedTokenizerBase

from engine.models.interface import Identity
from engine.models.loading.adapter import ADAPTER_WEIGHTS, apply_adapter, check_adapter
from engine.models.loading.device import name_of
from engine.models.loading.exact import refuse_unless_causal_and_finite, refuse_unless_tokenizer_fits
from engine.models.loading.folder import ADAPTER_CONFIG
from engine.models.loading.gguf.checkpoint import read_gguf
from engine.models.loading.pretrained import read_pretrained
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
    kept: Path | None = None  # the folder of what is found out about it once; None: it is found out every time


def load(source: str, settings: OpenSettings = USUAL) -> Loaded:
    """Load the model that `source` means: a folder, a GGUF file, an embedded model's name, or a hub id.

    Everything is checked before the weights are read, and the weights after. Raises IsoglossError that names the
    folder, the file and the remedy.
    """
    found, adapter = find_model(source, settings), settings.adapter
    adapter_sums = None if adapter is None else check_adapter(adapter)
    checkpoint = read_gguf(found, settings) if found.is_gguf else read_pretrained(found, settings)
    model, path = checkpoint.model, checkpoint.files.path
    with quiet():
        refuse_unless_tokenizer_fits(checkpoint.files, model, checkpoint.tokenizer)
        if adapter is not None:
            model = apply_adapter(model, adapter)
        with reading(path, "the model cannot be run"):
            refuse_unless_causal_and_finite(checkpoint.files, model)
    weights_sha256, revision = checkpoint.weights_sha256, found.revision or checkpoint.settings_hash
    if adapter is not None and adapter_sums is not None:
        weights_sha256 = _hash_of(weights_sha256, adapter_sums.over([adapter / ADAPTER_WEIGHTS]))
        revision += f"+{adapter_sums.over([adapter / ADAPTER_CONFIG])[:16]}"
    packages = [*checkpoint.packages, *(["peft"] if adapter is not None else [])]
    told = found.got_name or source
    identity = Identity(
        name=found.name,
        source=told if adapter is None else f"{told} + {adapter}",
        revision=revision,
        weights_sha256=weights_sha256,
        dtype=str(model.dtype).removeprefix("torch."),
        device=name_of(model),
        versions=_versions(packages),
        verified=checkpoint.verified and (adapter_sums is None or adapter_sums.verified),
    )
    return Loaded(model, checkpoint.tokenizer, identity, _context_length(model), checkpoint.kept)


def _hash_of(*hashes: str) -> str:
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def _context_length(model: PreTrainedModel) -> int | None:
    config = model.config.get_text_config()
    lengths = (getattr(config, name, None) for name in _CONTEXT_LENGTHS)
    return next((length for length in lengths if isinstance(length, int) and length > 0), None)


def _versions(packages: Sequence[str]) -> dict[str, str]:
    return {package: version(package) for package in packages}
