"""The code that decides what a run's rows are: a probe, a kind of model, and what they import, as one hash."""

import ast
import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# Where scores are made. What these import from elsewhere (errors, names, places) makes none.
_ROOMS = ("engine.facts", "engine.models", "engine.probes")
_ROWS = "engine.runs.result_rows"


@cache
def scoring_code_sha256(*modules: str) -> str:
    """Hash the syntax of the modules, and of what they import from the scoring rooms or from their own packages.

    Comments, docstrings, the layout of the text and files that nothing of this imports make no difference.
    """
    digest = hashlib.sha256()
    for name, tree in sorted(_closure(modules).items()):
        digest.update(f"{name}\0{ast.dump(_without_docstrings(tree))}\0".encode())
    return digest.hexdigest()


def scoring_modules(*modules: str) -> frozenset[str]:
    """The names of the modules that `scoring_code_sha256` hashes."""
    return frozenset(_closure(modules))


def _closure(modules: tuple[str, ...]) -> dict[str, ast.Module]:
    """The syntax of the modules and of what they import, directly or not, by name."""
    own = {module.partition(".")[0] for module in modules} - {"engine"}
    found = {_ROWS: ast.parse(_source(_ROWS).read_bytes())}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        inside = (
            name in modules or name.partition(".")[0] in own or f"{name}.".startswith(tuple(f"{r}." for r in _ROOMS))
        )
        if name in found or not inside or not (path := _source(name)).is_file():
            continue
        found[name] = ast.parse(path.read_bytes())
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        waiting += [*_imported(found[name], package), package]
    return found


def _source(name: str) -> Path:
    """The file of a module, found without importing it; no file where the name is a function's or a class's."""
    top, *inner = name.split(".")
    spec = find_spec(top)
    if spec is None or not inner:
        return Path(spec.origin if spec is not None and spec.origin else name)
    place = Path(next(iter(spec.submodule_search_locations or [name])), *inner)
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def _imported(tree: ast.Module, package: str) -> list[str]:
    """The names that are imported anywhere in a module, each of which may be a module."""
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")
            above = parents[: len(parents) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names += [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return names


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                del node.body[0]
    return tree
