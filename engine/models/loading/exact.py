"""Whether a model was loaded exactly and is causal: nothing is missing, left over, not finite, or read from behind."""

import re
from collections.abc import Mapping
from typing import Any

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from engine.models.loading.folder import CONFIG, ModelFolder
from engine.models.loading.unusable import UnusableModel, some
from engine.models.loading.weights import INDEX

_AGAIN = "get the model again, or correct its config"
# Masks and counters that older versions of transformers saved beside the weights; today's compute them.
_BUFFERS = re.compile(r"\.(attn|attention)\.(bias|masked_bias)$|rotary_emb\.inv_freq$|position_ids$")
# How far logits may differ, as a share of the largest, when only what follows them has changed.
_TOLERANCE = {torch.float32: 1e-3}
_HALF_TOLERANCE = 3e-2


def refuse_unless_exact(folder: ModelFolder, model: PreTrainedModel, info: Mapping[str, Any]) -> None:
    """Raise UnusableModel for a tensor that `output_loading_info` calls missing, left over or of another shape."""
    unexpected = [name for name in info["unexpected_keys"] if not _is_buffer(folder, name)]
    mismatched = [f"{name} {tuple(there)}, not {tuple(wanted)}" for name, there, wanted in info["mismatched_keys"]]
    where = folder.weights[0].name if len(folder.weights) == 1 else INDEX
    for what, names in (
        (f"tensors are missing from {where}", sorted(info["missing_keys"])),
        (f"tensors of {where} have another shape than {CONFIG} says", sorted(mismatched)),
        (f"{where} holds tensors that {CONFIG} has no place for", sorted(unexpected)),
        (f"{where} could not be loaded", list(info["error_msgs"])),
    ):
        if names:
            raise UnusableModel(folder.path, f"{what}: {some(names)}", _AGAIN)
    for name, parameter in model.named_parameters():
        if not _is_finite(parameter):
            kind = str(parameter.dtype).removeprefix("torch.")
            raise UnusableModel(
                folder.path,
                f"{name} in {where} holds values that are no finite numbers in {kind}",
                "get the weights again" if kind != "float16" else "get the weights again, or use another --dtype",
            )


def refuse_unless_tokenizer_fits(
    folder: ModelFolder, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase
) -> None:
    """Raise UnusableModel when the tokenizer knows no words, or makes tokens that the model has no embedding for.

    What it never makes of a prompt needs none: padding, and control tokens that stand neither around texts nor in the
    chat format (Gemma 3's tokenizer has one for images, which its text models lack).
    """
    added = tokenizer.added_tokens_decoder
    words = [token for token in tokenizer.get_vocab().values() if token not in added]
    remedy = "put the tokenizer's files of this model beside it"
    if len(words) < 2:
        raise UnusableModel(folder.path, "its tokenizer has no vocabulary", remedy)
    rows = embeddings_of(model)
    if max(words) >= rows:
        raise UnusableModel(
            folder.path,
            f"its tokenizer has ids up to {max(words):,} but the model only {rows:,} embeddings: it is another model's",
            remedy,
        )
    made = _control_tokens_made(tokenizer)
    beyond = [token.content for id, token in sorted(added.items()) if id >= rows and (not token.special or id in made)]
    if beyond:
        raise UnusableModel(
            folder.path,
            f"{len(beyond):,} of its tokenizer's tokens have no embedding (the model has {rows:,}): {some(beyond)}",
            "take the tokenizer that these weights were saved with, or resize the embeddings, train and save the model",
        )


def _control_tokens_made(tokenizer: PreTrainedTokenizerBase) -> set[int]:
    """The ids of control tokens that prompts are sent with: around texts, before a text alone, in the chat format."""
    template = str(tokenizer.chat_template or "")
    in_chats = {
        id for id, token in tokenizer.added_tokens_decoder.items() if token.special and token.content in template
    }
    around = {token for ids in tokenizer(["a", "Rome"], split_special_tokens=True)["input_ids"] for token in ids}
    begins = tokenizer.bos_token_id if tokenizer.bos_token_id is not None else tokenizer.eos_token_id
    written = {tokenizer.bos_token_id, tokenizer.eos_token_id} if "_token" in template else set()
    return in_chats | around | {begins} | written


def refuse_unless_causal_and_finite(folder: ModelFolder, model: PreTrainedModel) -> None:
    """Raise UnusableModel when a later token changes what came before, or the logits are no numbers."""
    rows = embeddings_of(model)
    device = next(parameter.device for parameter in model.parameters() if parameter.device.type != "meta")
    tokens = torch.arange(8, device=device).repeat(2, 1) * 7 % rows
    tokens[1, -1] = (tokens[1, -1] + 1) % rows
    with torch.inference_mode():
        first, second = model(input_ids=tokens, use_cache=False).logits[:, :-1].float()
    if not (torch.isfinite(first).all() and torch.isfinite(second).all()):
        raise UnusableModel(folder.path, "it answers with what are no finite numbers", "try --dtype float32")
    tolerance = _TOLERANCE.get(model.dtype, _HALF_TOLERANCE) * float(first.abs().max())
    if float((first - second).abs().max()) > tolerance:
        raise UnusableModel(
            folder.path,
            "a later word changes what the model says of the words before it: it is not a causal language model",
            "give a model that continues text from left to right",
        )


def _is_buffer(folder: ModelFolder, name: str) -> bool:
    """Whether it is no weight: attention's bias may be one, unless it is a mask of four dimensions."""
    tensor = folder.tensors.get(name)
    is_weight = tensor is not None and name.endswith(".bias") and len(tensor.shape) != 4
    return bool(_BUFFERS.search(name)) and not is_weight


def embeddings_of(model: PreTrainedModel) -> int:
    """Count the tokens that a model has an embedding for."""
    weight = model.get_input_embeddings().weight
    assert isinstance(weight, torch.Tensor)
    return weight.shape[0]


def _is_finite(parameter: torch.Tensor) -> bool:
    """Whether all elements are finite; True for what holds no plain floats, or lies elsewhere until it is used."""
    if parameter.is_meta or parameter.dtype not in (torch.float32, torch.bfloat16, torch.float16):
        return True
    least, greatest = torch.aminmax(parameter.detach())
    return bool(torch.isfinite(least) and torch.isfinite(greatest))
