"""Language models made in code: random weights, a tokenizer trained on the given texts, saved as transformers does."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import torch
from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedConfig, PreTrainedTokenizerFast

Architecture = Literal["llama", "qwen2", "gpt2", "bloom", "mistral", "gemma2", "gpt_neox", "phi", "opt"]
Size = Literal["tiny", "3m", "30m", "125m"]

# Two facts in three languages.
TEXTS = (
    "What is the capital of Germany? Berlin", "What is the capital of France? Paris",
    "Was ist die Hauptstadt von Deutschland? Berlin", "Was ist die Hauptstadt von Frankreich? Paris",
    "Как называется столица Германии? Берлин", "Как называется столица Франции? Париж",
)  # fmt: skip

SPECIAL_TOKENS = ("<unk>", "<s>", "</s>", "<pad>", "[INST]", "[/INST]", "<|im_start|>", "<|im_end|>")

# Hidden size, layers, heads, inner size of the feed-forward layers, vocabulary. As a Llama that is 1.8 M, 25.3 M and
# 113.2 M parameters without the embeddings for the sizes with a name, 82 k for the tiny one.
_SHAPES: dict[Size, tuple[int, int, int, int, int]] = {
    "tiny": (64, 2, 4, 128, 600),
    "3m": (192, 4, 3, 512, 8192),
    "30m": (512, 8, 8, 1376, 8192),
    "125m": (768, 16, 12, 2048, 8192),
}


def make_model(
    folder: Path,
    architecture: Architecture,
    *,
    vocabulary_texts: Sequence[str],
    size: Size = "tiny",
    seed: int = 0,
    context_length: int = 512,
    chat_template: str | None = None,
    tokenizer: PreTrainedTokenizerFast | None = None,
) -> Path:
    """Write a model of random weights into `folder` and return it; the same arguments give the same bytes.

    Llama gets a tokenizer as sentencepiece makes them (spaces as ▁, bytes as a last resort, <s> in front); all others
    a byte-level one that adds nothing. Mistral and Gemma 2 attend within a window of an eighth of the context.
    """
    *_, vocabulary = _SHAPES[size]
    fast = tokenizer or _fast(
        _sentencepiece_like(vocabulary_texts, vocabulary)
        if architecture == "llama"
        else _byte_level(vocabulary_texts, vocabulary)
    )
    fast.chat_template = chat_template
    fast.save_pretrained(folder)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = AutoModelForCausalLM.from_config(  # type: ignore[no-untyped-call]
            _config(architecture, size, context_length, fast)
        )
        _randomise(model)
    model.save_pretrained(folder)
    return folder


def put_model(folder: Path, kind: str, *, seed: int = 0, **config: Any) -> Path:
    """Put a model of any kind that transformers knows in the place of the one in `folder`, whose tokenizer stays."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    hidden, layers, heads, inner, _ = _SHAPES["tiny"]
    shape = {
        "vocab_size": -(-len(tokenizer) // 64) * 64, "hidden_size": hidden, "num_hidden_layers": layers,
        "num_attention_heads": heads, "intermediate_size": inner, "max_position_embeddings": 512,
        "bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }  # fmt: skip
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = AutoModelForCausalLM.from_config(  # type: ignore[no-untyped-call]
            AutoConfig.for_model(kind, **(shape | config))
        )
        _randomise(model)
    model.save_pretrained(folder)
    return folder


def _fast(tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        unk_token="<unk>",
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        additional_special_tokens=list(SPECIAL_TOKENS[4:]),
        clean_up_tokenization_spaces=False,
    )


def write_sums(folder: Path) -> None:
    """As `sha256sum * > SHA256SUMS` does."""
    files = sorted(file for file in folder.iterdir() if file.is_file() and file.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (folder / "SHA256SUMS").write_text("".join(lines))


def _config(
    architecture: Architecture, size: Size, context: int, tokenizer: PreTrainedTokenizerFast
) -> PreTrainedConfig:
    hidden, layers, heads, inner, _ = _SHAPES[size]
    ids = {name: getattr(tokenizer, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    # A multiple of 64, as trained models have it: some ids belong to no token.
    common = {"vocab_size": -(-len(tokenizer) // 64) * 64, **ids}
    usual = common | {
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "max_position_embeddings": context,
    }
    shared_heads = {"num_key_value_heads": 1 if heads % 2 else heads // 2}
    window = {"sliding_window": context // 8}
    every: dict[Architecture, dict[str, Any]] = {
        "llama": usual,
        "qwen2": usual | shared_heads | {"tie_word_embeddings": True},
        "mistral": usual | shared_heads | window,
        "gemma2": usual
        | shared_heads
        | window
        | {"head_dim": hidden // heads, "query_pre_attn_scalar": hidden // heads},
        "gpt_neox": usual,
        "phi": usual,
        "gpt2": common
        | {"n_embd": hidden, "n_layer": layers, "n_head": heads, "n_positions": context, "n_inner": inner},
        "bloom": common | {"hidden_size": hidden, "n_layer": layers, "n_head": heads, "seq_length": context},
        "opt": common
        | {
            "hidden_size": hidden,
            "word_embed_proj_dim": hidden,
            "num_hidden_layers": layers,
            "num_attention_heads": heads,
            "ffn_dim": inner,
            "max_position_embeddings": context,
        },
    }
    return AutoConfig.for_model(architecture, **every[architecture])


def _randomise(model: torch.nn.Module) -> None:
    """Weights so large that the logits of different tokens differ by several nats and every layer matters."""
    output = model.get_output_embeddings().weight
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim == 1:  # biases, norms: near where they start
                parameter.add_(0.1 * torch.randn_like(parameter))
            elif parameter is output:  # also the input's where they are tied
                parameter.normal_(std=2.5 / parameter.shape[1] ** 0.5)
            else:
                parameter.normal_(std=1.2 / min(parameter.shape) ** 0.5)


def _byte_level(texts: Sequence[str], vocabulary: int) -> Tokenizer:
    """GPT-2's kind: every text is tokens of bytes, and nothing is added to it."""
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(texts, _trainer(vocabulary, special=SPECIAL_TOKENS, alphabet=alphabet))
    return tokenizer


def _sentencepiece_like(texts: Sequence[str], vocabulary: int) -> Tokenizer:
    """Llama's kind: spaces are ▁ and one is put in front; a character it has not seen is its bytes; <s> begins all."""
    trained = Tokenizer(BPE())
    trained.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    trained.train_from_iterator(texts, _trainer(vocabulary - 256 - len(SPECIAL_TOKENS), special=(), alphabet=[]))
    ids = trained.get_vocab()
    learnt = sorted(ids, key=ids.__getitem__)
    tokens = [*SPECIAL_TOKENS, *(f"<0x{byte:02X}>" for byte in range(256)), *learnt]
    merges = [(left, right) for left, right in json.loads(trained.to_str())["model"]["merges"]]
    vocab = {token: index for index, token in enumerate(tokens)}
    tokenizer = Tokenizer(BPE(vocab=vocab, merges=merges, unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    begin = [("<s>", tokenizer.token_to_id("<s>"))]
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=begin)
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    return tokenizer


def _trainer(size: int, *, special: Sequence[str], alphabet: Sequence[str]) -> BpeTrainer:
    return BpeTrainer(
        vocab_size=size,
        special_tokens=list(special),
        initial_alphabet=list(alphabet),
        limit_alphabet=max(size // 2, len(alphabet)),  # else Chinese and Japanese characters leave no room for words
        show_progress=False,
    )
