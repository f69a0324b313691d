"""The commands `python -m engine import clika` and `published`."""

from pathlib import Path
from typing import Annotated

import typer

from engine.command_options import StoreOption
from engine.errors import IsoglossError
from engine.importers.importer import LanguageMapOption
from engine.importers.intake.language_map import parse_language_map
from engine.interruption import terminated_as_interrupted
from engine.launched_import import StatedProgress
from engine.locations import LOCAL


def import_clika_release(
    source: Annotated[str, typer.Argument(help="A folder with the CLiKA release, or a git URL.")],
    language_map: LanguageMapOption = None,
    store: StoreOption = LOCAL,
    progress: Annotated[Path | None, typer.Option(hidden=True, help="A file that says how far it is.")] = None,
) -> None:
    """Import the CLiKA authors' results: every model, dataset and language found."""
    from engine.importers.clika.importer import import_clika

    shown = None if progress is None else StatedProgress(progress)
    with terminated_as_interrupted():  # a clone that was begun is deleted
        report = import_clika(source, store, language_map=parse_language_map(language_map), progress=shown)
    for line in report.lines(every_file=True):
        typer.echo(line)
    if not report.complete:
        raise IsoglossError("some result files could not be imported; the report above names them")


def import_published_figures(
    folder: Annotated[Path, typer.Argument(help="Folder with clika_accuracy.csv, clika_pairs.csv, clika_models.csv.")],
    store: StoreOption = LOCAL,
) -> None:
    """Import figures computed elsewhere; this is how the embedded ones were made (--store data)."""
    from engine.importers.clika.published_counts import import_published

    report = import_published(folder, store)
    typer.echo(f"written: {', '.join(report.written) or 'nothing'}; unchanged: {len(report.unchanged)}")
