"""CONTRIBUTING.md is short, and what it names exists."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from engine.locations import PROJECT

TEXT = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:engine|dashboard|data|tests)/[\w./]+)`", TEXT)))
ADDED = [row.split("|")[1:5] for row in TEXT.splitlines() if row.startswith(("| a ", "| an "))]


def test_it_is_short() -> None:
    assert TEXT.count("\n") <= 100


@pytest.mark.parametrize("name", [name for name in NAMED if "NAME" not in name])
def test_every_file_that_it_names_exists(name: str) -> None:
    assert (PROJECT / name).exists()


def test_its_commands_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", TEXT, flags=re.MULTILINE))
    assert {"setup", "hooks", "check", "test", "test-quick"} <= named <= targets


def test_each_addition_touches_few_files_and_has_a_place() -> None:
    places = {what.strip(): re.findall(r"`([\w/.]+)`", touched) for what, touched, _, _ in ADDED}
    assert {"a measure", "an importer", "a page", "a probe", "a kind of model"} <= set(places)
    for what, touched in places.items():
        files = [name for name in touched if "/" in name]
        assert 1 <= len(files) <= 3, what
        for name in files:
            assert (PROJECT / name).exists() or (PROJECT / Path(name.split("NAME")[0])).is_dir(), name


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("engine.importers.importer", "IMPORTERS"),
        ("dashboard.page_registry", "PAGES"),
        ("engine.probes.catalogue", "PROBES"),
        ("engine.models.registry", "MODEL_KINDS"),
        ("engine.former_names", "FORMER_NAMES"),
    ],
)
def test_its_lists_stand_where_it_says(module: str, names: str) -> None:
    assert len(getattr(import_module(module), names)) and module.replace(".", "/") in TEXT


@pytest.mark.parametrize("module", ["engine.metrics.definition", "engine.importers.importer", "engine.models.registry"])
def test_its_entry_point_groups_are_those_of_the_code(module: str) -> None:
    assert f"`{import_module(module).GROUP}`" in TEXT
