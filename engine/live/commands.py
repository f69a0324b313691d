"""`python -m engine probe`: one fact in all its languages. What is heavy is imported when the command needs it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.command_options import (
    AdapterOption,
    BatchTokensOption,
    DeviceOption,
    DtypeOption,
    ModelNameOption,
    ModelOption,
    RevisionOption,
    TokenizerOption,
)
from engine.errors import IsoglossError
from engine.probes.catalogue import SettingValue
from engine.probes.options import FormOption, with_probe_options

_NONE: Mapping[str, SettingValue] = {}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("probe")(with_probe_options(probe_fact))


def probe_fact(
    model: ModelOption,
    fact: Annotated[Path, typer.Option(help="A file with one fact as JSON.")],
    probe: str = "letter",
    template: Annotated[str | None, typer.Option(help="The wording.")] = None,
    form: FormOption = "",
    settings: Mapping[str, SettingValue] = _NONE,
    tokenizer: TokenizerOption = None,
    adapter: AdapterOption = None,
    revision: RevisionOption = None,
    name: ModelNameOption = None,
    device: DeviceOption = "auto",
    dtype: DtypeOption = "auto",
    batch_tokens: BatchTokensOption = None,
) -> None:
    """Ask a model one fact in all its languages, and print what it answers as JSON."""
    import orjson

    from engine.live.fact.questions import fact_questions, read_fact
    from engine.live.protocol.settings import ProbeSettings, probe_of

    asking = ProbeSettings.model_validate({"probe": probe, "template": template, "form": form, **settings})
    written = _bytes_of(fact)
    asked, questions = probe_of(asking), fact_questions(read_fact(written))
    _say_contradiction(orjson.loads(written))
    from engine.configured_models import asked_model
    from engine.live.protocol.answer_message import answer_message
    from engine.locations import LOCAL
    from engine.models.registry import open_model
    from engine.models.settings import OpenSettings

    named = asked_model(model, LOCAL, name=name, has_adapter=adapter is not None)
    opening = OpenSettings(
        tokenizer=tokenizer,
        adapter=adapter,
        name=named.name,
        revision=revision,
        dtype=dtype,
        device=device,
        batch_tokens=batch_tokens,
    )
    opened = open_model(named.source, opening)
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
