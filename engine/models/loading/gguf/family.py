"""The families of models that GGUF files are read of: their settings and tensors, as transformers calls them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.models.loading.gguf.header import GgufHeader
from engine.models.loading.gguf.rotation import FACTORS, rotation_of
from engine.models.loading.gguf.settings import ArchitectureSettings
from engine.models.loading.unusable import UnusableModel, some

# What llama.cpp's converter did to a tensor, to be undone: the rows of each head rotated in pairs that lie apart, or
# one added to a norm.
Change = Literal["none", "heads_interleaved", "one_added"]
_AGAIN = "get the file again from where the model came from"
_BLOCK = re.compile(r"blk\.(\d+)\.")

_ATTENTION = {
    "attn_norm.weight": "input_layernorm.weight",
    "attn_q.weight": "self_attn.q_proj.weight",
    "attn_k.weight": "self_attn.k_proj.weight",
    "attn_v.weight": "self_attn.v_proj.weight",
    "attn_output.weight": "self_attn.o_proj.weight",
}
_FEED_FORWARD = {
    "ffn_gate.weight": "mlp.gate_proj.weight",
    "ffn_up.weight": "mlp.up_proj.weight",
    "ffn_down.weight": "mlp.down_proj.weight",
}
_NORM_BEHIND = {"ffn_norm.weight": "post_attention_layernorm.weight"}
_HEAD_NORMS = {
    "attn_q_norm.weight": "self_attn.q_norm.weight",
    "attn_k_norm.weight": "self_attn.k_norm.weight",
}
_BIASES = {
    "attn_q.bias": "self_attn.q_proj.bias",
    "attn_k.bias": "self_attn.k_proj.bias",
    "attn_v.bias": "self_attn.v_proj.bias",
}
_GEMMA_NORMS = {
    "post_attention_norm.weight": "post_attention_layernorm.weight",
    "ffn_norm.weight": "pre_feedforward_layernorm.weight",
    "post_ffw_norm.weight": "post_feedforward_layernorm.weight",
}
_OUTSIDE = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}


@dataclass(frozen=True)
class Family:
    """A family: transformers' model type, its tensors in each layer, and its further settings."""

    model_type: str
    in_layer: Mapping[str, str]
    further: Callable[[ArchitectureSettings, GgufHeader], Mapping[str, Any]]
    changes: Mapping[str, Change]  # by a part of the tensor's name

    def change(self, name: str) -> Change:
        """Tell what was done to a tensor of the file."""
        return next((change for part, change in self.changes.items() if part in name), "none")


def _llama(settings: ArchitectureSettings, header: GgufHeader) -> Mapping[str, Any]:
    settings.known("expert_count", 0)
    settings.known("expert_used_count", 0)
    heads = settings.whole("attention.head_count")
    rotated = settings.whole("rope.dimension_count", settings.whole("embedding_length") // heads)
    settings.known("attention.key_length", rotated)
    settings.known("attention.value_length", rotated)
    return {"head_dim": rotated, "rope_parameters": rotation_of(settings, header, rotated)}


def _qwen2(settings: ArchitectureSettings, header: GgufHeader) -> Mapping[str, Any]:
    per_head = settings.whole("embedding_length") // settings.whole("attention.head_count")
    for key in ("attention.key_length", "attention.value_length", "rope.dimension_count"):
        settings.known(key, per_head)
    return {"rope_parameters": rotation_of(settings, header, per_head)}


def _qwen3(settings: ArchitectureSettings, header: GgufHeader) -> Mapping[str, Any]:
    per_head = settings.whole("attention.key_length")
    settings.known("attention.value_length", per_head)
    settings.known("rope.dimension_count", per_head)
    return {"head_dim": per_head, "rope_parameters": rotation_of(settings, header, per_head)}


def _gemma3(settings: ArchitectureSettings, header: GgufHeader) -> Mapping[str, Any]:
    """As llama.cpp reads it: every sixth layer sees everything, the others a window and turn by 10,000."""
    per_head, layers = settings.whole("attention.key_length"), settings.whole("block_count")
    settings.known("attention.value_length", per_head)
    settings.known("rope.dimension_count", per_head)
    settings.known("attention.sliding_window_pattern", 6)
    settings.known("rope.freq_base_swa", 10_000.0)
    # Gemma 3 27B alone, which has 62 layers, scales by its width for each head.
    scaled = settings.whole("embedding_length") // settings.whole("attention.head_count") if layers == 62 else per_head
    return {
        "head_dim": per_head,
        "query_pre_attn_scalar": scaled,
        "sliding_window": settings.whole("attention.sliding_window"),
        "layer_types": ["full_attention" if i % 6 == 5 else "sliding_attention" for i in range(layers)],
        "rope_parameters": {
            "full_attention": rotation_of(settings, header, per_head),
            "sliding_attention": {"rope_type": "default", "rope_theta": 10_000.0},
        },
    }


_HEADS_APART: Mapping[str, Change] = {"attn_q.": "heads_interleaved", "attn_k.": "heads_interleaved"}
FAMILIES: Mapping[str, Family] = {
    "llama": Family("llama", _ATTENTION | _FEED_FORWARD | _NORM_BEHIND, _llama, _HEADS_APART),
    "qwen2": Family("qwen2", _ATTENTION | _BIASES | _FEED_FORWARD | _NORM_BEHIND, _qwen2, {}),
    "qwen3": Family("qwen3", _ATTENTION | _HEAD_NORMS | _FEED_FORWARD | _NORM_BEHIND, _qwen3, {}),
    "gemma3": Family(
        "gemma3_text",
        _ATTENTION | _HEAD_NORMS | _FEED_FORWARD | _GEMMA_NORMS,
        _gemma3,
        {"norm.weight": "one_added"},
    ),
}


def family_of(header: GgufHeader) -> Family:
    """Find the family of a file. Raises UnusableModel for one that is not read, or that holds no model by itself."""
    metadata, file = header.metadata, header.file
    if metadata.get("general.type", "model") != "model":
        raise UnusableModel(file, f"it holds no model but: {metadata['general.type']}", "give the model's own file")
    if metadata.get("split.count", 1) not in (0, 1):
        raise UnusableModel(
            file, f"it is one of {metadata['split.count']} parts", "join them: llama-gguf-split --merge FIRST JOINED"
        )
    name = metadata.get("general.architecture")
    if not isinstance(name, str) or name not in FAMILIES:
        raise UnusableModel(
            file,
            f"its architecture is {name!r}; GGUF files are read of {', '.join(FAMILIES)}",
            "take the model's safetensors version",
        )
    return FAMILIES[name]


def config_of(header: GgufHeader) -> dict[str, Any]:
    """Make transformers' config of a file. Raises UnusableModel for a setting that is missing, unfit or not known."""
    family = family_of(header)
    settings = ArchitectureSettings(header, str(header.metadata["general.architecture"]))
    layers, heads = settings.whole("block_count"), settings.whole("attention.head_count")
    there = {int(match[1]) for name in header.tensors if (match := _BLOCK.match(name))}
    if len(there) != layers or max(there, default=0) != layers - 1:
        raise UnusableModel(header.file, f"it says {layers:,} layers and holds {len(there):,}", _AGAIN)
    embeddings = header.tensors.get("token_embd.weight")
    if embeddings is None:
        raise UnusableModel(header.file, "tensors are missing: token_embd.weight", _AGAIN)
    settings.known("vocab_size", embeddings.shape[0])
    config = {
        "model_type": family.model_type,
        "vocab_size": embeddings.shape[0],
        "hidden_size": settings.whole("embedding_length"),
        "intermediate_size": settings.whole("feed_forward_length"),
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": settings.whole("attention.head_count_kv", heads),
        "max_position_embeddings": settings.whole("context_length"),
        "rms_norm_eps": settings.real("attention.layer_norm_rms_epsilon"),
        "tie_word_embeddings": "output.weight" not in header.tensors,
        **family.further(settings, header),
    }
    settings.refuse_unread()
    return config


def names_of(header: GgufHeader, layers: int) -> dict[str, str]:
    """Give transformers' name of each tensor of the file. Raises UnusableModel for missing ones and ones too many."""
    family = family_of(header)
    names = dict(_OUTSIDE)
    if "output.weight" in header.tensors:
        names["output.weight"] = "lm_head.weight"
    for layer in range(layers):
        names |= {f"blk.{layer}.{own}": f"model.layers.{layer}.{theirs}" for own, theirs in family.in_layer.items()}
    for what, wrong in (
        ("tensors are missing", sorted(names.keys() - header.tensors.keys())),
        ("it holds tensors that have no place in the model", sorted(header.tensors.keys() - names.keys() - {FACTORS})),
    ):
        if wrong:
            raise UnusableModel(header.file, f"{what}: {some(wrong)}", _AGAIN)
    return names
