"""Damaged, unsafe and foreign model folders: each is named, with its file and a remedy, before anything can score."""

import json
import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM, BertConfig, BertLMHeadModel

from engine.errors import IsoglossError
from engine.models.loading import pretrained as loading
from engine.models.loading.load import load
from tests.support.tiny_models import TEXTS, make_model, write_sums

Damage = Callable[[Path], object]
WEIGHTS = "model.safetensors"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("whole") / "lab", "llama", vocabulary_texts=TEXTS)


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy of a whole model, to be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "lab"))


def _remove(name: str) -> Damage:
    return lambda folder: (folder / name).unlink()


def _pipe(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    os.mkfifo(folder / WEIGHTS)


def _cut(name: str, size: int) -> Damage:
    return lambda folder: os.truncate(folder / name, size)


def _write(name: str, content: bytes) -> Damage:
    return lambda folder: (folder / name).write_bytes(content)


def _edit(name: str, **changes: Any) -> Damage:
    def damage(folder: Path) -> None:
        settings = json.loads((folder / name).read_bytes()) | changes if (folder / name).exists() else changes
        (folder / name).write_text(json.dumps(settings))

    return damage


def _flip(folder: Path) -> None:
    """One bit of one weight: the header stays right, so only a hash can tell."""
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[-10] ^= 1
    (folder / WEIGHTS).write_bytes(content)


def _tensors(change: Callable[[dict[str, torch.Tensor]], object]) -> Damage:
    def damage(folder: Path) -> None:
        tensors = load_file(folder / WEIGHTS)
        change(tensors)
        save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})

    return damage


def _pickled_only(folder: Path) -> None:
    torch.save(load_file(folder / WEIGHTS), folder / "pytorch_model.bin")
    (folder / WEIGHTS).unlink()


UP = "model.layers.1.mlp.up_proj.weight"
NORM = "model.norm.weight"
HUGE_HEADER = struct.pack("<Q", 2**40) + b"{}" * 1000
# What is done to the folder, and what the message must say beside the folder: first the file, then the fault.
TWELVE: dict[str, tuple[Damage, tuple[str, ...]]] = {
    "missing": (shutil.rmtree, ("no such folder",)),
    "no tokenizer": (_remove("tokenizer.json"), ("tokenizer.json", "no tokenizer")),
    "no config": (_remove("config.json"), ("no config.json",)),
    "cut off": (_cut(WEIGHTS, 300_000), (WEIGHTS, "300,000 bytes", "cut off")),
    "empty": (_cut(WEIGHTS, 0), (WEIGHTS, "0 bytes")),
    "bit flipped": (_flip, (WEIGHTS, "SHA256SUMS")),
    "tensor missing": (_tensors(lambda tensors: tensors.pop(UP)), (WEIGHTS, "missing", UP)),
    "huge header": (_write(WEIGHTS, HUGE_HEADER), (WEIGHTS, "header too large")),
    "broken JSON": (_write("config.json", b'{"model_type": "llama",'), ("config.json is broken", "line 1")),
    "pickle only": (_pickled_only, ("pytorch_model.bin", "pickle")),
    "remote code": (
        _edit("config.json", auto_map={"AutoModelForCausalLM": "evil.Model"}),
        ("config.json", "auto_map", "never"),
    ),
    "foreign type": (_edit("config.json", model_type="gpt2"), ("config.json", '"gpt2"', "LlamaForCausalLM")),
}
MORE: dict[str, tuple[Damage, tuple[str, ...]]] = {
    "unknown type": (_edit("config.json", model_type="lama"), ("config.json", '"lama"', "near it: llama")),
    "no type": (_edit("config.json", model_type=None), ("config.json", "model_type")),
    "encoder": (_edit("config.json", model_type="t5", architectures=None), ("config.json", '"t5"', "not a causal")),
    "masked": (
        _edit("config.json", model_type="bert", architectures=["BertForMaskedLM"]),
        ("config.json", "BertForMaskedLM", "not a causal"),
    ),
    "two halves": (_edit("config.json", is_encoder_decoder=True), ("config.json", "not a causal")),
    "config a list": (_write("config.json", b"[]"), ("config.json", "not a JSON object")),
    "config no text": (_write("config.json", b"\xff\xfe\x00"), ("config.json is broken",)),
    "config deep": (_write("config.json", b'{"a":' * 100_000), ("config.json is broken",)),
    "config nonsense": (_edit("config.json", hidden_size="64"), ("config.json cannot be used", "hidden_size")),
    "config divides by 0": (_edit("config.json", num_attention_heads=0), ("config.json cannot be used",)),
    "other activation": (_edit("config.json", hidden_act="nonsense"), ("cannot be loaded", "nonsense")),
    "other shape": (_tensors(lambda t: t.update({NORM: torch.ones(3)})), (WEIGHTS, NORM, "(3,), not (64,)")),
    "left over": (_tensors(lambda t: t.update({"more": torch.ones(3)})), (WEIGHTS, "no place", "more")),
    "fewer layers": (_edit("config.json", num_hidden_layers=1), (WEIGHTS, "no place", "layers.1", "4 more")),
    "more layers": (_edit("config.json", num_hidden_layers=3), (WEIGHTS, "missing", "layers.2")),
    "NaN": (_tensors(lambda t: t[NORM].__setitem__(3, torch.nan)), (WEIGHTS, NORM, "no finite numbers")),
    "infinity": (_tensors(lambda t: t[UP].__setitem__((1, 1), -torch.inf)), (WEIGHTS, UP, "no finite numbers")),
    "whole numbers": (_tensors(lambda t: t.update({UP: t[UP].char()})), (UP, "whole numbers", "quantization")),
    "quantization unknown": (
        _edit("config.json", quantization_config={"quant_method": "magic"}),
        ("config.json", "quantization", "'magic'"),
    ),
    "quantization not here": (
        _edit("config.json", quantization_config={"quant_method": "gptq", "bits": 4}),
        ("a package is missing", "optimum"),
    ),
    "other weights": (_edit("config.json", transformers_weights="x.safetensors"), ("transformers_weights",)),
    "distributed": (_write("shard-00001-model-00001-of-00001.safetensors", b"x"), ("distributed checkpoint",)),
    "weights a pipe": (
        _pipe,
        ("no weights",),
    ),
    "no weights": (_remove(WEIGHTS), ("no weights", WEIGHTS)),
    "other format": (
        lambda folder: (folder / WEIGHTS).rename(folder / "model.gguf"),
        ("its weights are GGUF files", "give one of them: model.gguf"),
    ),
    "another name": (
        lambda folder: (folder / WEIGHTS).rename(folder / "model.fp16.safetensors"),
        ("other names", "model.fp16.safetensors", f"call it {WEIGHTS}"),
    ),
    "a shard without index": (
        lambda folder: (folder / WEIGHTS).rename(folder / "model-00001-of-00002.safetensors"),
        ("other names", "model-00001-of-00002.safetensors", "model.safetensors.index.json"),
    ),
    "another name beside a pickle": (
        lambda folder: (
            (folder / WEIGHTS).rename(folder / "consolidated.safetensors"),
            (folder / "pytorch_model.bin").write_bytes(b"x"),
        ),
        ("other names", "consolidated.safetensors"),
    ),
    "capitals": (lambda folder: (folder / WEIGHTS).rename(folder / "model.GGUF"), ("give one of them: model.GGUF",)),
    "ONNX": (lambda folder: (folder / WEIGHTS).rename(folder / "model.onnx"), ("ONNX is not read yet", "model.onnx")),
    "tokenizer broken": (_write("tokenizer.json", b"{"), ("tokenizer.json is broken",)),
    "tokenizer odd": (_write("tokenizer.json", b'{"version": "1.0"}'), ("tokenizer cannot be loaded",)),
    "tokenizer unknown": (_edit("tokenizer.json", model={"type": "?"}), ("tokenizer cannot be loaded", "variant")),
    "adapter beside": (_edit("adapter_config.json", r=4), ("adapter_config.json", "folder of its own")),
    "only an adapter": (
        lambda folder: (folder / "config.json").rename(folder / "adapter_config.json"),
        ("an adapter, not a model",),
    ),
    "sums broken": (_write("SHA256SUMS", b"nonsense\n"), ("SHA256SUMS is broken",)),
    "sums lead out": (_write("SHA256SUMS", b"0" * 64 + b"  ../x\n"), ("SHA256SUMS is broken",)),
    "sums list more": (_remove("generation_config.json"), ("SHA256SUMS", "generation_config.json")),
    "sums list less": (_write("merges.txt", b"a b\n"), ("SHA256SUMS does not list merges.txt",)),
    "settings changed": (_edit("config.json", rms_norm_eps=1e-2), ("config.json", "not what SHA256SUMS says")),
}


def _refusal(folder: Path) -> str:
    with pytest.raises(IsoglossError) as refused:
        load(str(folder))
    message = str(refused.value)
    assert str(folder) in message and "; " in message and "\n" not in message
    return message


@pytest.mark.parametrize("fault", TWELVE)
def test_twelve_faults_of_a_folder_with_sums_are_named(fault: str, folder: Path) -> None:
    """Whatever the sums say of it too, the message says what the fault is: sums are for what nothing else can see."""
    write_sums(folder)
    assert load(str(folder)).identity.verified
    damage, said = TWELVE[fault]
    damage(folder)
    if fault == "tensor missing":  # a model that was saved without it: its sums are right
        write_sums(folder)
    message = _refusal(folder)
    assert all(words in message for words in said), message


@pytest.mark.parametrize("fault", MORE)
def test_more_faults_are_named(fault: str, folder: Path) -> None:
    damage, said = MORE[fault]
    with_sums = fault in ("sums list more", "sums list less", "settings changed")
    if with_sums:
        write_sums(folder)
    damage(folder)
    message = _refusal(folder)
    assert all(words in message for words in said), message


def test_without_sums_a_flipped_bit_loads_as_not_verified_and_another_hash(folder: Path) -> None:
    before = load(str(folder))
    _flip(folder)
    after = load(str(folder))
    assert not before.identity.verified and not after.identity.verified
    assert before.identity.weights_sha256 != after.identity.weights_sha256


def test_without_its_own_checks_a_missing_tensor_would_be_filled_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: what the check stops is a model that loads without a word, with random numbers in it."""
    _tensors(lambda tensors: tensors.pop(UP))(folder)
    monkeypatch.setattr(loading, "refuse_unless_exact", lambda *_: None)
    assert load(str(folder)).model.get_parameter(UP).std() > 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("model.onnx", "ONNX is not read yet; give the folder, or the hub id, of the model's safetensors version"),
        ("tf_model.h5", "H5 is not read yet"),
        ("model.safetensors", "is a file; give the folder that it is in"),
    ],
)
def test_a_file_is_no_model_and_says_what_to_give(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"GGUF")
    with pytest.raises(IsoglossError) as refused:
        load(str(tmp_path / name))
    assert said in str(refused.value)
    assert ("folder that it is in" in str(refused.value)) == (name == "model.safetensors")


def test_tied_weights_are_not_missing(tmp_path: Path) -> None:
    tied = make_model(tmp_path / "tied", "qwen2", vocabulary_texts=TEXTS)
    assert "lm_head.weight" not in load_file(tied / WEIGHTS)
    model = load(str(tied)).model
    assert model.get_parameter("lm_head.weight") is model.get_parameter("model.embed_tokens.weight")
    _tensors(lambda tensors: tensors.pop("model.embed_tokens.weight"))(tied)
    assert "model.embed_tokens.weight" in _refusal(tied)


def test_masks_that_older_versions_saved_are_no_weights(tmp_path: Path) -> None:
    old = make_model(tmp_path / "old", "opt", vocabulary_texts=TEXTS)
    mask = torch.ones(1, 1, 8, 8, dtype=torch.uint8)
    _tensors(lambda tensors: tensors.update({"model.decoder.layers.0.attn.bias": mask}))(old)
    load(str(old))
    _tensors(lambda tensors: tensors.update({"model.decoder.layers.0.attn.bias": torch.ones(8)}))(old)
    assert "no place" in _refusal(old)


def test_a_model_that_reads_what_follows_is_not_causal(folder: Path) -> None:
    """Its config calls it a language model; only running it shows that it sees the words to come."""
    sizes: dict[str, Any] = dict(
        hidden_size=64, num_hidden_layers=1, num_attention_heads=4, intermediate_size=64, vocab_size=640
    )
    for causal in (False, True):
        torch.manual_seed(0)
        BertLMHeadModel(BertConfig(**sizes, is_decoder=causal)).save_pretrained(folder)
        if causal:
            load(str(folder))
        else:
            assert "not a causal language model" in _refusal(folder)


def test_a_tokenizer_of_another_model_is_refused(folder: Path) -> None:
    config = AutoConfig.from_pretrained(folder)
    config.vocab_size = 300  # the tokenizer has more words
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)  # type: ignore[no-untyped-call]
    assert "only 300 embeddings" in _refusal(folder)


def test_shards_load_and_a_missing_one_is_named(folder: Path) -> None:
    whole = load(str(folder)).model
    whole.save_pretrained(folder, max_shard_size="200KB")
    (folder / WEIGHTS).unlink()
    shards = sorted(folder.glob("model-*.safetensors"))
    assert len(shards) > 2
    for name, tensor in load(str(folder)).model.state_dict().items():
        assert torch.equal(tensor, whole.state_dict()[name])
    index = json.loads((folder / f"{WEIGHTS}.index.json").read_bytes())
    _edit(f"{WEIGHTS}.index.json", weight_map=index["weight_map"] | {UP: shards[0].name, NORM: shards[1].name})(folder)
    assert "are missing" in (message := _refusal(folder)) and f"in {shards[0].name}" in message
    _edit(f"{WEIGHTS}.index.json", weight_map={UP: "../lab/" + shards[0].name})(folder)
    assert "no safetensors file of this folder" in _refusal(folder)
    _edit(f"{WEIGHTS}.index.json", weight_map=index["weight_map"])(folder)
    shards[1].unlink()
    assert f"1 of {len(shards)} weight files are missing: {shards[1].name}" in _refusal(folder)
