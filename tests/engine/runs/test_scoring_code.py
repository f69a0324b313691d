"""The guard of resumable runs: what changes it, and what does not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.locations import PROJECT
from engine.runs.scoring_code import scoring_code_sha256, scoring_modules

Plant = Callable[[dict[str, str]], str]

KIND = {
    "__init__.py": "",
    "kind.py": "from planted_kind.deep import part\nfrom planted_kind.deep.other import number\nprint(part, number)\n",
    "deep/__init__.py": "",
    "deep/part.py": '"""What it does."""\n\n\ndef half(x: float) -> float:\n    """Half of it."""\n    return x / 2\n',
    "deep/other.py": "number = 1\n",
    "unrelated.py": "a = 1\n",
}


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plant:
    """Writes a package with a kind of model, and gives the hash of a probe that asks it."""
    monkeypatch.syspath_prepend(tmp_path)

    def planted(files: dict[str, str]) -> str:
        for name, text in files.items():
            path = tmp_path / "planted_kind" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        scoring_code_sha256.cache_clear()
        return scoring_code_sha256("engine.probes.cloze", "planted_kind.kind")

    return planted


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        {"deep/part.py": KIND["deep/part.py"].replace("x / 2", "x / 3")},
        {"deep/other.py": "number = 2\n"},
        {"kind.py": KIND["kind.py"] + "print(part)\n"},
        {"kind.py": KIND["kind.py"] + "from planted_kind import unrelated\n"},
        {"deep/__init__.py": "import planted_kind.unrelated\n"},
        {"deep/part.py": KIND["deep/part.py"] + "from . import new\n", "deep/new.py": "x = 1\n"},
    ],
    ids=["in a subfolder", "a value", "the kind itself", "another import", "a package", "a new file"],
)
def test_code_that_decides_scores_changes_the_hash(plant: Plant, change: dict[str, str]) -> None:
    assert plant(KIND) != plant(change)


@pytest.mark.parametrize(
    "change",
    [
        {"deep/part.py": KIND["deep/part.py"].replace("Half of it", "The half of x").replace("What it does", "Said")},
        {"deep/other.py": "# why one\nnumber = 1  # the first\n"},
        {"deep/other.py": "number = (\n    1\n)\n"},
        {"unrelated.py": "a = 2\n"},
        {"later.py": "import planted_kind.kind\n"},
    ],
    ids=["docstrings", "comments", "layout", "a file that is not imported", "a file that imports it"],
)
def test_what_decides_nothing_leaves_the_hash(plant: Plant, change: dict[str, str]) -> None:
    assert plant(KIND) == plant(change)


def test_a_relative_import_of_a_planted_subfolder_counts(plant: Plant) -> None:
    relative = {"kind.py": "from .deep.part import half\nprint(half)\n"}
    before = plant({**KIND, **relative})
    assert plant({"deep/part.py": KIND["deep/part.py"].replace("x / 2", "x * 2")}) != before


def test_every_file_that_a_probe_and_a_model_import_counts_and_no_other_probe() -> None:
    found = scoring_modules("engine.probes.cloze", "engine.models.causal.model")
    assert {"engine.probes.cloze", "engine.probes.template", "engine.runs.result_rows"} <= found
    assert {"engine.models.causal.prefix_tree", "engine.models.loading.load", "engine.facts.question"} <= found
    assert not {"engine.probes.letter", "engine.probes.generation", "engine.facts.cldr", "engine.store.write"} & found
    assert "engine.probes.letter" in scoring_modules("engine.probes.letter", "engine.models.causal.model")


@pytest.mark.slow
def test_another_kind_of_models_refuses_no_run_of_this_one(tmp_path: Path) -> None:
    """A kind planted in a copy of the code: a folder, and its line in the registry."""
    copied = tmp_path / "engine"
    shutil.copytree(PROJECT / "engine", copied, ignore=shutil.ignore_patterns("__pycache__"))
    code = "from engine.runs.scoring_code import scoring_code_sha256 as of; print(of(*__import__('sys').argv[1:]))"

    def hashed() -> str:
        command = [sys.executable, "-c", code, "engine.probes.cloze", "engine.models.causal.model"]
        done = subprocess.run(
            command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    before = hashed()
    assert before == scoring_code_sha256("engine.probes.cloze", "engine.models.causal.model") + "\n"
    (copied / "models" / "masked").mkdir()
    (copied / "models" / "masked" / "__init__.py").touch()
    kind = (copied / "models" / "causal" / "kind.py").read_text(encoding="utf-8").replace("Causal", "Masked")
    (copied / "models" / "masked" / "kind.py").write_text(kind, encoding="utf-8")
    registry = copied / "models" / "registry.py"
    planted = registry.read_text(encoding="utf-8").replace('{"causal": ', '{"masked": MaskedKind(), "causal": ')
    imported = "from engine.models.masked.kind import MaskedKind\n"
    planted = planted.replace("import CausalKind\n", f"import CausalKind\n{imported}")
    registry.write_text(planted, encoding="utf-8")
    assert planted.count("MaskedKind") == 2
    assert hashed() == before
    tokens = copied / "models" / "causal" / "tokens.py"
    tokens.write_text(tokens.read_text(encoding="utf-8") + "\nplanted = 1\n", encoding="utf-8")
    assert hashed() != before


def test_no_model_is_loaded_for_it() -> None:
    code = (
        "import sys; from engine.runs.scoring_code import scoring_code_sha256 as of;"
        "print(of('engine.probes.cloze', 'engine.models.causal.model'), 'torch' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert len(said[0]) == 64 and said[1] == "False"
