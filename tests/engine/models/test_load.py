"""Loading models: exactly what the files say, with everything recorded that could make another score."""

import hashlib
import os
import shutil
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import peft
import pytest
import torch
from huggingface_hub.errors import LocalEntryNotFoundError
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging

from engine.errors import IsoglossError
from engine.models.loading import source as sources
from engine.models.loading.device import place
from engine.models.loading.load import load
from engine.models.settings import OpenSettings
from tests.support.tiny_models import TEXTS, Architecture, make_model, write_sums


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("models") / "lab", "llama", vocabulary_texts=TEXTS)


def _logits(model: torch.nn.Module, ids: Sequence[int] = tuple(range(20, 40))) -> torch.Tensor:
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits
    assert isinstance(logits, torch.Tensor)
    return logits


@pytest.mark.parametrize("architecture", get_args(Architecture))
def test_every_architecture_loads_as_transformers_itself_loads_it(architecture: Architecture, tmp_path: Path) -> None:
    folder = make_model(tmp_path / architecture, architecture, vocabulary_texts=TEXTS, context_length=96)
    loaded = load(str(folder))
    plain = AutoModelForCausalLM.from_pretrained(folder).eval()  # type: ignore[no-untyped-call]
    assert torch.equal(_logits(loaded.model), _logits(plain))
    assert not loaded.model.training and loaded.context_length == 96
    # the tokenizer is the folder's own, but a special token inside a text is plain characters
    plain, special = AutoTokenizer.from_pretrained(folder), set(loaded.tokenizer.all_special_ids)
    assert loaded.tokenizer(TEXTS[4]).input_ids == plain(TEXTS[4]).input_ids
    for token in loaded.tokenizer.all_special_tokens:
        assert len(loaded.tokenizer.all_special_tokens) == 8
        assert special.intersection(plain(f"a{token}b", add_special_tokens=False).input_ids)
        ids = loaded.tokenizer(f"a{token}b", add_special_tokens=False).input_ids
        assert not special.intersection(ids) and loaded.tokenizer.decode(ids) == f"a{token}b"


def test_the_same_arguments_make_the_same_model(lab: Path, tmp_path: Path) -> None:
    again = make_model(tmp_path / "again", "llama", vocabulary_texts=TEXTS)
    other = make_model(tmp_path / "other", "llama", vocabulary_texts=TEXTS, seed=1)
    assert [file.read_bytes() for file in sorted(again.iterdir())] == [f.read_bytes() for f in sorted(lab.iterdir())]
    assert load_file(other / "model.safetensors")["lm_head.weight"].ne(load(str(lab)).model.lm_head.weight).all()


def test_what_was_loaded_is_recorded(lab: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(lab, tmp_path / "lab"))
    identity = load(str(folder)).identity
    assert (identity.name, identity.source, identity.dtype, identity.device) == ("lab", str(folder), "float32", "cpu")
    assert identity.weights_sha256 == hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert identity.versions["torch"] == torch.__version__ and {"transformers", "tokenizers"} < set(identity.versions)
    # another place, the same model; other settings, the same weights, another model
    assert load(str(lab)).identity.revision == identity.revision
    (folder / "generation_config.json").write_text('{"repetition_penalty": 2.0}')
    changed = load(str(folder), OpenSettings(name="lab/2")).identity
    assert changed.name == "lab/2" and changed.weights_sha256 == identity.weights_sha256
    assert changed.revision != identity.revision


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_a_number_format_can_be_chosen(dtype: str, lab: Path) -> None:
    loaded = load(str(lab), OpenSettings(dtype=dtype))
    assert loaded.identity.dtype == dtype and loaded.model.dtype == getattr(torch, dtype)


def test_values_that_a_format_cannot_hold_are_named(lab: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(lab, tmp_path / "lab"))
    tensors = load_file(folder / "model.safetensors")
    tensors["model.norm.weight"][0] = 70_000.0  # float16 ends at 65,504
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    assert load(str(folder), OpenSettings(dtype="bfloat16")).identity.dtype == "bfloat16"
    with pytest.raises(IsoglossError, match=r"model\.norm\.weight .* float16; .*--dtype"):
        load(str(folder), OpenSettings(dtype="float16"))


def test_loading_from_a_folder_asks_no_network_and_prints_nothing(
    lab: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    tried: list[object] = []

    def refuse(*address: object, **_: object) -> None:
        tried.append(address)
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    load(str(lab))
    assert tried == [] and capfd.readouterr() == ("", "")
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before


# Adapters


def _adapter(base: Path, folder: Path) -> torch.nn.Module:
    """Save a LoRA of random numbers, and return the model it was saved from."""
    torch.manual_seed(0)
    lora = peft.LoraConfig(r=2, target_modules=["q_proj", "v_proj"], init_lora_weights=False, task_type="CAUSAL_LM")
    model = peft.get_peft_model(AutoModelForCausalLM.from_pretrained(base), lora)
    model.save_pretrained(str(folder))
    return model.eval()


@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")
def test_an_adapter_is_applied_exactly_or_refused_by_name(lab: Path, tmp_path: Path) -> None:
    folder = tmp_path / "french"
    reference = _adapter(lab, folder)
    base, adapted = load(str(lab)), load(str(lab), OpenSettings(adapter=folder))
    assert torch.equal(_logits(adapted.model), _logits(reference))
    assert not torch.equal(_logits(adapted.model), _logits(base.model))
    assert adapted.identity.name == "lab+french" and "peft" in adapted.identity.versions
    assert adapted.identity.weights_sha256 != base.identity.weights_sha256
    weights = folder / "adapter_model.safetensors"
    tensors = load_file(weights)

    def refused(words: str, base: Path = lab) -> None:
        with pytest.raises(IsoglossError, match=words) as error:
            load(str(base), OpenSettings(adapter=folder))
        assert str(folder) in str(error.value)

    refused("does not fit the model: .*size mismatch", make_model(tmp_path / "q", "qwen2", vocabulary_texts=TEXTS))
    refused("does not fit the model: .*q_proj", make_model(tmp_path / "gpt2", "gpt2", vocabulary_texts=TEXTS))
    first = min(tensors)
    save_file({name: tensor for name, tensor in tensors.items() if name != first}, weights)
    refused(f"adapter_model.safetensors lacks {first}")
    save_file(tensors | {first.replace("layers.0", "layers.9"): tensors[first].clone()}, weights)
    refused("has no place in the model: .*layers.9")
    save_file(tensors, weights)
    write_sums(folder)
    save_file(tensors | {first: tensors[first] + 1}, weights)
    refused("adapter_model.safetensors is not what SHA256SUMS says")
    weights.rename(folder / "adapter_model.bin")
    refused("no adapter_model.safetensors, only adapter_model.bin")
    (folder / "adapter_config.json").write_text('{"auto_map": {"AutoModel": "evil.Evil"}}')
    refused("asks to run code")
    shutil.rmtree(folder)
    refused("no such folder")


# Where models come from


def test_sources_that_are_none(tmp_path: Path, lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sources, "EMBEDDED", tmp_path)
    shutil.copytree(lab, tmp_path / "models" / "small")
    assert load("small").identity.name == "small"
    for nowhere in ("/no/such/folder", "./llama", "llama", "a/b/c", "~/nothing", "../x/y", ""):
        with pytest.raises(IsoglossError, match=r"no such folder; .*ORGANISATION/NAME.*\(small\)") as error:
            load(nowhere)
        assert error.value.exit_status == 1
    with pytest.raises(IsoglossError, match="is a file"):
        load(str(lab / "config.json"))
    with pytest.raises(IsoglossError, match="only models of a hub have revisions") as error:
        load(str(lab), OpenSettings(revision="main"))
    assert error.value.exit_status == 64
    for name in ("", "a b", "-x", "é", "x" * 200, "a\n"):
        with pytest.raises(IsoglossError, match="cannot be the name") as error:
            load(str(lab), OpenSettings(name=name))


def _hub_cache(lab: Path, cache: Path, commit: str) -> Path:
    """What the hub's library leaves on a machine: blobs named by their hash, and links to them."""
    repository = cache / "models--org--lab"
    snapshot = repository / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (repository / "blobs").mkdir()
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    for file in lab.iterdir():
        content = file.read_bytes()
        git = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        blob = repository / "blobs" / (hashlib.sha256(content) if file.suffix == ".safetensors" else git).hexdigest()
        blob.write_bytes(content)
        (snapshot / file.name).symlink_to(os.path.relpath(blob, snapshot))
    return snapshot


def test_a_hub_model_on_this_machine_is_verified(lab: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = _hub_cache(lab, tmp_path, "c" * 40)
    asked: list[object] = []

    def download(*ids: object, **_: object) -> str:
        asked.append(ids)
        return str(snapshot)

    monkeypatch.setattr(sources, "snapshot_download", download)
    loaded = load("org/lab", OpenSettings(revision="main"))
    assert asked == [("org/lab",)] and loaded.identity.verified
    assert (loaded.identity.name, loaded.identity.revision) == ("org/lab", "c" * 40)
    assert torch.equal(_logits(loaded.model), _logits(load(str(lab)).model))
    for name in ("model.safetensors", "tokenizer.json"):
        blob = (snapshot / name).resolve()
        whole = blob.read_bytes()
        blob.write_bytes(whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:])
        with pytest.raises(IsoglossError, match="tokenizer.json is broken|is not as it was downloaded") as error:
            load("org/lab")
        assert name in str(error.value)
        blob.write_bytes(whole)


def test_the_note_of_a_download_verifies_the_weights(lab: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(lab, tmp_path / "lab"))
    notes = folder / ".cache" / "huggingface" / "download"
    notes.mkdir(parents=True)
    sha256 = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    (notes / "model.safetensors.metadata").write_text(f"{'c' * 40}\n{sha256}\n1750000000.0\n")
    load(str(folder))
    (notes / "model.safetensors.metadata").write_text(f"{'c' * 40}\n{'0' * 64}\n1750000000.0\n")
    with pytest.raises(IsoglossError, match="model.safetensors is not as it was downloaded"):
        load(str(folder))


def test_a_hub_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> str:
        raise LocalEntryNotFoundError("cannot find the files\nand more")

    monkeypatch.setattr(sources, "snapshot_download", offline)
    with pytest.raises(IsoglossError, match="org/lab: no such folder, and the hub cannot be reached .*give FOLDER$"):
        load("org/lab")

    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sources, "snapshot_download", full)
    with pytest.raises(IsoglossError, match="disk is full") as error:
        load("org/lab")
    assert error.value.exit_status == 74


# Where and in which format they compute


def test_devices_and_formats_that_are_not_there(lab: Path) -> None:
    with pytest.raises(IsoglossError, match="no device 'tpu' here; devices: auto, .*cpu") as error:
        load(str(lab), OpenSettings(device="tpu"))
    assert error.value.exit_status == 64
    with pytest.raises(IsoglossError, match="no dtype 'int3': choose from auto, float32, bfloat16, float16"):
        OpenSettings(dtype="int3")


def test_a_model_goes_where_it_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU of 10 GB: 1 G parameters are 2 GB in bfloat16, 4 GB in float32; 5 G are 10 GB in bfloat16: too much."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (10**10, 10**10))
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: True)
    small = place(10**9, device="auto", dtype="auto")
    assert (small.device.type, small.dtype, small.spread) == ("cuda", torch.bfloat16, False)
    assert place(5 * 10**9, device="auto", dtype="auto").spread
    assert not place(5 * 10**9, device="cuda:1", dtype="auto").spread  # as asked for
    assert place(5 * 10**9, device="auto", dtype="auto", quantized_bytes=3 * 10**9).spread is False
    assert place(10**9, device="cpu", dtype="auto").dtype == torch.float32
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: False)
    assert place(10**9, device="auto", dtype="auto").dtype == torch.float32
    with pytest.raises(IsoglossError, match="'cuda:2' here; devices: auto, cuda, cuda:0, cuda:1, .*cpu"):
        place(10**9, device="cuda:2", dtype="auto")


def test_out_of_memory_is_said_with_a_remedy(lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(IsoglossError, match=r"out of memory: the model needs .* GiB as float32 .*; use a smaller"):
        place(10**15, device="cpu", dtype="auto")
    for error in (
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ):
        monkeypatch.setattr(AutoModelForCausalLM, "from_pretrained", _raiser(error))
        with pytest.raises(IsoglossError, match="out of memory: .*lab.*; use a smaller"):
            load(str(lab))
    monkeypatch.setattr(AutoModelForCausalLM, "from_pretrained", _raiser(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        load(str(lab))


def _raiser(error: BaseException):  # type: ignore[no-untyped-def]
    def raise_it(*_: object, **__: object) -> None:
        raise error

    return raise_it
