"""The commands of `python -m engine import` that bring facts."""

from pathlib import Path
from typing import Annotated

import typer

from engine.command_options import StoreOption
from engine.errors import IsoglossError
from engine.importers.intake.language_map import LanguageMap, parse_language_map
from engine.importers.parallel_sets.definitions import PARALLEL_SETS
from engine.locations import LOCAL

LanguageMapOption = Annotated[
    str | None, typer.Option("--language-map", help="What codes of the source mean, e.g. ES_LA=es-419,ar_AR=ar.")
]


def register(importing: typer.Typer) -> None:
    """Add the commands `facts`, `bmlama` and `hub`."""
    importing.command("facts")(import_own_facts)
    importing.command("bmlama")(import_bmlama_folder)
    importing.command("hub")(import_set_by_name)


def import_own_facts(
    file: Annotated[Path, typer.Argument(help="Your parallel facts: a CSV, JSON lines or Parquet file.")],
    language_map: LanguageMapOption = None,
    store: StoreOption = LOCAL,
) -> None:
    """Import your own parallel facts, all or nothing; every problem is named with its row.

    Columns: dataset, fact_id, language, question; option_1 … option_k and gold (the right option's number from 1;
    several: 1;3), or answer (several: a;b); optional: relation, subject, stream, source_language, country, origin.
    """
    from engine.importers.own_facts.importer import import_facts

    report = import_facts(file, store, language_map=parse_language_map(language_map))
    for line in report.lines():
        typer.echo(line, err=bool(report.problems))
    if report.problems:
        raise IsoglossError(f"{file.name}: nothing was imported; the lines above say what to mend and where")


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
