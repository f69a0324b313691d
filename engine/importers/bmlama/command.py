"""The command `python -m engine import bmlama`."""

from pathlib import Path
from typing import Annotated

import typer

from engine.command_options import StoreOption
from engine.importers.importer import LanguageMapOption
from engine.importers.intake.language_map import parse_language_map
from engine.locations import LOCAL


def import_bmlama_folder(
    folder: Annotated[Path, typer.Argument(help="Folder with en.tsv and the other languages' files.")],
    dataset: Annotated[str, typer.Option(help="What to call it, e.g. bmlama53 for the larger set.")] = "bmlama17",
    language_map: LanguageMapOption = None,
    store: StoreOption = LOCAL,
) -> None:
    """Import BMLAMA (Qi et al. 2023): statements with a gap and their candidates, row by row parallel."""
    from engine.importers.bmlama.importer import import_bmlama

    report = import_bmlama(folder, store, dataset=dataset, language_map=parse_language_map(language_map))
    for line in report.lines():
        typer.echo(line)
