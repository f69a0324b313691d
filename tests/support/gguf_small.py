"""GGUF files made in code: tiny models of random weights, as llama.cpp's converter and quantiser would write them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from gguf import GGUFWriter
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize, quantize
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

from tests.support.tiny_models import TEXTS

Family = Literal["llama", "qwen2", "qwen3", "gemma3"]
Format = Literal["F32", "F16", "Q8_0", "Q4_1", "Q4_K"]
_HIDDEN, _LAYERS, _HEADS, _KEYS, _INNER = 256, 2, 4, 2, 512
_CONTROL = ("<unk>", "<s>", "</s>", "<pad>")
_BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
QWEN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


class Made(NamedTuple):
    """A GGUF file, and the same model as transformers saves it, of the numbers that the file holds."""

    file: Path
    folder: Path


Keys = dict[str, Any]
Tensors = dict[str, tuple[npt.NDArray[Any], GGMLQuantizationType]]
Edit = Callable[[Keys, Tensors], None]


def make_gguf(
    folder: Path,
    family: Family,
    format: Format = "F32",
    *,
    edit: Edit | None = None,
    hidden: int = _HIDDEN,
    layers: int = _LAYERS,
    **config: Any,
) -> Made:
    """Write `FAMILY.gguf` and beside it the folder `FAMILY` with the same model; `edit` changes what is written."""
    tokenizer, keys = _tokenizer(family)
    size = len(tokenizer)
    model_type = "gemma3_text" if family == "gemma3" else family
    heads, inner = hidden // 64, 2 * hidden
    shape: dict[str, Any] = {
        "vocab_size": size, "hidden_size": hidden, "num_hidden_layers": layers, "num_attention_heads": heads,
        "num_key_value_heads": heads // 2, "intermediate_size": inner, "max_position_embeddings": 512,
        "tie_word_embeddings": family == "gemma3", "rms_norm_eps": 1e-6,
        "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 3,
    }  # fmt: skip
    if family in ("qwen3", "gemma3"):
        shape["head_dim"] = 64
    if family == "gemma3":
        shape |= {"sliding_window": 8, "query_pre_attn_scalar": 64}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = AutoModelForCausalLM.from_config(  # type: ignore[no-untyped-call]
            AutoConfig.for_model(model_type, **(shape | config))
        )
        for parameter in model.parameters():
            spread = 0.3 if parameter.ndim == 1 else 1.2 / parameter.shape[-1] ** 0.5
            with torch.no_grad():
                parameter.copy_(torch.randn_like(parameter) * spread + (parameter.ndim == 1 and family != "gemma3"))
    keys |= _shape_keys(family, model.config)
    tensors: Tensors = {}
    for name, parameter in model.named_parameters():
        if name == "lm_head.weight" and shape["tie_word_embeddings"]:
            continue
        stored, plain, kind = _stored(parameter.detach().numpy(), format)
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(plain))
        own = _own_name(name, family)
        if family == "llama" and (".attn_q." in own or ".attn_k." in own):
            stored = _interleaved(stored, heads if ".attn_q." in own else heads // 2)
        if family == "gemma3" and own.endswith("norm.weight"):
            stored = (plain + 1).astype(np.float32)
            with torch.no_grad():  # what is left of the number once one was added to it
                parameter.copy_(torch.from_numpy(stored - np.float32(1)))
        tensors[own] = (stored, kind)
    saved = folder / family
    model.save_pretrained(saved)
    tokenizer.save_pretrained(saved)
    if edit is not None:
        edit(keys, tensors)
    return Made(write(folder / f"{family}.gguf", family, keys, tensors), saved)


def write(file: Path, family: str, keys: Keys, tensors: Tensors) -> Path:
    """Write a GGUF file by the gguf package."""
    writer = GGUFWriter(str(file), family)
    for key, value in keys.items():
        match value:
            case bool():
                writer.add_bool(key, value)
            case int():
                writer.add_uint32(key, value)
            case float():
                writer.add_float32(key, value)
            case str():
                writer.add_string(key, value)
            case _:
                writer.add_array(key, value)
    for name, (stored, kind) in tensors.items():
        writer.add_tensor(name, stored, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def _stored(
    values: npt.NDArray[Any], format: Format
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], GGMLQuantizationType]:
    """A tensor as it is stored, the numbers that this means, and the format: vectors stay as they are."""
    kind = GGMLQuantizationType[format if values.ndim > 1 else "F32"]
    if kind == GGMLQuantizationType.Q4_K:  # which the package only reads: blocks of random numbers
        blocks = _random_blocks(values.shape)
        return blocks, dequantize(blocks, kind), kind
    stored = quantize(values.astype(np.float32), kind)
    return stored, dequantize(stored, kind).astype(np.float32), kind


def _random_blocks(shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Blocks of Q4_K: a scale and a least value, in 16 bits, then 12 bytes of their parts and 128 of numbers."""
    per_block, block_bytes = GGML_QUANT_SIZES[GGMLQuantizationType.Q4_K]
    random = np.random.default_rng(shape[0])
    rows = random.integers(0, 256, (shape[0], shape[1] // per_block, block_bytes), np.uint8)
    spread = 1.2 / shape[1] ** 0.5
    scales = np.array([spread / 220, spread / 30], np.float16).view(np.uint8)
    rows[..., :4] = scales
    return rows.reshape(shape[0], -1)


def _interleaved(rows: npt.NDArray[Any], heads: int) -> npt.NDArray[Any]:
    """As llama.cpp's converter permutes queries and keys of Llama."""
    halves = rows.reshape(heads, 2, rows.shape[0] // heads // 2, rows.shape[1])
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(rows.shape))


def _shape_keys(family: Family, config: Any) -> Keys:
    rope = config.rope_parameters
    rope = rope.get("full_attention", rope)
    keys = {
        "context_length": 512, "embedding_length": config.hidden_size, "block_count": config.num_hidden_layers,
        "feed_forward_length": config.intermediate_size, "attention.head_count": config.num_attention_heads,
        "attention.head_count_kv": config.num_key_value_heads, "rope.freq_base": float(rope["rope_theta"]),
        "attention.layer_norm_rms_epsilon": 1e-6,
    }  # fmt: skip
    if family == "llama":
        keys["rope.dimension_count"] = config.head_dim
    if family in ("qwen3", "gemma3"):
        keys |= {"attention.key_length": config.head_dim, "attention.value_length": config.head_dim}
    if family == "gemma3":
        keys["attention.sliding_window"] = config.sliding_window
    return {f"{family}.{key}": value for key, value in keys.items()}


_PARTS: Mapping[str, str] = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    "pre_feedforward_layernorm": "ffn_norm", "post_feedforward_layernorm": "post_ffw_norm",
}  # fmt: skip


def _own_name(name: str, family: Family) -> str:
    outside = {
        "model.embed_tokens.weight": "token_embd.weight",
        "model.norm.weight": "output_norm.weight",
        "lm_head.weight": "output.weight",
    }
    if name in outside:
        return outside[name]
    _, _, layer, part = name.split(".", 3)
    stem, _, kind = part.rpartition(".")
    own = "post_attention_norm" if family == "gemma3" and stem == "post_attention_layernorm" else _PARTS[stem]
    return f"blk.{layer}.{own}.{kind}"


def _tokenizer(family: Family) -> tuple[PreTrainedTokenizerFast, Keys]:
    """A tokenizer of the family's kind, and what the file says of it."""
    ids = {"bos": 1, "eos": 2, "unknown": 0, "padding": 3}
    keys: Keys = {f"tokenizer.ggml.{name}_token_id": id for name, id in ids.items()}
    if family in ("llama", "gemma3"):
        raw, more = _pieces(prefix=family == "llama")
    else:
        raw, more = _bytes()
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=raw, unk_token="<unk>", bos_token="<s>", eos_token="</s>", pad_token="<pad>",
        clean_up_tokenization_spaces=False,
    )  # fmt: skip
    return fast, keys | more


def _bytes() -> tuple[Tokenizer, Keys]:
    raw = Tokenizer(models.BPE())
    raw.normalizer = normalizers.NFC()
    raw.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    raw.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    raw.train_from_iterator(
        TEXTS,
        trainers.BpeTrainer(
            vocab_size=400, special_tokens=list(_CONTROL), initial_alphabet=alphabet, show_progress=False
        ),
    )
    described = json.loads(raw.to_str())["model"]
    pieces = sorted(described["vocab"], key=described["vocab"].__getitem__)
    return raw, {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "qwen2",
        "tokenizer.ggml.tokens": pieces,
        "tokenizer.ggml.token_type": [3 if piece in _CONTROL else 1 for piece in pieces],
        "tokenizer.ggml.merges": [" ".join(pair) for pair in described["merges"]],
        "tokenizer.ggml.add_bos_token": False,
    }


def _pieces(*, prefix: bool) -> tuple[Tokenizer, Keys]:
    """Sentencepiece's kind: words of the texts, grown from their characters one at a time, so that joins are plain."""
    words = sorted({word for text in TEXTS for word in text.replace(" ", " ▁").split(" ")})
    letters = sorted({letter for word in words for letter in word})
    grown = [word[:length] for length in range(2, 9) for word in words if len(word) >= length]
    normal = [*dict.fromkeys([*grown, *letters])]
    blanks = [] if prefix else ["▁▁", "▁▁▁"]
    pieces = [*_CONTROL, *blanks, *_BYTES, *normal]
    joins = [(blank[:1], blank[1:]) for blank in blanks] + [
        (piece[:at], piece[at:])
        for piece in normal
        for at in range(1, len(piece))
        if piece[:at] in pieces and piece[at:] in pieces
    ]
    raw = Tokenizer(
        models.BPE({p: n for n, p in enumerate(pieces)}, joins, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    )
    space = normalizers.Replace(" ", "▁")
    raw.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), space]) if prefix else space
    backwards = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    raw.decoder = decoders.Sequence([*backwards, decoders.Strip(" ", 1, 0)] if prefix else backwards)
    raw.add_special_tokens(list(_CONTROL))
    raw.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    kinds = [3] * 4 + [4] * len(blanks) + [6] * 256 + [1] * len(normal)
    kinds[0] = 2
    return raw, {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.pre": "default",
        "tokenizer.ggml.tokens": [p.replace("▁", " ") if p in blanks else p for p in pieces],
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.scores": [-1000.0] * (4 + len(blanks)) + [0.0] * 256 + [-float(n) for n in range(len(normal))],
        "tokenizer.ggml.add_bos_token": True,
        "tokenizer.ggml.add_space_prefix": prefix,
    }
