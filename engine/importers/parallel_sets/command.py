"""The command `python -m engine import hub`."""

from pathlib import Path
from typing import Annotated

import typer

from engine.command_options import StoreOption
from engine.importers.importer import LanguageMapOption
from engine.importers.intake.language_map import LanguageMap, parse_language_map
from engine.importers.parallel_sets.definitions import PARALLEL_SETS
from engine.locations import LOCAL


def import_set_by_name(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(PARALLEL_SETS)}.")],
    folder: Annotated[Path | None, typer.Option("--from", help="Read the set's files here, not from the hub.")] = None,
    languages: Annotated[str | None, typer.Option(help="Only these languages, e.g. en,de,he.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first facts, the same in every language.")] = None,
    language_map: LanguageMapOption = None,
    store: StoreOption = LOCAL,
) -> None:
    """Import a published parallel set from the Hugging Face hub or from a folder with its files."""
    from engine.importers.parallel_sets.importer import import_parallel_set

    given = parse_language_map(language_map)
    tags = list(map(LanguageMap(given), languages.split(","))) if languages else None
    report = import_parallel_set(name, store, folder=folder, languages=tags, limit=limit, language_map=given)
    for line in report.lines():
        typer.echo(line)
