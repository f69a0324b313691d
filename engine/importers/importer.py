"""The importers: each is a function that becomes a command of `python -m engine import`.

Its docstring is the command's help; its parameters, annotated for Typer, are the arguments and options. An importer is
loaded when the commands are listed or it is run, so what it needs costs nobody else anything. Other packages bring
theirs by the entry-point group `isogloss.importers`.
"""

from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Annotated

import typer
from typer._click import Command, Context  # Typer carries its own Click and does not export these
from typer.core import TyperGroup

from engine.errors import IsoglossError
from engine.printable_text import printable

GROUP = "isogloss.importers"
IMPORTERS: dict[str, str] = {
    "facts": "engine.importers.own_facts.command:import_own_facts",
    "bmlama": "engine.importers.bmlama.command:import_bmlama_folder",
    "hub": "engine.importers.parallel_sets.command:import_set_by_name",
    "clika": "engine.importers.clika.command:import_clika_release",
    "published": "engine.importers.clika.command:import_published_figures",
}

LanguageMapOption = Annotated[
    str | None, typer.Option("--language-map", help="What codes of the source mean, e.g. ES_LA=es-419,ar_AR=ar.")
]


def importers() -> Mapping[str, EntryPoint]:
    """Where each importer is, by its name: those of IMPORTERS, then those of other packages. Loads none.

    Of two with one name the first is taken; another is called NAME@PACKAGE.
    """
    found = {name: EntryPoint(name, place, GROUP) for name, place in IMPORTERS.items()}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        package = entry.dist.name if entry.dist else entry.value
        found[entry.name if entry.name not in found else f"{entry.name}@{package}"] = entry
    return found


def load_importer(entry: EntryPoint) -> Callable[..., object]:
    """The function of an importer. Raises IsoglossError, which names the importer and its package."""
    package = f" of the package {entry.dist.name}" if entry.dist else ""
    shown = printable(f"the importer {entry.name}{package} ({entry.value})")
    try:
        found = entry.load()
    except Exception as error:
        said = printable(f"{type(error).__name__}: {error!s:.200}")
        raise IsoglossError(f"{shown} cannot be loaded: {said}; mend that package or uninstall it") from error
    if not callable(found):
        raise IsoglossError(f"{shown} is no function, so it cannot be a command: mend that package or uninstall it")
    loaded: Callable[..., object] = found
    return loaded


class ImporterGroup(TyperGroup):
    """The commands of `python -m engine import`, made from the importers when they are asked for."""

    def list_commands(self, ctx: Context) -> list[str]:
        """The names of all importers."""
        return list(importers())

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command of an importer; of one that cannot be loaded, a command that says so. None: there is none."""
        entry = importers().get(cmd_name)
        return None if entry is None else _command(cmd_name, entry)


app = typer.Typer(cls=ImporterGroup, no_args_is_help=True, add_completion=False)


@app.callback()
def _importing() -> None:
    """Bring results and facts into the store."""


def _command(name: str, entry: EntryPoint) -> Command:
    try:
        function = load_importer(entry)
    except IsoglossError as error:
        function = _refusing(error)
    single = typer.Typer(add_completion=False)
    single.command(name)(function)
    return typer.main.get_command(single)


def _refusing(error: IsoglossError) -> Callable[[], object]:
    def refuse() -> None:
        raise error

    refuse.__doc__ = f"NOT AVAILABLE: {error}"
    return refuse
