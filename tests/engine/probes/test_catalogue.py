"""The catalogue of probes: it says what the probes are, loads none of them, and a probe entered there is everywhere."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

import engine.models.registry
from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.live.commands import register as register_live
from engine.live.protocol.settings import ProbeSettings, probe_of
from engine.locations import PROJECT
from engine.probes.catalogue import (
    COMMON,
    FORMS,
    PROBES,
    SCORER,
    ProbeDescription,
    all_settings,
    probes_with,
    wording_names,
)
from engine.probes.probe import make_probe
from engine.probes.scorers import SCORERS
from engine.probes.template_file import built_in, find_template
from engine.runs.commands import register
from engine.runs.request import Request
from engine.runs.scoring_code import scoring_modules
from engine.store.manifest import read_manifest
from tests.support.fake_model import FakeModel
from tests.support.planted_probe import NAME, plant_probe
from tests.support.probe_settings import probe_settings
from tests.support.small_runs import write_facts

PROBE = pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES)


def class_of(probe: ProbeDescription) -> Any:
    return getattr(import_module(probe.module), probe.class_name)


def helps(app: typer.Typer) -> Mapping[str, tuple[str, object]]:
    """The help of every option of the only command of `app`, and its default."""
    (command,) = [typer.main.get_command(app)]
    return {option.opts[0]: (option.help, option.default) for option in command.params}  # type: ignore[attr-defined]


def options_of(name: str) -> Mapping[str, tuple[str, object]]:
    app, one = typer.Typer(), typer.Typer(add_completion=False)
    register(app)
    register_live(app)
    (command,) = [registered for registered in app.registered_commands if registered.name == name]
    assert command.callback is not None
    one.command(name)(command.callback)
    return helps(one)


@PROBE
def test_what_the_catalogue_says_of_a_probe_is_true(probe: ProbeDescription) -> None:
    made = make_probe(find_template(probe.name))
    assert (made.name, type(made)) == (probe.name, class_of(probe))
    assert bool(made.max_tokens) == probe.writes
    assert wording_names(probe.name) == tuple(built_in(probe.name))
    listed = {template.lists_options for template in built_in(probe.name).values()}
    assert listed == {"always": {True}, "never": {False}, "by template": {True, False}}[probe.listing]


@PROBE
def test_a_probe_takes_exactly_the_values_that_the_catalogue_offers(probe: ProbeDescription) -> None:
    kinds, defaults = get_type_hints(class_of(probe)), {field.name: field.default for field in fields(class_of(probe))}
    for name, setting in probe.every_setting.items():
        if setting is SCORER:  # the template's own, unless it is set
            assert setting.values == tuple(SCORERS) and defaults[name] is None
        elif setting.values:
            assert (setting.values, setting.usual) == (get_args(kinds[name]), defaults[name])
        else:
            assert (setting.kind, setting.default) == (kinds[name], defaults[name])


def test_a_name_means_one_setting() -> None:
    every = [setting for probe in PROBES.values() for setting in (*COMMON, *probe.settings)]
    assert all(all_settings()[setting.name] is setting for setting in every)


@pytest.mark.parametrize("command", ["run", "prompts", "probe"])
def test_every_setting_is_an_option_that_names_its_values_and_probes(command: str) -> None:
    options = options_of(command)
    for setting in all_settings().values():
        told, default = options[setting.option]
        assert default == (None if setting.name == "form" and command != "probe" else setting.default)
        assert all(value in told for value in setting.values)
        probes = probes_with(setting)
        assert told.startswith(f"{', '.join(probes)}: ") == (len(probes) < len(PROBES))
    assert options["--probe"] == ("How to ask: letter, cloze or generation.", "letter")


def test_statements_are_for_probes_that_fill_a_blank() -> None:
    assert PROBES["cloze"].forms == FORMS
    assert PROBES["letter"].forms == PROBES["generation"].forms == ("question-2", "question-3")


def test_neither_probes_nor_models_are_loaded_for_it() -> None:
    code = (
        "import sys; from engine.probes import catalogue, options; print(catalogue.wording_names('cloze')[0],"
        "*(name for name in sys.modules if name.startswith(('torch', 'transformers', 'engine.models'))"
        "  or name in {probe.module for probe in catalogue.PROBES.values()}))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    assert said.split() == ["plain"]


@PROBE
def test_help_texts_and_other_probes_change_no_scoring_code(probe: ProbeDescription) -> None:
    others = {other.module for other in PROBES.values()} - {probe.module}
    assert not {"engine.probes.catalogue", *others} & scoring_modules(probe.module)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"permute": "all"}, "permute cannot be all; choose from none, cyclic"),
        ({"scorer": "prefix"}, "scorer is no setting of the letter probe; it has permute, boundary"),
        ({"shots": "2"}, "shots must be a whole number; found '2'"),
        ({"chat": 1}, "chat must be true or false; found 1"),
        ({"depth": 3}, "no setting depth: choose from form, chat, no_thinking, shots, permute"),
        ({"words": "mine"}, "no setting words: choose from form, chat"),
        ({"form": "riddle-1"}, "no form 'riddle-1': forms are question-1"),
    ],
)
def test_what_cannot_be_set_is_refused_with_what_can(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(IsoglossError) as refused:
        make_probe(find_template("letter"), **settings)
    assert said in str(refused.value) and refused.value.exit_status == 64
    with pytest.raises(IsoglossError) as refused_live:
        probe_of(ProbeSettings(**settings))
    assert str(refused_live.value) == str(refused.value)


def test_what_is_not_given_stays_usual() -> None:
    given: dict[str, Any] = {
        "form": "",
        "permute": None,
        "chat": False,
        "shots": 0,
        "choose_by": None,
        "unconditional": False,
    }
    assert make_probe(find_template("letter"), **given) == make_probe(find_template("letter"))
    assert probe_of(probe_settings(**given)) == probe_of(ProbeSettings())


@pytest.mark.parametrize(
    ("request_", "run_id"),
    [
        ({}, "m-world-letter-09e6d3d381"),
        ({"settings": {"permute": "cyclic"}}, "m-world-letter-60eba54638"),
        ({"settings": {"chat": True, "no_thinking": True, "boundary": "harness"}}, "m-world-letter-b9bd3ad555"),
        (
            {"probe": "cloze", "form": ("statement-1",), "settings": {"choose_by": "pmi", "shots": 2}},
            "m-world-cloze-7638ec0e7e",
        ),
    ],
)
def test_a_command_means_the_run_that_it_meant_before(request_: dict[str, Any], run_id: str) -> None:
    assert Request(model="m", dataset="world", **request_).job("m", []).run_id == run_id


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProbeDescription:
    return plant_probe(tmp_path, monkeypatch)


def test_a_planted_probe_is_on_the_command_line(planted: ProbeDescription) -> None:
    for command in ("run", "prompts", "probe"):
        options = options_of(command)
        assert options["--probe"][0] == "How to ask: letter, cloze, generation or least."
        assert options["--ask-twice"] == ("least: say the question twice.", False)
    with pytest.raises(IsoglossError, match="choose from letter, cloze, generation, least"):
        Request(dataset="d", probe="most").probes()


def test_a_planted_probe_asks_and_its_rows_are_stored(
    planted: ProbeDescription, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, model = tmp_path / "store", FakeModel(score=lambda _, text: -1.0 if "town" in text else -2.0)
    write_facts(store)
    (tmp_path / "tiny").mkdir()
    monkeypatch.setattr(engine.models.registry, "open_model", lambda *_: model)
    app = typer.Typer()
    register(app)
    of = ("--dataset", "capitals", "--store", str(store), "--no-embedded", "--probe", NAME, "--template", "shouted")
    ran = CliRunner().invoke(app, ["run", "--model", str(tmp_path / "tiny"), "--run-id", "one", *of, "--ask-twice"])
    assert ran.exit_code == 0, ran.output
    (entry,) = [entry for entry in read_manifest(store) if entry.table == "results"]
    rows = pq.read_table(store / entry.path).sort_by([("language", "ascending"), ("fact_id", "ascending")])
    assert set(rows["probe"].to_pylist()) == {NAME} and set(rows["template"].to_pylist()) == {"shouted@1+twice"}
    # The river is least likely, which is right for the facts 1 and 3 of five, in each of the languages de, en and zh.
    assert rows["correct"].to_pylist() == [False, True, False, True, False] * 3
    opened = open_database([store])
    listed = opened.frame("select template from runs")
    opened.close()
    assert not opened.problems and listed["template"].tolist() == ["shouted@1+twice"]
    lines = [json.loads(line) for line in CliRunner().invoke(app, ["prompts", *of]).stdout.splitlines()]
    assert lines[0]["context"] == "de: Capital of land 0? !" and lines[0]["continuations"] == [" town 0", " river 0"]


def test_a_planted_probe_is_asked_live(planted: ProbeDescription) -> None:
    probe = probe_of(probe_settings(NAME, ask_twice=True))
    assert probe.template == "whispered@1+twice"
    with pytest.raises(IsoglossError, match="ask_twice is no setting of the cloze probe"):
        probe_of(probe_settings("cloze", ask_twice=True))
