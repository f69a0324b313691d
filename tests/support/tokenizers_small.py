"""Tokenizers made in code, each with a habit that real ones have: what stands before, between and behind texts."""

from collections.abc import Callable, Mapping, Sequence

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

CONTROL = ("<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>")
_CHARACTERS = sorted(
    set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789[]/?.:!,'\"()|<>{}_-+=\n„“ß"
        "СтолицаФрнйхделиПжбгзкмувыяэщшчцъьюё" "עיר הבירה של צרפתבגדזחטכלמנסעףץקשםןך"
        "عاصمةفرنسابتثجحخدذرزسشصضطظغقكلمنهوي"
        "法国的首都是中京罗马籍孔子日本" "フランスの首都は？" "เมืองหลวงของฝรั่งเศส" "फ़्रांस की राजधानी"
    )
    - {" "}
)  # fmt: skip


def _bpe(merges: Sequence[tuple[str, str]], more: Sequence[str] = ()) -> Tokenizer:
    words = [*CONTROL, "▁", *more, *_CHARACTERS, *("".join(pair) for pair in merges)]
    vocabulary = {word: place for place, word in enumerate(dict.fromkeys(words))}
    return Tokenizer(models.BPE(vocabulary, list(merges), unk_token="<unk>"))


def _with(raw: Tokenizer, around: str) -> PreTrainedTokenizerFast:
    """With what stands around every text, e.g. "<s> $A </s>", and the control tokens as such."""
    names = [name for name in CONTROL if name in around]
    raw.add_special_tokens(list(CONTROL))
    if names:
        raw.post_processor = processors.TemplateProcessing(
            single=around, special_tokens=[(name, raw.token_to_id(name)) for name in names]
        )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=raw, unk_token="<unk>", bos_token="<s>", eos_token="</s>", clean_up_tokenization_spaces=False
    )


MERGES = (("▁", "Q"), ("▁", "B"), ("是", "中"), ("中", "国"), ("i", "s"), (":", "B"), ("[", "/"))


def prepending(around: str = "<s> $A") -> PreTrainedTokenizerFast:
    """Llama 2's: a space is written before every text, by the normalizer."""
    raw = _bpe(MERGES)
    raw.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    raw.decoder = decoders.Metaspace()
    return _with(raw, around)


def metaspace(around: str = "<s> $A") -> PreTrainedTokenizerFast:
    """T5's and Zephyr's: a space before every word, and before every text."""
    raw = _bpe(MERGES)
    raw.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    raw.decoder = decoders.Metaspace()
    return _with(raw, around)


def metaspace_first(around: str = "<s> $A") -> PreTrainedTokenizerFast:
    """Llama's since 2024: a space before a text, but not after a control token."""
    raw = _bpe(MERGES)
    raw.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    raw.decoder = decoders.Metaspace(prepend_scheme="first")
    return _with(raw, around)


def byte_level(around: str = "") -> PreTrainedTokenizerFast:
    """GPT-2's: bytes, and nothing is written before a text."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    raw = Tokenizer(
        models.BPE({w: n for n, w in enumerate([*CONTROL, *alphabet, "is", ":B"])}, [("i", "s"), (":", "B")])
    )
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    return _with(raw, around)


def unspaced(around: str = "") -> PreTrainedTokenizerFast:
    """Gemma's: spaces are written ▁, none is added, and a token may span any two characters."""
    raw = _bpe(MERGES)
    raw.normalizer = normalizers.Replace(" ", "▁")
    raw.decoder = decoders.Metaspace(prepend_scheme="never")
    return _with(raw, around)


TOKENIZERS: Mapping[str, Callable[..., PreTrainedTokenizerFast]] = {
    made.__name__: made for made in (prepending, metaspace, metaspace_first, byte_level, unspaced)
}
