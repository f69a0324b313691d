"""The walls of the house: which room may import from which, held over every import of the code."""

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from engine.locations import PROJECT

PAGES = "dashboard.app_pages"
# All of the engine that the dashboard may import: it reads, starts runs and asks the probe service. Whatever is not
# named here is the write side, also what is new.
READ_SIDE = (
    "engine.browse", "engine.common_names", "engine.configured_models", "engine.database",
    "engine.entity_names", "engine.errors", "engine.former_names",
    "engine.language_families", "engine.languages", "engine.launched_import",
    "engine.live.address", "engine.live.client", "engine.live.fact",
    "engine.live.protocol.fact_text", "engine.live.protocol.messages", "engine.live.protocol.pace_name",
    "engine.live.saved.dataset_name", "engine.live.saved.reading", "engine.locations", "engine.metrics",
    "engine.model_catalogue.catalogue", "engine.model_catalogue.listing", "engine.model_catalogue.place",
    "engine.model_catalogue.process", "engine.model_catalogue.status",
    "engine.printable_text", "engine.probes.catalogue", "engine.runs.folder", "engine.runs.launchers",
    "engine.runs.progress", "engine.schema", "engine.store", "engine.version",
)  # fmt: skip

Graph = Mapping[str, frozenset[str]]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


def imports(tree: ast.Module, known: Iterable[str]) -> frozenset[str]:
    """The modules of the project that a module imports, anywhere in it."""
    names, found = set(known), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & names) or {node.module}
    return frozenset(found & names)


@cache
def graph() -> Graph:
    paths = [path for room in ("engine", "dashboard") for path in (PROJECT / room).rglob("*.py")]
    trees = {module_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in paths}
    return {name: imports(tree, trees) for name, tree in trees.items()}


def circle(of: Graph) -> list[str]:
    """Modules that import each other in a ring; none where there is no ring."""
    try:
        TopologicalSorter(of).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def page_of(module: str) -> str | None:
    """The page that a module belongs to."""
    parts = module.split(".")
    return parts[2] if module.startswith(f"{PAGES}.") else None


def trespasses(of: Graph) -> list[str]:
    """Imports of a page's parts from elsewhere: another page, or a shared room."""
    return [
        f"{name} imports {other}"
        for name, others in of.items()
        for other in others
        if page_of(other) is not None and page_of(other) != page_of(name)
    ]


def outside(of: Graph, room: str, allowed: tuple[str, ...]) -> list[str]:
    """Imports of a room from the engine that are not allowed."""
    return [
        f"{name} imports {other}"
        for name, others in of.items()
        if name.startswith(room)
        for other in others
        if other.startswith("engine.") and not any(other == one or other.startswith(f"{one}.") for one in allowed)
    ]


def test_no_modules_import_each_other() -> None:
    assert len(graph()) > 300
    assert not circle(graph())


def test_a_circle_would_be_noticed() -> None:
    planted = {**graph(), "engine.errors": frozenset({"engine.store.write"})}
    assert {"engine.errors", "engine.store.write"} <= set(circle(planted))


def test_no_page_is_imported_from_elsewhere() -> None:
    assert {page_of(name) for name in graph()} >= {"pairs", "live", "runs"}
    assert not trespasses(graph())


@pytest.mark.parametrize("room", [f"{PAGES}.overview.page", "dashboard.elements.prose", "dashboard.queries"])
def test_an_import_of_a_page_would_be_noticed(room: str) -> None:
    assert trespasses({**graph(), room: frozenset({f"{PAGES}.pairs.key_figures"})})


def test_the_dashboard_reads_only() -> None:
    assert not outside(graph(), "dashboard", READ_SIDE)


@pytest.mark.parametrize(
    "module",
    ["engine.live.service.prober", "engine.live.later", "engine.probes.cloze", "engine.model_catalogue.download"],
)
def test_an_import_of_the_write_side_would_be_noticed(module: str) -> None:
    assert outside({"dashboard.queries": frozenset({module})}, "dashboard", READ_SIDE)


def test_the_database_knows_no_reader() -> None:
    for room in ("engine.store", "engine.metrics", "engine.database"):
        readers = ("engine.browse", "engine.live", "engine.runs", "engine.importers", "engine.lab", "engine.probes")
        found = [o for n, others in graph().items() if n.startswith(room) for o in others if o.startswith(readers)]
        assert not found
