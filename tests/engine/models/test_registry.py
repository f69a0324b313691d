"""Kinds of models: each source is taken by one, another package may bring more, and all are asked alike."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.live.saved.reading import live_store
from engine.locations import EMBEDDED, PROJECT
from engine.models import registry
from engine.models.causal.model import CausalModel
from engine.models.interface import recorded
from engine.models.registry import MODEL_KINDS, kind_of, model_name, open_model
from engine.models.settings import OpenSettings
from engine.runs.commands import register
from engine.runs.scoring_code import scoring_code_sha256
from tests.support.fake_kind import FAKE, install
from tests.support.fake_model import FakeModel
from tests.support.live_service import FACT_TEXT, answered, serving
from tests.support.small_runs import write_facts
from tests.support.tiny_models import TEXTS, make_model

FAKE_NAMED = "tests.support.fake_kind:FAKE"
RUN = ("run", "--dataset", "capitals", "--no-embedded", "--run-id", "planted")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Five facts in three languages."""
    write_facts(tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "MODEL_KINDS", {"fake": FAKE, **MODEL_KINDS})


def run_row(store: Path) -> dict[str, Any]:
    """The only run of a store, its settings parsed."""
    opened = open_database([store])
    rows = opened.frame("select model::varchar as model, settings::varchar as settings, n_done from runs")
    opened.close()
    (row,) = rows.to_dict("records")
    return {str(key): value for key, value in row.items()} | {"settings": json.loads(row["settings"])}


def check_row(store: Path) -> None:
    """Fifteen answers of the fake model, and the code that gave them."""
    row = run_row(store)
    assert (row["model"], row["n_done"]) == ("loud", 15)
    recorded_model = row["settings"]["model"]
    assert (recorded_model["source"], recorded_model["module"]) == ("fake:loud", FakeModel.__module__)
    assert row["settings"]["code_sha256"] == scoring_code_sha256("engine.probes.letter", FakeModel.__module__)


def test_a_folder_is_a_causal_models_and_the_record_says_so(tmp_path: Path) -> None:
    folder = str(make_model(tmp_path / "tiny", "gpt2", vocabulary_texts=TEXTS))
    model = open_model(folder, OpenSettings(device="cpu", batch_tokens=99, name="renamed"))
    assert isinstance(model, CausalModel)
    assert (model.batch_tokens, model.identity.name) == (99, "renamed")
    assert recorded(model).module == "engine.models.causal.model"


def test_a_name_is_known_without_torch() -> None:
    code = (
        "import sys; from engine.models.registry import model_name; print(model_name('lab-en'), 'torch' in sys.modules)"
    )
    assert (EMBEDDED / "models" / "lab-en").is_dir()
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "lab-en False\n"


def test_an_adapter_is_part_of_the_name_unless_another_is_given(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    source, adapter = str(tmp_path / "base"), tmp_path / "lora"
    assert model_name(source, OpenSettings(adapter=adapter)) == "base+lora"
    assert model_name(source, OpenSettings(adapter=adapter, name="mine")) == "mine"


@pytest.mark.usefixtures("planted")
def test_a_source_that_nobody_takes_is_answered_with_what_each_takes() -> None:
    with pytest.raises(IsoglossError) as refused:
        open_model("loud:fake")
    said = str(refused.value)
    assert said.startswith("loud:fake: no such folder, and no kind of models takes it: fake takes fake:NAME; causal ")
    assert (
        "takes a model's folder, a GGUF file, a hub id (ORGANISATION/NAME), or the name of an embedded model (" in said
    )
    assert "lab-en" in said
    with pytest.raises(IsoglossError, match="fake models take no adapter"):
        open_model("fake:loud", OpenSettings(adapter=Path("lora")))


@pytest.mark.slow
@pytest.mark.usefixtures("planted")
def test_a_planted_kind_answers_a_run(store: Path) -> None:
    app = typer.Typer()
    register(app)
    app.command("other")(lambda: None)
    done = CliRunner().invoke(app, [*RUN, "--model", "fake:loud", "--store", str(store)])
    assert (done.exception, done.exit_code) == (None, 0)
    check_row(store)


@pytest.mark.slow
def test_a_kind_of_another_package_answers_a_run(tmp_path: Path, store: Path) -> None:
    site = install(tmp_path / "site", {"fake": FAKE_NAMED})
    command = [sys.executable, "-m", "engine", *RUN, "--model", "fake:loud", "--store", str(store)]
    subprocess.run(command, cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(site)}, check=True, capture_output=True)
    check_row(store)


@pytest.mark.slow
def test_a_kind_of_another_package_answers_live_without_its_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(install(tmp_path / "site", {"fake": FAKE_NAMED})))
    (tmp_path / "models.toml").write_text('[models]\n"tiny" = "fake:loud"\n', encoding="utf-8")
    with serving(tmp_path) as (_, client):
        assert {model.name: model.origin for model in client.models()}["tiny"] == "other"
        probe = answered(client, client.submit(FACT_TEXT, user="a", model="tiny"))
        assert (probe.state, list(probe.languages)) == ("done", ["en", "de", "ru"])
        for tag, answer in probe.languages.items():
            assert all(option.logprob is not None and option.logprob < 0 for option in answer.options)
            assert answer.prompts and answer.tokens is None
            assert client.tokens(probe.id, tag).orders == ()
        while (saved := client.poll(probe.id, seen=3, wait=5.0)).saved_id is None:
            assert saved.save_problem is None
    settings = run_row(live_store(tmp_path))["settings"]
    assert settings["model"]["module"] == FakeModel.__module__
    assert settings["code_sha256"] == scoring_code_sha256("engine.probes.letter", FakeModel.__module__)


def test_a_kind_that_cannot_be_used_is_named_and_harms_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kinds = {
        "absent": "no_such_package:KIND",
        "causal": FAKE_NAMED,
        "class": "tests.support.fake_kind:FakeKind",
        "fake": FAKE_NAMED,
    }
    monkeypatch.syspath_prepend(install(tmp_path / "site", kinds))
    with pytest.raises(IsoglossError) as refused:
        kind_of("nowhere:at-all")
    said = str(refused.value)
    assert "fake takes fake:NAME" in said
    assert (
        "the kind absent of the package planted cannot be used (ModuleNotFoundError: No module named 'no_such" in said
    )
    assert "the kind causal of the package planted cannot be used (there is another kind of that name)" in said
    assert "the kind class of the package planted cannot be used (it must name an object with takes, recogn" in said
    assert not caplog.records
    (tmp_path / "folder").mkdir()
    with caplog.at_level(logging.WARNING):
        assert kind_of(str(tmp_path / "folder")) is MODEL_KINDS["causal"]
        assert kind_of("fake:loud") is FAKE
    assert [record.message.split(" cannot")[0] for record in caplog.records] == [  # each once
        f"the kind {name} of the package planted" for name in ("absent", "causal", "class")
    ]


def test_two_packages_that_take_the_same_source_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, {"fake": FAKE_NAMED}, package="one")
    monkeypatch.syspath_prepend(install(tmp_path, {"other": FAKE_NAMED}, package="two"))
    with pytest.raises(IsoglossError, match="several kinds of models take it: fake, other; uninstall all but one"):
        kind_of("fake:loud")
