"""Tests of `lab list`, `lab record` and of what `lab train` refuses."""

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from engine.database.check import check_store
from engine.errors import IsoglossError
from engine.lab import commands
from engine.lab.facts import lab_dataset
from engine.lab.recipe import LANGUAGES, RECIPES
from engine.lab.record import write_record
from engine.lab.world import LAB, load_world
from engine.locations import EMBEDDED
from engine.store.manifest import read_manifest
from engine.store.write import write_files
from tests.support.lab_small import small_world

pytestmark = pytest.mark.slow


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    commands.register(made)
    return made


def test_the_models_are_listed_with_what_they_are(app: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "lab-en").mkdir()
    (tmp_path / "lab-en" / "config.json").write_text("{}")
    lines = CliRunner().invoke(app, ["lab", "list", "--into", str(tmp_path)]).output.splitlines()
    assert [line.split(":")[0] for line in lines] == list(RECIPES)
    assert "; trained;" in lines[0]
    assert "; not trained;" in lines[1]
    assert "of lab-en;" in lines[1]
    assert "zh 65%" in lines[1]


def test_an_unknown_name_is_refused_before_anything_is_trained(app: typer.Typer, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["lab", "train", "lab-xx", "--into", str(tmp_path)])
    assert isinstance(result.exception, IsoglossError)
    assert "lab-mix-switch" in str(result.exception)
    assert not list(tmp_path.iterdir())


def test_the_record_is_a_sound_store_and_the_same_bytes_again(tmp_path: Path) -> None:
    recipes = {name: replace(recipe, steps=4) for name, recipe in RECIPES.items()}
    written = write_record(tmp_path, small_world(), recipes, seed=0)
    assert sorted(path.split("-")[0] for path in written.written) == [
        "exposure/lab",
        "facts/lab",
        "published/lab",
        "published/lab",
        "traits/lab",
    ]
    assert not write_record(tmp_path, small_world(), recipes, seed=0).written
    assert not check_store([tmp_path]).findings
    (entry,) = [entry for entry in read_manifest(tmp_path) if entry.table == "exposure"]
    rows = pq.read_table(tmp_path / entry.path).to_pylist()
    assert {row["model"] for row in rows} == set(RECIPES)
    assert {row["language"] for row in rows} == set(LANGUAGES)
    times = {name: sum(row["times"] for row in rows if row["model"] == name) for name in RECIPES}
    assert times["lab-en"] == 4 * 64
    assert times["lab-en-zh"] == times["lab-en-chat"] == 2 * 4 * 64
    # of lab-mix's lines a quarter is a dictionary's
    assert 0.6 * 4 * 64 < times["lab-mix"] < 0.9 * 4 * 64
    (models,) = [entry for entry in read_manifest(tmp_path) if entry.table == "models"]
    built_on = {row["model"]: row["built_on"] for row in pq.read_table(tmp_path / models.path).to_pylist()}
    assert built_on == {name: recipe.base for name, recipe in RECIPES.items()}


def test_the_lab_facts_are_those_that_the_models_were_trained_on_whatever_the_world_holds(
    tmp_path: Path,
) -> None:
    """Byte for byte: a file's name holds the hash of its content."""
    world = load_world()
    assert sum(map(len, world.facts.values())) == 324
    assert not {"capital:US", "capital:CN", "capital:IN"} & set(world.facts["capital"])
    write_files(tmp_path, lab_dataset(world))
    written = {entry.path for entry in read_manifest(tmp_path)}
    tables = ("facts", "traits", "datasets")
    assert written == {entry.path for entry in read_manifest(EMBEDDED) if entry.name == LAB and entry.table in tables}
