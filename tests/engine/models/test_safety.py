"""A model's folder may ask for code or hold pickles: neither ever runs."""

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from transformers import AutoModelForCausalLM, dynamic_module_utils

from engine.errors import IsoglossError
from engine.models.loading.load import load
from tests.support.tiny_models import TEXTS, make_model

WEIGHTS = "model.safetensors"
# The file that asks, and how.
REMOTE: dict[str, tuple[str, dict[str, Any]]] = {
    "model": ("config.json", {"auto_map": {"AutoModelForCausalLM": "evil.Evil"}}),
    "config": ("config.json", {"auto_map": {"AutoConfig": "evil.Evil"}, "model_type": "evil"}),
    "nested": ("config.json", {"text_config": {"model_type": "llama", "auto_map": {"AutoConfig": "evil.Evil"}}}),
    "in a list": ("config.json", {"parts": [{"auto_map": {"AutoConfig": "evil.Evil"}}]}),
    "from elsewhere": ("config.json", {"auto_map": {"AutoModelForCausalLM": "org/evil--evil.Evil"}}),
    "tokenizer": ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["evil.Evil", None]}}),
    "processor": ("processor_config.json", {"auto_map": {"AutoProcessor": "evil.Evil"}}),
    "preprocessor": ("preprocessor_config.json", {"auto_map": {"AutoImageProcessor": "evil.Evil"}}),
    "kernel": ("config.json", {"attn_implementation": "evil/kernel"}),
}
PICKLES = (
    "pytorch_model.bin", "model.pt", "model.pth", "model.ckpt", "model.pkl", "model.pickle", "weights.npy",
    "weights.npz", "model.joblib", "model.dill",
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("whole") / "lab", "llama", vocabulary_texts=TEXTS)


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy of a whole model, to be made evil."""
    return Path(shutil.copytree(whole, tmp_path / "lab"))


def _ask_for_code(folder: Path, variant: str) -> Path:
    """Make the folder ask for code that leaves a mark, and return the mark."""
    mark = folder.parent / "ran"
    (folder / "evil.py").write_text(f"open({str(mark)!r}, 'w').close()\nclass Evil: pass\n")
    name, changes = REMOTE[variant]
    file = folder / name
    file.write_text(json.dumps((json.loads(file.read_bytes()) if file.exists() else {}) | changes))
    return mark


@pytest.mark.parametrize("variant", REMOTE)
def test_code_that_comes_with_a_model_never_runs(variant: str, folder: Path) -> None:
    mark = _ask_for_code(folder, variant)
    with pytest.raises(IsoglossError) as refused:
        load(str(folder))
    assert f"{folder}: {REMOTE[variant][0]} asks to run code that comes with the model" in str(refused.value)
    assert not mark.exists()


def test_the_remedy_says_when_transformers_has_its_own_code(folder: Path) -> None:
    _ask_for_code(folder, "model")
    with pytest.raises(IsoglossError, match='take auto_map out of it: transformers has its own code for "llama"'):
        load(str(folder))
    _ask_for_code(folder, "config")
    with pytest.raises(IsoglossError, match="; take another model$"):
        load(str(folder))


def test_the_mark_is_left_where_code_is_trusted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same folder does run its code for who trusts it, so the mark would show."""
    monkeypatch.setattr(dynamic_module_utils, "HF_MODULES_CACHE", str(folder.parent / "modules"))
    mark = _ask_for_code(folder, "model")
    with pytest.raises(AttributeError, match="Evil"):
        AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True, local_files_only=True)
    assert mark.exists()


@pytest.mark.parametrize("name", PICKLES)
@pytest.mark.parametrize("beside_safetensors", [False, True])
def test_pickles_are_never_opened(name: str, beside_safetensors: bool, folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    (folder / name).write_bytes(pickle.dumps(_Evil(mark)))
    if beside_safetensors:
        load(str(folder))
    else:
        (folder / WEIGHTS).unlink()
        with pytest.raises(IsoglossError, match=f"its weights are pickled only .*{name}.*; take a version"):
            load(str(folder))
    assert not mark.exists()
    pickle.loads((folder / name).read_bytes())  # the control: opening it does run it
    assert mark.exists()


class _Evil:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.mark,)
