"""A lab model's folder: as transformers writes it, with a model card and the hash of every file."""

import hashlib
from copy import deepcopy
from pathlib import Path

from torch import nn
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from engine.models.loading.checksums import SUMS
from engine.models.loading.load import load
from engine.models.loading.quiet import quiet
from engine.models.settings import OpenSettings

CARD = "README.md"


def save(folder: Path, network: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast) -> None:
    """Write the network at half precision, its settings and its tokenizer, without a card."""
    with quiet():
        nn.Module.half(deepcopy(network)).save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    write_sums(folder)


def write_card(folder: Path, card: str) -> None:
    """Put the model card beside the model."""
    (folder / CARD).write_text(card, encoding="utf-8")
    write_sums(folder)


def write_sums(folder: Path) -> None:
    """List every file's hash, as sha256sum does."""
    files = sorted(file for file in folder.iterdir() if file.is_file() and file.name != SUMS)
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def read_network(folder: Path) -> LlamaForCausalLM:
    """The network of a folder, to be trained further. Raises IsoglossError for a folder that is not as it was saved."""
    network = load(str(folder), OpenSettings(dtype="float32", device="cpu")).model
    assert isinstance(network, LlamaForCausalLM)
    return network.requires_grad_(True)
