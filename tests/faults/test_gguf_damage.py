"""GGUF files that are damaged, cut off, hostile or of another kind: one line each, and never another model's scores."""

import random
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gguf.constants import GGMLQuantizationType as Format

from engine.errors import IsoglossError
from engine.models.loading.gguf import proven_tokenizer
from engine.models.loading.gguf.header import read_gguf_header
from engine.models.loading.load import load
from tests.support.gguf_small import Edit, Family, Keys, Tensors, make_gguf
from tests.support.tiny_models import write_sums

QUERY = "blk.1.attn_q.weight"


@pytest.fixture(autouse=True)
def own_tokenizers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proven_tokenizer, "FOLDER", tmp_path / "tokenizers")


def _refusal(file: Path) -> str:
    with pytest.raises(IsoglossError) as refused:
        load(str(file))
    said = str(refused.value)
    assert "\n" not in said and said.startswith(str(file.parent)) and file.name in said
    return said


def _keys(**changes: object) -> Edit:
    def edit(keys: Keys, _: Tensors) -> None:
        for key, value in changes.items():
            name = key.replace("__", ".")
            keys[name] = value(keys[name]) if callable(value) else value

    return edit


def _tensors(change: Callable[[Tensors], object]) -> Edit:
    def edit(_: Keys, tensors: Tensors) -> None:
        change(tensors)

    return edit


def _rename(tensors: Tensors) -> None:
    tensors["blk.1.attn_query.weight"] = tensors.pop(QUERY)


def _shuffled(pieces: list[str]) -> list[str]:
    """The normal pieces, which come last, in another order."""
    kept = pieces[4:]
    random.Random(0).shuffle(kept)
    return [*pieces[:4], *kept]


CASES: dict[str, tuple[Family, Edit, str]] = {
    "tensor missing": ("llama", _tensors(lambda t: t.pop(QUERY)), f"tensors are missing: {QUERY}"),
    "tensor renamed": ("llama", _tensors(_rename), f"tensors are missing: {QUERY}"),
    "tensor too many": (
        "llama",
        _tensors(lambda t: t.update({"blk.0.attn_q.bias": t["output_norm.weight"]})),
        "no place in the model: blk.0.attn_q.bias",
    ),
    "embeddings missing": ("qwen2", _tensors(lambda t: t.pop("token_embd.weight")), "missing: token_embd.weight"),
    "shape changed": (
        "qwen2",
        _tensors(lambda t: t.update({QUERY: (np.zeros((256, 128), np.float32), Format.F32)})),
        f"{QUERY} (256, 128), not (256, 256)",
    ),
    "shape turned": (
        "gemma3",
        _tensors(lambda t: t.update({"blk.0.ffn_up.weight": t["blk.0.ffn_down.weight"]})),
        "blk.0.ffn_up.weight (256, 512), not (512, 256)",
    ),
    "numbers infinite": (
        "llama",
        _tensors(lambda t: t.update({QUERY: (np.full((256, 256), np.inf, np.float32), Format.F32)})),
        f"{QUERY} holds values that are no finite numbers",
    ),
    "factors of another model": (
        "llama",
        _tensors(lambda t: t.update({"rope_freqs.weight": (np.full(32, 7, np.float32), Format.F32)})),
        "turn positions otherwise than Llama 3.1",
    ),
    "a layer more": ("llama", _keys(llama__block_count=3), "it says 3 layers and holds 2"),
    "layers beyond counting": ("llama", _keys(llama__block_count=2**31 - 1), "layers and holds 2"),
    "heads that do not divide": ("qwen2", _keys(qwen2__attention__head_count=3), "another shape than its header says"),
    "no heads": ("qwen2", _keys(qwen2__attention__head_count=0), "attention.head_count is 0, not a positive"),
    "a setting unknown": ("llama", _keys(llama__attention__sliding_window=64), "sets what is not known here"),
    "experts": ("llama", _keys(llama__expert_count=8), "expert_count is 8"),
    "rotation stretched in an unknown way": (
        "qwen2",
        _keys(qwen2__rope__scaling__type="yarn"),
        "rope.scaling.type is 'yarn'",
    ),
    "rotation of half a head": ("llama", _keys(llama__rope__dimension_count=16), "not ("),
    "no rate": ("llama", _keys(llama__rope__freq_base=float("nan")), "freq_base is nan, not a positive number"),
    "an adapter": ("llama", _keys(general__type="adapter"), "it holds no model but: adapter"),
    "a part": ("llama", _keys(split__count=3), "one of 3 parts; join them"),
    "vocabulary shuffled": (
        "llama",
        _keys(tokenizer__ggml__tokens=_shuffled),
        "tokenizer",
    ),
    "bytes shuffled": ("qwen2", _keys(tokenizer__ggml__tokens=_shuffled), "does not stand in the order"),
    "joins in another order": (
        "qwen2",
        _keys(tokenizer__ggml__merges=lambda joins: joins[::-1]),
        "does not stand in the order",
    ),
    "joins missing": ("qwen2", _keys(tokenizer__ggml__merges=lambda joins: joins[:1]), "where its pieces allow"),
    "joins of nothing": ("qwen2", _keys(tokenizer__ggml__merges=lambda joins: [*joins, "Q Z"]), "'Q Z'"),
    "scores in another order": (
        "gemma3",
        _keys(tokenizer__ggml__scores=lambda scores: [*scores[:-2], scores[-1], scores[-2]]),
        "in the order of its scores",
    ),
    "bytes missing": (
        "gemma3",
        _keys(tokenizer__ggml__tokens=lambda pieces: [p.replace("<0x", "<0y") for p in pieces]),
        "changes a text",
    ),
    "pieces too few": ("gemma3", _keys(tokenizer__ggml__tokens=lambda pieces: pieces[:-1]), "embeddings"),
    "a piece twice": ("gemma3", _keys(tokenizer__ggml__tokens=lambda p: [*p[:-1], p[-2]]), "a piece twice"),
    "no vocabulary": ("llama", _keys(tokenizer__ggml__tokens="none"), "no vocabulary"),
    "no way of cutting": ("qwen2", _keys(tokenizer__ggml__pre=""), "does not say how texts are cut"),
    "a kind of tokenizer unknown": ("llama", _keys(tokenizer__ggml__model="rwkv"), "of the kind 'rwkv'"),
    "start token beyond": ("llama", _keys(tokenizer__ggml__bos_token_id=99_999), "has the id 99,999"),
    "a flag no flag": ("llama", _keys(tokenizer__ggml__add_bos_token="yes"), "add_bos_token is 'yes'"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_not_exactly_a_model_is_refused(case: str, tmp_path: Path) -> None:
    family, edit, said = CASES[case]
    assert said in _refusal(make_gguf(tmp_path, family, edit=edit).file)


BYTES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "begin as a GGUF file"),
    "another format": (lambda whole: b"PK\x03\x04" + whole[4:], "begin as a GGUF file"),
    "a version to come": (lambda whole: whole[:4] + struct.pack("<I", 9) + whole[8:], "GGUF version 9"),
    "the other end first": (lambda whole: whole[:4] + struct.pack(">I", 3) + whole[8:], "big-endian"),
    "tensors beyond counting": (lambda w: w[:8] + struct.pack("<Q", 2**60) + w[16:], "more than the file can hold"),
    "keys beyond counting": (lambda w: w[:16] + struct.pack("<Q", 2**40) + w[24:], "more than the file can hold"),
    "cut off in its header": (lambda whole: whole[:2000], "header"),
    "cut off in its weights": (lambda whole: whole[:-50_000], "cut off"),
    "one byte short": (lambda whole: whole[:-200], "cut off"),
    "a text without end": (lambda w: w[:24] + struct.pack("<Q", 2**62) + w[32:], "a text of 4,611,686,018,427,387,904"),
}


@pytest.mark.parametrize("case", BYTES)
def test_a_damaged_file_is_refused_before_its_weights_are_read(case: str, tmp_path: Path) -> None:
    change, said = BYTES[case]
    file = make_gguf(tmp_path, "llama", "Q8_0").file
    file.write_bytes(change(file.read_bytes()))
    assert said in _refusal(file)


def _damaged(whole: bytes, chance: random.Random, header: int) -> bytes:
    """A bit turned, a byte or a number put in, a piece taken out or doubled: mostly in the header."""
    at = chance.randrange(4, header if chance.random() < 0.8 else len(whole))
    match chance.randrange(5):
        case 0:
            return whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :]
        case 1:
            return whole[:at] + chance.randbytes(1) + whole[at + 1 :]
        case 2:
            return whole[:at] + struct.pack("<Q", chance.choice([0, 2**31, 2**63, 2**64 - 1])) + whole[at + 8 :]
        case 3:
            return whole[:at] + whole[at + chance.randrange(1, 64) :]
        case _:
            return whole[:at] + whole[at : at + chance.randrange(1, 64)] + whole[at:]


@pytest.mark.slow
@pytest.mark.parametrize("family", ["llama", "qwen2", "gemma3"])
def test_beside_its_hash_no_damage_scores(family: Family, tmp_path: Path) -> None:
    """Damage that leaves a file whole, such as another weight, shows by the hash alone: with it, nothing scores."""
    file = make_gguf(tmp_path, family, "Q8_0").file
    alone = tmp_path / "alone"
    alone.mkdir()
    file = file.rename(alone / file.name)
    write_sums(alone)
    whole, chance = file.read_bytes(), random.Random(family)
    header = min(tensor.start for tensor in read_gguf_header(file).tensors.values())
    load(str(file))
    refused = 0
    for _ in range(670):
        damaged = _damaged(whole, chance, header)
        if damaged != whole:
            file.write_bytes(damaged)
            _refusal(file)
            refused += 1
    assert refused > 600
    file.write_bytes(whole)
    load(str(file))


@pytest.mark.slow
@pytest.mark.parametrize("family", ["llama", "qwen2", "gemma3"])
def test_without_a_hash_damage_is_a_line_or_leaves_the_file_a_whole_one(family: Family, tmp_path: Path) -> None:
    file = make_gguf(tmp_path, family, "Q8_0").file
    whole, chance = file.read_bytes(), random.Random(f"{family} alone")
    header = min(tensor.start for tensor in read_gguf_header(file).tensors.values())
    lines = loaded = 0
    for _ in range(120):
        file.write_bytes(_damaged(whole, chance, header))
        try:
            load(str(file))
            loaded += 1
        except IsoglossError as error:
            assert "\n" not in str(error)
            lines += 1
    assert lines > 40 and loaded + lines == 120
