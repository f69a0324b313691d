"""The command line: `python -m engine …`, with the same numbers as the pages."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer._click.exceptions import UsageError  # Typer carries its own Click and does not export this

from engine.command_options import EmbeddedOption, StoreOption
from engine.database.check import check_store
from engine.database.compute import compute
from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.facts import commands as facts_commands
from engine.former_names import former_name
from engine.importers import importer
from engine.lab import commands as lab_commands
from engine.languages import parse_language
from engine.live import commands as live_commands
from engine.locations import EMBEDDED, LOCAL
from engine.metrics.definition import metrics
from engine.model_catalogue import commands as model_commands
from engine.printed_table import Format, printed
from engine.runs import commands as run_commands
from engine.store.rewrite import rewrite_store

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="See what a model knows in one language only. With --debug an error shows its traceback.",
)
app.add_typer(importer.app, name="import")
run_commands.register(app)
facts_commands.register(app)
lab_commands.register(app)
live_commands.register(app)
model_commands.register(app)


def _metric_names() -> str:
    """The metrics, for the help; what is wrong with them is said there, and by the commands that need them."""
    try:
        return ", ".join(metrics())
    except IsoglossError as error:
        return f"none, since {error}"


@app.command("metric")
def print_metric(
    name: Annotated[str, typer.Argument(help=f"One of: {_metric_names()}.")],
    dataset: Annotated[list[str] | None, typer.Option(help="Only this dataset; may be repeated.")] = None,
    model: Annotated[list[str] | None, typer.Option(help="Only this model; may be repeated.")] = None,
    languages: Annotated[str | None, typer.Option(help="Only these languages, e.g. en,de,he.")] = None,
    pivot: Annotated[str, typer.Option(help="The language that en_co compares with.")] = "en",
    interval: Annotated[bool, typer.Option("--interval", help="Add ci_low and ci_high (95 %).")] = False,
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.table,
    store: StoreOption = LOCAL,
    embedded: EmbeddedOption = True,
) -> None:
    """Print a metric: one row per line, 6 decimals, a missing value as empty."""
    if renamed := former_name("measure", name):
        typer.echo(f"note: {renamed.notice}", err=True)
        name = renamed.present
    tags = [parse_language(part) for part in languages.split(",")] if languages else None
    opened = open_database(_folders(store, embedded))
    try:
        rows = compute(
            opened, name, datasets=dataset, models=model, languages=tags, pivot=parse_language(pivot), interval=interval
        )
    finally:
        opened.close()
    for problem in opened.problems:
        typer.echo(f"left out: {problem.file}: {problem.reason}", err=True)
    typer.echo(printed(rows, format), nl=False)


@app.command("check")
def check(
    store: StoreOption = LOCAL,
    embedded: EmbeddedOption = True,
    rewrite: Annotated[
        bool, typer.Option("--rewrite", help="First write files of the store in an older version's terms anew.")
    ] = False,
) -> None:
    """Verify the store: schema, checksums, duplicates, orphans."""
    if rewrite:
        written = rewrite_store(store).written
        typer.echo(f"written anew: {', '.join(written) or 'nothing, no file is in the terms of an older version'}")
    report = check_store(_folders(store, embedded))
    for line in report.lines():
        typer.echo(line)
    if report.findings:
        raise IsoglossError(f"{len(report.findings)} findings")


def _folders(store: Path, embedded: bool) -> list[Path]:
    return [EMBEDDED, store] if embedded and store.resolve() != EMBEDDED.resolve() else [store]


def _present_option(argument: str) -> str:
    """An argument, under its present name where it is an option that was renamed, which is said."""
    option, equals, value = argument.partition("=")
    renamed = former_name("option", option)
    if renamed is None:
        return argument
    print(f"note: {renamed.notice}", file=sys.stderr)  # noqa: T201
    return f"{renamed.present}{equals}{value}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. Exit status: 0; 1 a clear error; 64 wrong usage; 74 disk full; 75 busy."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    try:
        wanted = [_present_option(argument) for argument in given if argument != "--debug"]
        status = app(wanted, standalone_mode=False)
    except IsoglossError as error:
        if debug:
            raise
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - the one clear line
        sys.exit(error.exit_status)
    except UsageError as error:
        print(f"error: {error.format_message()} (try --help)", file=sys.stderr)  # noqa: T201
        sys.exit(64)
    except (typer.Abort, KeyboardInterrupt):
        print("stopped", file=sys.stderr)  # noqa: T201
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)
