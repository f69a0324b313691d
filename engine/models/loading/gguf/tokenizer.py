"""The tokenizer that a GGUF file describes, built anew."""

from collections.abc import Mapping
from dataclasses import dataclass

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers.integrations.gguf.gguf_tokenizer_mapping import GGUF_PRE_TOKENIZER_SPLITS

from engine.models.loading.gguf.vocabulary import (
    BYTE,
    CONTROL,
    NORMAL,
    UNKNOWN,
    UNUSED,
    WRITTEN,
    UnprovenTokenizer,
    Vocabulary,
)

BLANK = "▁"  # how sentencepiece writes a space


@dataclass(frozen=True)
class _Split:
    """How a byte-level tokenizer cuts a text before it joins pieces, and what else its models share."""

    regex: str | None = None  # None: GPT-2's
    digits_alone: bool = False
    composed: bool = False  # whether texts are put into Unicode's composed form first
    whole_words: bool = False  # whether a word that is a piece is taken as it is, whatever joins make of it
    begins: bool = False  # whether texts begin with the start token where the file does not say


_LLAMA3 = _Split(GGUF_PRE_TOKENIZER_SPLITS["llama-bpe"], whole_words=True, begins=True)
_QWEN2 = _Split(GGUF_PRE_TOKENIZER_SPLITS["qwen2"], composed=True)
# By what llama.cpp calls them; whatever is called otherwise cuts texts in a way that is not known here.
_SPLITS: Mapping[str, _Split] = {
    "gpt-2": _Split(),
    "smollm": _Split(digits_alone=True),
    "llama3": _LLAMA3,
    "llama-v3": _LLAMA3,
    "llama-bpe": _LLAMA3,
    "qwen2": _QWEN2,
    "deepseek-r1-qwen": _QWEN2,
    "tekken": _Split(GGUF_PRE_TOKENIZER_SPLITS["tekken"], whole_words=True),
}


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """Build the tokenizer. Raises UnprovenTokenizer for one that is not described, or of a kind that is not known."""
    kind = vocabulary.text("ggml.model")
    if kind == "gpt2":
        tokenizer, begins = _byte_level(vocabulary)
    elif kind == "llama":
        tokenizer, begins = _sentencepiece(vocabulary)
    else:
        raise UnprovenTokenizer(vocabulary.header, f"its tokenizer is of the kind {kind!r}; gpt2 and llama are known")
    pieces = zip(vocabulary.pieces, vocabulary.kinds, strict=True)
    tokenizer.add_special_tokens(
        [AddedToken(piece, normalized=False, special=True) for piece, of in pieces if of in (CONTROL, UNKNOWN)]
    )
    known = tokenizer.get_vocab(with_added_tokens=False)
    written = [
        piece for piece, of in zip(vocabulary.pieces, vocabulary.kinds, strict=True) if of == WRITTEN and piece in known
    ]
    tokenizer.add_tokens([AddedToken(piece, normalized=False, special=False) for piece in written])
    _put_around(tokenizer, vocabulary, begins)
    return tokenizer


def _byte_level(vocabulary: Vocabulary) -> tuple[Tokenizer, bool]:
    name = vocabulary.text("ggml.pre")
    if name not in _SPLITS:
        how = f"cuts texts as {name!r}" if name else "does not say how texts are cut"
        raise UnprovenTokenizer(vocabulary.header, f"its tokenizer {how}; known are {', '.join(_SPLITS)}")
    split = _SPLITS[name]
    model = models.BPE(
        vocab=dict(vocabulary.ids), merges=vocabulary.joins(), fuse_unk=False, ignore_merges=split.whole_words
    )
    tokenizer = Tokenizer(model)
    if split.composed:
        tokenizer.normalizer = normalizers.NFC()
    steps: list[pre_tokenizers.PreTokenizer] = []
    if split.digits_alone:
        steps.append(pre_tokenizers.Digits(individual_digits=True))
    if split.regex is not None:
        steps.append(pre_tokenizers.Split(Regex(split.regex), behavior="isolated"))
    steps.append(pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=split.regex is None))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer, split.begins


def _sentencepiece(vocabulary: Vocabulary) -> tuple[Tokenizer, bool]:
    """Joins are not in the file: a piece is made of any two that give it, in the order of the vocabulary."""
    vocabulary.refuse_unless_in_order_of_scores()
    # Gemma's pieces of several spaces are written with spaces in the file.
    ids = {BLANK * len(piece) if not piece.strip(" ") else piece: id for piece, id in vocabulary.ids.items()}
    joined = {piece: id for piece, id in ids.items() if vocabulary.kinds[id] in (NORMAL, WRITTEN) and len(piece) > 1}
    apart = {piece for piece, id in ids.items() if vocabulary.kinds[id] in (CONTROL, UNKNOWN, UNUSED, BYTE)}
    joins = [
        pair
        for piece in sorted(joined, key=joined.__getitem__)
        for pair in sorted(_halves(piece, ids, apart), key=lambda pair: (len(pair[0]), len(pair[1])))
    ]
    unknown = vocabulary.named("unknown")
    tokenizer = Tokenizer(
        models.BPE(
            vocab=ids,
            merges=joins,
            unk_token=None if unknown is None else vocabulary.pieces[unknown],
            fuse_unk=True,
            byte_fallback=True,
        )
    )
    prefix = vocabulary.flag("ggml.add_space_prefix", True)
    blanks = normalizers.Replace(" ", BLANK)
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend(BLANK), blanks]) if prefix else blanks
    backwards = [decoders.Replace(BLANK, " "), decoders.ByteFallback(), decoders.Fuse()]
    tokenizer.decoder = decoders.Sequence([*backwards, decoders.Strip(" ", 1, 0)] if prefix else backwards)
    return tokenizer, True


def _halves(piece: str, ids: Mapping[str, int], apart: set[str]) -> list[tuple[str, str]]:
    cuts = ((piece[:at], piece[at:]) for at in range(1, len(piece)))
    return [(a, b) for a, b in cuts if a in ids and b in ids and a not in apart and b not in apart]


def _put_around(tokenizer: Tokenizer, vocabulary: Vocabulary, begins: bool) -> None:
    """Put the start and the end token around texts, where the file says so."""
    around = []
    for name, flag, usual in (("bos", "ggml.add_bos_token", begins), ("eos", "ggml.add_eos_token", False)):
        id = vocabulary.named(name)
        if vocabulary.flag(flag, usual):
            if id is None:
                raise UnprovenTokenizer(vocabulary.header, f"it puts a {name} token around texts but names none")
            around.append((name, vocabulary.pieces[id], id))
    if around:
        parts = {name: piece for name, piece, _ in around}
        single = [*([parts["bos"]] if "bos" in parts else []), "$A", *([parts["eos"]] if "eos" in parts else [])]
        tokenizer.post_processor = processors.TemplateProcessing(
            single=single, special_tokens=[(piece, id) for _, piece, id in around]
        )
