"""The rules of the house, on every file of the project."""

import ast
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from engine.locations import PROJECT
from engine.metrics.definition import MEASURED_PAIRS, metrics
from engine.schema import TABLES, Table

# Where people's and machines' own folders begin; not inside a longer path or an address.
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:home|root|Users|work)/[\w.]")
SCRIPTS = re.compile(r"dashboard\.(main|app_pages\.\w+\.page)")  # Streamlit runs these; nobody imports them


@cache
def _files() -> tuple[Path, ...]:
    """Every file that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    paths = (PROJECT / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name)
    return tuple(path for path in paths if path.is_file())


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def test_no_file_is_long() -> None:
    code = [path for path in _files() if path.suffix in (".py", ".sql")]
    assert len(code) > 20
    assert not {_named(path): n for path in code if (n := _text(path).count("\n")) > 300}


def test_modules_are_named_for_what_they_hold() -> None:
    assert not [_named(path) for path in _files() if path.stem in ("utils", "util", "helpers", "common", "misc")]


def _public_types(code: str) -> list[str]:
    """The public classes and named types that a module defines."""
    names: list[str] = []
    for node in ast.parse(code).body:
        if isinstance(node, ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [name.id for name in targets if isinstance(name, ast.Name) and not name.id.isupper()]
    return [name for name in names if name[:1].isupper()]


def test_one_word_is_one_thing() -> None:
    assert _public_types('class Way: ...\nAsked = Literal["a"]\n_Hidden = int\nLIMIT = 3\nsmall = 1\n') == [
        "Way",
        "Asked",
    ]
    code = [path for path in _files() if path.suffix == ".py" and _named(path).split("/")[0] in ("engine", "dashboard")]
    places: dict[str, list[str]] = {}
    for path in code:
        for name in _public_types(_text(path)):
            places.setdefault(name, []).append(_named(path))
    assert len(places) > 200
    assert not {name: where for name, where in places.items() if len(where) > 1}


@pytest.mark.slow
def test_no_path_of_a_machine() -> None:
    assert all(MACHINE_PATH.search(f"see '/{place}/anna'") for place in ("home", "root", "Users", "work"))
    assert not MACHINE_PATH.search("https://example.org/home/x")
    found = {_named(path): match[0] for path in _files() if (match := MACHINE_PATH.search(_text(path)))}
    assert not found


def test_only_tests_know_the_folder_beside_the_project() -> None:
    product = [path for path in _files() if _named(path).split("/")[0] not in ("tests", ".ci")]
    assert not [_named(path) for path in product if "../shared" in _text(path)]


def _ruff(folder: str, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--select=TID251", f"--stdin-filename={folder}/planted.py", "-"],
        cwd=PROJECT,
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("folder", "line"),
    [("engine", f"import {name}") for name in ("streamlit", "altair", "plotly.graph_objects", "dashboard.queries")]
    + [("engine/store", "from dashboard import queries")]
    + [
        ("dashboard", f"import {name}")
        for name in ("torch.nn", "transformers", "engine.models.loading.load", "engine.probes.probe")
    ]
    + [("dashboard/charts", f"from engine import {name}") for name in ("models", "facts", "importers")]
    + [("dashboard", f"from engine.runs import {name}") for name in ("job", "plan", "run")]
    + [
        ("dashboard", f"from engine.live.{name} import x")
        for name in ("service.prober", "saved.writing", "service", "translation", "worker")
    ]
    + [("dashboard", "from engine.importers.clika.importer import import_clika")],
)
def test_an_import_against_the_direction_is_refused(folder: str, line: str) -> None:
    assert "TID251" in _ruff(folder, line)


@pytest.mark.parametrize(
    ("folder", "line"),
    [("engine", "import duckdb")]
    + [
        ("dashboard", f"import {name}")
        for name in (
            "engine.database.database",
            "engine.live.client",
            "engine.live.saved.reading",
            "engine.probes.catalogue",
        )
    ],
)
def test_an_import_in_the_direction_is_allowed(folder: str, line: str) -> None:
    assert "TID251" not in _ruff(folder, line)


def _write_side_loaded(modules: list[str], path: Path) -> list[str]:
    """What of the write side is in memory after the modules were imported in a fresh Python."""
    code = (
        "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]];"
        "print(*{'torch', 'transformers', 'engine.importers', 'engine.models'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *modules],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def _dashboard_modules() -> list[str]:
    """Every module of the dashboard; of the scripts, the modules that they import."""
    modules = {"engine.database.database", "engine.metrics.definition", "engine.languages"}
    modules |= {"engine.model_catalogue.listing", "engine.model_catalogue.process"}
    for path in (PROJECT / "dashboard").rglob("*.py"):
        name = ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
        if not SCRIPTS.fullmatch(name):
            modules.add(name)
            continue
        for node in ast.walk(ast.parse(_text(path))):
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module)
    return sorted(modules)


@pytest.mark.slow
def test_the_dashboard_never_loads_the_write_side(tmp_path: Path) -> None:
    modules = _dashboard_modules()
    assert {"dashboard.app", "dashboard.queries", "streamlit"} <= set(modules)
    assert not _write_side_loaded(modules, tmp_path)


def test_loading_the_write_side_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "torch.py").touch()
    (tmp_path / "planted.py").write_text("import torch\n")
    assert _write_side_loaded(["planted"], tmp_path) == ["torch"]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_data_readme_tells_every_column(table: Table) -> None:
    sections = re.split(r"^### ", _text(PROJECT / "data" / "README.md"), flags=re.MULTILINE)
    (section,) = [section for section in sections if section.splitlines()[0].strip(" `") == table.name]
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| (yes|no) \| ([^|]+) \|$", section, flags=re.MULTILINE)
    assert rows == [(column.name, "yes" if column.nullable else "no", column.meaning) for column in table.columns]
    assert table.row in section
    assert all(f"`{name}`" in section.split("|")[0] for name in table.key)


@pytest.mark.parametrize("path", sorted((PROJECT / "engine" / "metrics").glob("*.sql")), ids=lambda path: path.stem)
def test_every_metric_has_its_header(path: Path) -> None:
    metric = metrics()[path.stem]
    for said in (metric.title, metric.meaning, metric.range, metric.direction, metric.interval, metric.source):
        assert said
    assert metric.needs and metric.key
    # what it reads of other metrics is what it says it builds on
    statement = re.sub(r"--.*", "", metric.sql)
    read = set(re.findall(r"\b(?:from|join) (\w+)", statement)) - set(re.findall(r"\b(\w+) as \($", statement, re.M))
    assert read & {*metrics(), MEASURED_PAIRS} == set(metric.builds_on)
    assert metric.confirmed or metric.confirmation, "say what could not be confirmed"


def test_every_metric_is_registered() -> None:
    assert set(metrics()) == {path.stem for path in (PROJECT / "engine" / "metrics").glob("*.sql")}


def test_the_make_targets_of_the_readme_exist() -> None:
    named = set(re.findall(r"(?:`|^ {4}|^)make ([a-z]+)", _text(PROJECT / "README.md"), flags=re.MULTILINE))
    exist = set(re.findall(r"^([a-z]+):", _text(PROJECT / "Makefile"), flags=re.MULTILINE))
    assert {"run", "test"} <= named <= exist
