"""`python -m engine probe`: one fact in all its languages. What is heavy is imported when the command needs it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from engine.errors import IsoglossError
from engine.runs import commands as run_options


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("probe")(probe_fact)


def probe_fact(
    model: Annotated[str, typer.Option(help="A folder, an embedded model's name or a hub id.")],
    fact: Annotated[Path, typer.Option(help="A file with one fact as JSON.")],
    probe: run_options.ProbeName = "letter",
    template: Annotated[str | None, typer.Option(help="The wording.")] = None,
    form: Annotated[str, typer.Option(help="A form of the fact's relation, e.g. question-2 or statement-1.")] = "",
    permute: run_options.Permute = None,
    chat: run_options.Chat = False,
    no_thinking: run_options.NoThinking = False,
    shots: run_options.Shots = 0,
    choose_by: run_options.ChooseBy = None,
    boundary: run_options.Boundary = None,
    unconditional: run_options.Unconditional = False,
    scorer: run_options.Scorer = None,
    adapter: run_options.Adapter = None,
    revision: run_options.Revision = None,
    name: run_options.Name = None,
    device: run_options.Device = "auto",
    dtype: run_options.Dtype = "auto",
    batch_tokens: run_options.BatchTokens = None,
) -> None:
    """Ask a model one fact in all its languages, and print what it answers as JSON."""
    import orjson

    from engine.live.fact.questions import fact_questions, read_fact
    from engine.live.protocol.settings import Asking, probe_of

    asking = Asking(
        probe=probe,
        template=template,
        form=form,
        permute=permute,
        chat=chat,
        no_thinking=no_thinking,
        shots=shots,
        choose_by=choose_by,
        boundary=boundary,
        unconditional=unconditional,
        scorer=scorer,
    )
    written = _bytes_of(fact)
    asked, questions = probe_of(asking), fact_questions(read_fact(written))
    _say_contradiction(orjson.loads(written))
    from engine.live.protocol.answer_message import answer_message
    from engine.models.causal.model import open_model

    opened = open_model(
        model,
        adapter=adapter,
        name=name,
        revision=revision,
        dtype=dtype,  # type: ignore[arg-type] # place() names what there is
        device=device,
        batch_tokens=batch_tokens,
    )
    if said := asked.check(opened):
        typer.echo(said, err=True)
    # Language by language, as a run does: the numbers are the same to the last bit.
    answers = [answer for question in questions for answer in asked.ask(opened, [question])]
    found = {
        "model": opened.identity.name,
        "languages": {answer.question.language: answer_message(answer, asked).model_dump() for answer in answers},
    }
    typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2))


def _say_contradiction(fact: dict[str, Any]) -> None:
    """Say, beside the answer, where the store knows another right answer."""
    from engine.browse.contradiction import contradiction
    from engine.database.database import open_database
    from engine.locations import EMBEDDED, LOCAL

    store = open_database([EMBEDDED, LOCAL])
    try:
        found = contradiction(store, {"relation": None, "gold": [], **fact})
    finally:
        store.close()
    if found is not None:
        typer.echo(found.sentence, err=True)


def _bytes_of(file: Path) -> bytes:
    from engine.live.fact.questions import MOST_BYTES
    from engine.store.atomic import BadFile, read_regular

    try:
        return read_regular(file.resolve(), limit=MOST_BYTES)
    except FileNotFoundError as error:
        raise IsoglossError(f"{file}: there is no such file; give one with a fact as JSON") from error
    except BadFile as error:
        raise IsoglossError(f"{file} {error}") from error
