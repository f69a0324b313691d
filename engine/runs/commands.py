"""`python -m engine run` and `prompts`. What is heavy is imported when a command needs it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.command_options import (
    AdapterOption,
    BatchTokensOption,
    DeviceOption,
    DtypeOption,
    EmbeddedOption,
    ModelNameOption,
    ModelOption,
    RevisionOption,
    StoreOption,
    TokenizerOption,
)
from engine.errors import IsoglossError
from engine.locations import LOCAL
from engine.probes.catalogue import SettingValue
from engine.probes.options import FormsOption, with_probe_options
from engine.store.verify import StoreProblem

if TYPE_CHECKING:
    from engine.models.settings import OpenSettings
    from engine.runs.job import Job
    from engine.runs.request import Request

_USUAL_SHARD = 256
_NONE: Mapping[str, SettingValue] = {}

DatasetOption = Annotated[str, typer.Option(help="The dataset to ask; its facts must be in the store.")]
LanguagesOption = Annotated[str | None, typer.Option(help="Only these languages, e.g. en,de,he.")]
TemplatesOption = Annotated[list[str] | None, typer.Option(help="The wording; may be repeated to ask in several.")]
TemplateFileOption = Annotated[Path | None, typer.Option(help="A TOML file with wordings of your own.")]
LimitOption = Annotated[int | None, typer.Option(min=1, help="Only the first facts, in all languages.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(with_probe_options(run_model))
    app.command("prompts")(with_probe_options(print_prompts))


def run_model(
    model: ModelOption,
    dataset: DatasetOption,
    languages: LanguagesOption = None,
    probe: str = "letter",
    template: TemplatesOption = None,
    template_file: TemplateFileOption = None,
    form: FormsOption = None,
    settings: Mapping[str, SettingValue] = _NONE,
    limit: LimitOption = None,
    tokenizer: TokenizerOption = None,
    adapter: AdapterOption = None,
    revision: RevisionOption = None,
    name: ModelNameOption = None,
    device: DeviceOption = "auto",
    dtype: DtypeOption = "auto",
    batch_tokens: BatchTokensOption = None,
    run_id: Annotated[
        str | None, typer.Option(help="A name for the run; made from what is asked if not given.")
    ] = None,
    shard_size: Annotated[int, typer.Option(min=1, help="Questions that are saved together.")] = _USUAL_SHARD,
    store: StoreOption = LOCAL,
    embedded: EmbeddedOption = True,
) -> None:
    """Ask a model all facts of a dataset. Resumable: the same command goes on where it stopped."""
    given = dict(locals())
    from engine.runs.request import Request

    _run(Request(**(given | {"template": tuple(template or ()), "form": tuple(form or ())})).with_source())


def print_prompts(
    dataset: DatasetOption,
    model: Annotated[str | None, typer.Option(help="Needed with --chat only.")] = None,
    languages: LanguagesOption = None,
    probe: str = "letter",
    template: TemplatesOption = None,
    template_file: TemplateFileOption = None,
    form: FormsOption = None,
    settings: Mapping[str, SettingValue] = _NONE,
    limit: LimitOption = None,
    tokenizer: TokenizerOption = None,
    adapter: AdapterOption = None,
    revision: RevisionOption = None,
    store: StoreOption = LOCAL,
    embedded: EmbeddedOption = True,
) -> None:
    """Print word for word what `run` would send, one JSON object per prompt."""
    given = dict(locals())
    import orjson

    from engine.models.registry import open_model
    from engine.probes.prompt_lines import prompt_lines
    from engine.runs.request import Request

    request = Request(**(given | {"template": tuple(template or ()), "form": tuple(form or ())})).with_source()
    probes, _ = request.probes()
    in_chat = probes[0].chat
    if in_chat and request.model is None:
        raise IsoglossError("the chat format is the model's own: give --model, or leave --chat out", exit_status=64)
    questions = request.questions(_say_left_out)
    opened = open_model(request.model, _opening(request)) if in_chat and request.model is not None else None
    for asking in probes:
        for line in prompt_lines(opened, asking, questions):
            typer.echo(orjson.dumps(line))


def _run(request: "Request") -> None:
    from engine.models.registry import model_name, open_model
    from engine.runs.progress_bar import RunBar
    from engine.runs.run import run

    assert request.model is not None
    model, opening = request.model, _opening(request)
    request.probes()  # what is wrong with them shows before a model is fetched
    questions = request.questions(_say_left_out)
    job = request.job(model_name(model, opening), questions)
    try:
        with RunBar() as bar:
            bar.note(job.summary())
            report = run(job, lambda: open_model(model, opening), watch=bar.show, note=bar.note)
    except KeyboardInterrupt:
        typer.echo(_stopped(job), err=True)
        raise typer.Exit(130) from None
    for line in report.lines():
        typer.echo(line)


def _opening(request: "Request") -> "OpenSettings":
    """How its model is opened. Raises IsoglossError."""
    from engine.models.settings import OpenSettings

    return OpenSettings(
        tokenizer=request.tokenizer,
        adapter=request.adapter,
        name=request.name,
        revision=request.revision,
        dtype=request.dtype,
        device=request.device,
        batch_tokens=request.batch_tokens,
    )


def _stopped(job: "Job") -> str:
    """The one line that says how to go on."""
    from engine.runs.launchers.local import command_line
    from engine.runs.progress import read_run

    progress = read_run(job.store, job.run_id)
    safe = f"{progress.safe:,} of {progress.total:,} answers are safe" if progress else "nothing was asked yet"
    return f"stopped: {safe}; to go on: {command_line(job.command)}"


def _say_left_out(problem: StoreProblem) -> None:
    typer.echo(f"left out: {problem.file}: {problem.reason}", err=True)
