"""The tokenizer of a GGUF file's model, proven: the one that the file describes, or the model's own that is given."""

import hashlib
import os
from pathlib import Path

from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

from engine.locations import LOCAL
from engine.models.loading.folder import read_json, refuse_remote_code, settings_files
from engine.models.loading.gguf.proof import prove
from engine.models.loading.gguf.tokenizer import build_tokenizer
from engine.models.loading.gguf.vocabulary import UnprovenTokenizer, Vocabulary
from engine.models.loading.pretrained import read_tokenizer
from engine.models.loading.reading import reading
from engine.models.loading.source import find_tokenizer

# Building and proving one takes seconds, reading it a fraction. A new way of building makes new files.
FOLDER = LOCAL / "tokenizers"
_MADE = 1


def tokenizer_in(vocabulary: Vocabulary, sha256: str) -> PreTrainedTokenizerFast:
    """Give the tokenizer that a file of this hash describes; built and proven once, then kept in the user's store.

    Raises UnprovenTokenizer, UnusableModel.
    """
    kept = FOLDER / f"{sha256}.{_MADE}.json"
    if not _is_whole(kept):
        with reading(vocabulary.header.file, "its tokenizer cannot be built"):
            built = build_tokenizer(vocabulary)
        prove(built, vocabulary)
        if not _keep(built, kept):
            return _wrapped(vocabulary, tokenizer_object=built)
    return _wrapped(vocabulary, tokenizer_file=str(kept))


def tokenizer_beside(vocabulary: Vocabulary, source: str) -> PreTrainedTokenizerFast:
    """Give the tokenizer of a folder or hub id, held against the file's vocabulary. Raises IsoglossError."""
    folder = find_tokenizer(source)
    settings = settings_files(folder)
    refuse_remote_code(folder, {file.name: read_json(file) for file in settings if file.suffix == ".json"})
    tokenizer = read_tokenizer(folder)
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise UnprovenTokenizer(vocabulary.header, f"the tokenizer in {folder} has no tokenizer.json")
    prove(tokenizer.backend_tokenizer, vocabulary)
    return tokenizer


def _is_whole(kept: Path) -> bool:
    """Whether a kept tokenizer is there as it was written: one that is damaged would cut texts otherwise."""
    try:
        return _sum_of(kept).read_text() == hashlib.sha256(kept.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return False


def _keep(built: Tokenizer, kept: Path) -> bool:
    """Write it for the next time; where that cannot be done, the next time takes as long as this one."""
    text = built.to_str().encode()
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        for file, content in ((kept, text), (_sum_of(kept), hashlib.sha256(text).hexdigest().encode())):
            temporary = file.with_name(f".{file.name}.{os.getpid()}")
            temporary.write_bytes(content)
            temporary.replace(file)
    except OSError:
        return False
    return True


def _sum_of(kept: Path) -> Path:
    return kept.with_suffix(".sha256")


def _wrapped(vocabulary: Vocabulary, **backend: object) -> PreTrainedTokenizerFast:
    named = {"bos_token": "bos", "eos_token": "eos", "unk_token": "unknown", "pad_token": "padding"}
    ids = {token: vocabulary.named(name) for token, name in named.items()}
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        chat_template=vocabulary.text("chat_template") or None,
        split_special_tokens=True,
        clean_up_tokenization_spaces=False,
        **{token: vocabulary.pieces[id] for token, id in ids.items() if id is not None},
        **backend,
    )
