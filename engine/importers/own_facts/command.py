"""The command `python -m engine import facts`."""

from pathlib import Path
from typing import Annotated

import typer

from engine.command_options import StoreOption
from engine.errors import IsoglossError
from engine.importers.importer import LanguageMapOption
from engine.importers.intake.language_map import parse_language_map
from engine.locations import LOCAL


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
