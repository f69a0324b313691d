"""What was read of a model's files, whatever their format: the model, its tokenizer, and the hashes that name them."""

from dataclasses import dataclass

from transformers import PreTrainedModel, PreTrainedTokenizerBase

from engine.models.loading.folder import ModelFolder


@dataclass(frozen=True)
class Checkpoint:
    """A model in evaluation mode and its tokenizer, as its files say exactly; not yet tried."""

    files: ModelFolder
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase  # special tokens in a text are plain characters unless asked otherwise
    weights_sha256: str
    settings_hash: str  # of its config and tokenizer, which decide the scores as well
    verified: bool  # whether every file was compared with a hash that its maker wrote down
    packages: tuple[str, ...] = ("torch", "transformers", "tokenizers")  # that compute
