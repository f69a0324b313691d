"""GGUF files: what they say is what scores, in every family and number format; log-likelihoods against transformers."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from gguf.constants import GGMLQuantizationType

from engine.errors import IsoglossError
from engine.models.interface import Continuation
from engine.models.loading.gguf import proven_tokenizer
from engine.models.loading.gguf.rotation import llama3_factors
from engine.models.loading.load import load
from engine.models.registry import model_name, open_model
from engine.models.settings import OpenSettings
from tests.support.gguf_small import Family, Format, Keys, Tensors, make_gguf
from tests.support.tiny_models import TEXTS, make_model, write_sums

# Two facts in three languages, and a text that is nowhere in the vocabulary.
ASKED = [
    *(Continuation(text.partition("?")[0] + "?", text.partition("?")[2]) for text in TEXTS),
    Continuation("首都は", "東京"),
    Continuation("", "Berlin"),
]


@pytest.fixture(autouse=True)
def own_tokenizers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(proven_tokenizer, "FOLDER", tmp_path / "tokenizers")
    return tmp_path / "tokenizers"


def nats(source: Path, settings: OpenSettings | None = None) -> Sequence[float]:
    found = open_model(str(source), settings or OpenSettings()).loglikelihoods(ASKED)
    return [one.nats for one in found]


CASES: list[tuple[Family, Format]] = [
    ("llama", "Q4_1"), ("llama", "Q4_K"), ("llama", "Q8_0"), ("llama", "F16"), ("qwen2", "Q4_1"), ("qwen2", "Q4_K"),
    ("qwen2", "Q8_0"), ("qwen2", "F16"), ("gemma3", "Q4_1"), ("gemma3", "Q4_K"), ("gemma3", "Q8_0"), ("gemma3", "F16"),
    ("qwen3", "Q8_0"), ("qwen3", "F32"),
]  # fmt: skip


@pytest.mark.parametrize(("family", "format"), CASES)
def test_scores_are_those_of_the_plain_numbers(family: Family, format: Format, tmp_path: Path) -> None:
    made = make_gguf(tmp_path, family, format)
    assert nats(made.file) == pytest.approx(nats(made.folder), abs=1e-5)


def test_a_rotation_slowed_as_in_llama_3_is_recognised_by_its_factors(tmp_path: Path) -> None:
    rope = {
        "rope_type": "llama3", "rope_theta": 500_000.0, "factor": 32.0, "low_freq_factor": 1.0,
        "high_freq_factor": 4.0, "original_max_position_embeddings": 8192,
    }  # fmt: skip

    def keep_factors(_: Keys, tensors: Tensors) -> None:
        factors = llama3_factors(500_000.0, 64, 32.0).astype(np.float32)
        tensors["rope_freqs.weight"] = (factors, GGMLQuantizationType.F32)

    made = make_gguf(tmp_path, "llama", edit=keep_factors, rope_parameters=rope)
    assert load(str(made.file)).model.config.rope_parameters == rope
    assert nats(made.file) == pytest.approx(nats(made.folder), abs=1e-5)


def test_the_factors_are_those_that_transformers_computes() -> None:
    from transformers import LlamaConfig
    from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

    usual = {"rope_theta": 500_000.0, "original_max_position_embeddings": 8192}
    config = LlamaConfig(
        hidden_size=2048,
        num_attention_heads=32,
        max_position_embeddings=131_072,
        rope_parameters=usual | {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0},
    )
    slowed, _ = ROPE_INIT_FUNCTIONS["llama3"](config, device=None)
    plain = 1 / 500_000.0 ** (np.arange(0, 64, 2) / 64)
    assert llama3_factors(500_000.0, 64, 8.0) == pytest.approx(plain / slowed.numpy(), rel=1e-5)


def test_positions_of_gemma_that_are_stretched_are_so_in_its_full_layers_alone(tmp_path: Path) -> None:
    rope = {
        "full_attention": {"rope_type": "linear", "rope_theta": 1_000_000.0, "factor": 8.0},
        "sliding_attention": {"rope_type": "default", "rope_theta": 10_000.0},
    }

    def stretch(keys: Keys, _: Tensors) -> None:
        keys |= {"gemma3.rope.scaling.type": "linear", "gemma3.rope.scaling.factor": 8.0}

    made = make_gguf(tmp_path, "gemma3", edit=stretch, layers=6, rope_parameters=rope)
    assert nats(made.file) == pytest.approx(nats(made.folder), abs=1e-5)
    # without the stretch every sixth layer turns eight times as fast
    plain = make_gguf(tmp_path / "plain", "gemma3", layers=6, rope_parameters=rope)
    assert nats(plain.file) != pytest.approx(nats(plain.folder), abs=1e-3)


def test_an_output_layer_of_its_own_is_taken_and_one_that_is_not_there_is_the_input_s(tmp_path: Path) -> None:
    def tie(_: Keys, tensors: Tensors) -> None:
        del tensors["output.weight"]

    own, tied = make_gguf(tmp_path / "own", "llama"), make_gguf(tmp_path / "tied", "llama", edit=tie)
    assert not load(str(own.file)).model.config.tie_word_embeddings
    model = load(str(tied.file)).model
    assert model.config.tie_word_embeddings
    assert model.lm_head.weight is model.get_input_embeddings().weight
    assert nats(own.file) != pytest.approx(nats(tied.file), abs=0.1)


def test_what_is_recorded_names_the_file_and_what_its_maker_says_it_hashes_to(tmp_path: Path) -> None:
    import hashlib

    made = make_gguf(tmp_path, "qwen2", "Q8_0")
    alone = tmp_path / "alone"
    alone.mkdir()
    file = made.file.rename(alone / "My-Model.Q8_0.gguf")
    identity = load(str(file)).identity
    assert identity.name == "My-Model.Q8_0" == model_name(str(file)) and identity.source == str(file)
    assert identity.weights_sha256 == hashlib.sha256(file.read_bytes()).hexdigest() and not identity.verified
    assert set(identity.versions) == {"torch", "transformers", "tokenizers", "gguf"}
    # a folder that holds one file stands for it, by the folder's name
    assert load(str(alone)).identity.name == "alone"
    write_sums(alone)
    assert load(str(alone)).identity.verified
    file.write_bytes(file.read_bytes()[:-1] + b"\x07")
    with pytest.raises(IsoglossError, match=r"My-Model\.Q8_0\.gguf is not what SHA256SUMS says"):
        load(str(file))


def test_of_several_files_in_a_folder_one_must_be_named(tmp_path: Path) -> None:
    made = make_gguf(tmp_path, "qwen2")
    both = tmp_path / "both"
    both.mkdir()
    for name in ("a.gguf", "b.gguf"):
        (both / name).write_bytes(made.file.read_bytes())
    with pytest.raises(IsoglossError, match=r"holds 2 GGUF files; give one: a\.gguf, b\.gguf"):
        load(str(both))


def test_in_half_precision_it_scores_as_the_folder_in_half_precision(tmp_path: Path) -> None:
    made, half = make_gguf(tmp_path, "gemma3", "Q8_0"), OpenSettings(dtype="bfloat16")
    assert nats(made.file, half) == pytest.approx(nats(made.folder, half), abs=1e-2)
    assert load(str(made.file), half).identity.dtype == "bfloat16"


def test_a_chat_format_in_the_file_is_used_and_what_ends_a_turn_ends_an_answer(tmp_path: Path) -> None:
    def talk(keys: Keys, _: Tensors) -> None:
        keys["tokenizer.chat_template"] = "{{ bos_token }}{% for m in messages %}Q:{{ m.content }}{% endfor %}A:"
        keys["tokenizer.ggml.eot_token_id"] = 3

    loaded = load(str(make_gguf(tmp_path, "llama", edit=talk).file))
    assert open_model(str(tmp_path / "llama.gguf")).chat("Why?") == "<s>Q:Why?A:"
    assert loaded.model.generation_config.eos_token_id == [2, 3]


def test_a_kept_tokenizer_is_read_again_built_anew_where_it_is_damaged_and_not_needed(
    tmp_path: Path, own_tokenizers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_gguf(tmp_path, "llama", "Q8_0")
    first = nats(made.file)
    (kept,) = own_tokenizers.glob("*.json")
    whole = kept.read_bytes()

    def fail(*_: object) -> None:
        raise AssertionError("it was built again")

    with monkeypatch.context() as patch:
        patch.setattr(proven_tokenizer, "build_tokenizer", fail)
        assert nats(made.file) == first
    kept.write_bytes(whole.replace(b"Berlin", b"Nilreb"))
    assert nats(made.file) == first and kept.read_bytes() == whole
    # where nothing can be kept, it is built every time
    monkeypatch.setattr(proven_tokenizer, "FOLDER", made.file / "no folder")
    assert nats(made.file) == first


def test_the_model_s_own_tokenizer_can_be_given(tmp_path: Path) -> None:
    def cut_in_an_unknown_way(keys: Keys, _: Tensors) -> None:
        keys["tokenizer.ggml.pre"] = "never-heard-of"

    made = make_gguf(tmp_path, "qwen2", edit=cut_in_an_unknown_way)
    with pytest.raises(IsoglossError, match="cuts texts as 'never-heard-of'; known are gpt-2, .*--tokenizer"):
        load(str(made.file))
    assert nats(made.file, OpenSettings(tokenizer=str(made.folder))) == pytest.approx(nats(made.folder), abs=1e-5)


def test_a_tokenizer_of_another_model_is_refused(tmp_path: Path) -> None:
    made = make_gguf(tmp_path, "qwen2")
    other = make_model(tmp_path / "other", "qwen2", vocabulary_texts=TEXTS)
    with pytest.raises(IsoglossError, match=r"its piece \d+ is .* and the tokenizer has"):
        load(str(made.file), OpenSettings(tokenizer=str(other)))
    with pytest.raises(IsoglossError, match="no such folder"):
        load(str(made.file), OpenSettings(tokenizer="nowhere at all"))


_PEAK = """
import sys
from pathlib import Path
from engine.models.loading.gguf import proven_tokenizer
from engine.models.loading.load import load

def peak():
    return int(next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM")).split()[1])

proven_tokenizer.FOLDER = Path(sys.argv[1]).parent / "tokenizers"
load(sys.argv[2])
before = peak()
model = load(sys.argv[1]).model
print(1024 * (peak() - before) / sum(4 * parameter.numel() for parameter in model.parameters()))
"""


@pytest.mark.slow
def test_loading_takes_little_more_memory_than_the_plain_numbers(tmp_path: Path) -> None:
    small = make_gguf(tmp_path / "small", "llama", "Q8_0")
    large = make_gguf(tmp_path / "large", "llama", "Q8_0", hidden=768, layers=12)
    told = subprocess.run(
        [sys.executable, "-c", _PEAK, str(large.file), str(small.file)], capture_output=True, text=True, check=True
    )
    assert 1 <= float(told.stdout) <= 2.2
