"""`python -m engine run` and `prompts`. What is heavy is imported when a command needs it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.errors import IsoglossError
from engine.locations import LOCAL
from engine.store.verify import StoreProblem

if TYPE_CHECKING:
    from engine.models.interface import Model
    from engine.runs.job import Job
    from engine.runs.request import Request

_USUAL_SHARD = 256

Dataset = Annotated[str, typer.Option(help="The dataset to ask; its facts must be in the store.")]
Languages = Annotated[str | None, typer.Option(help="Only these languages, e.g. en,de,he.")]
ProbeName = Annotated[str, typer.Option(help="How to ask: letter, cloze or generation.")]
Template = Annotated[list[str] | None, typer.Option(help="The wording; may be repeated to ask in several.")]
TemplateFile = Annotated[Path | None, typer.Option(help="A TOML file with wordings of your own.")]
Form = Annotated[
    list[str] | None,
    typer.Option(help="A form of the facts' relations, e.g. question-2 or statement-1; may be repeated."),
]
Permute = Annotated[
    str | None, typer.Option(help="letter: none, or cyclic: every fact in each rotation of its options.")
]
Chat = Annotated[bool, typer.Option("--chat", help="Put the prompts into the model's own chat format.")]
NoThinking = Annotated[
    bool, typer.Option("--no-thinking", help="chat: turn thoughts off, where the model's chat format has a switch.")
]
Shots = Annotated[int, typer.Option(min=0, help="How many examples stand before the question.")]
ChooseBy = Annotated[
    str | None,
    typer.Option(
        help="cloze: what decides: sum, byte, character (acc_norm of lm-evaluation-harness, which byte is not), token, "
        "pmi or contrast."
    ),
]
Boundary = Annotated[
    str | None,
    typer.Option(
        help="letter, cloze: an option that shares a token with its context is scored by whole: log p(both) less "
        "log p(context), or harness: as lm-evaluation-harness cuts it."
    ),
]
Unconditional = Annotated[bool, typer.Option("--unconditional", help="cloze: also score the options with no prompt.")]
Scorer = Annotated[
    str | None, typer.Option(help="generation: how answers are read: first_letter, prefix, exact_match.")
]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first facts, in all languages.")]
Adapter = Annotated[Path | None, typer.Option(help="The folder of a PEFT adapter for the model.")]
Revision = Annotated[str | None, typer.Option(help="The revision of a model of the hub.")]
Name = Annotated[str | None, typer.Option(help="What the results call the model.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, …")]
Dtype = Annotated[str, typer.Option(help="Number format of the weights: auto, float32, bfloat16 or float16.")]
BatchTokens = Annotated[int | None, typer.Option(min=1, help="How many tokens a batch may hold.")]
StoreFolder = Annotated[Path, typer.Option("--store", help="Folder of the store.")]
Embedded = Annotated[bool, typer.Option("--embedded/--no-embedded", help="Read the embedded data beside it.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run_model)
    app.command("prompts")(print_prompts)


def run_model(
    model: Annotated[str, typer.Option(help="A folder, an embedded model's name or a hub id.")],
    dataset: Dataset,
    languages: Languages = None,
    probe: ProbeName = "letter",
    template: Template = None,
    template_file: TemplateFile = None,
    form: Form = None,
    permute: Permute = None,
    chat: Chat = False,
    no_thinking: NoThinking = False,
    shots: Shots = 0,
    choose_by: ChooseBy = None,
    boundary: Boundary = None,
    unconditional: Unconditional = False,
    scorer: Scorer = None,
    limit: Limit = None,
    adapter: Adapter = None,
    revision: Revision = None,
    name: Name = None,
    device: Device = "auto",
    dtype: Dtype = "auto",
    batch_tokens: BatchTokens = None,
    run_id: Annotated[
        str | None, typer.Option(help="A name for the run; made from what is asked if not given.")
    ] = None,
    shard_size: Annotated[int, typer.Option(min=1, help="Questions that are saved together.")] = _USUAL_SHARD,
    store: StoreFolder = LOCAL,
    embedded: Embedded = True,
) -> None:
    """Ask a model all facts of a dataset. Resumable: the same command goes on where it stopped."""
    given = dict(locals())
    from engine.runs.request import Request

    _run(Request(**(given | {"template": tuple(template or ()), "form": tuple(form or ())})))


def print_prompts(
    dataset: Dataset,
    model: Annotated[str | None, typer.Option(help="Needed with --chat only.")] = None,
    languages: Languages = None,
    probe: ProbeName = "letter",
    template: Template = None,
    template_file: TemplateFile = None,
    form: Form = None,
    permute: Permute = None,
    chat: Chat = False,
    no_thinking: NoThinking = False,
    shots: Shots = 0,
    choose_by: ChooseBy = None,
    boundary: Boundary = None,
    unconditional: Unconditional = False,
    scorer: Scorer = None,
    limit: Limit = None,
    adapter: Adapter = None,
    revision: Revision = None,
    store: StoreFolder = LOCAL,
    embedded: Embedded = True,
) -> None:
    """Print word for word what `run` would send, one JSON object per prompt."""
    given = dict(locals())
    import orjson

    from engine.probes.prompt_lines import prompt_lines
    from engine.runs.request import Request

    request = Request(**(given | {"template": tuple(template or ()), "form": tuple(form or ())}))
    if chat and model is None:
        raise IsoglossError("the chat format is the model's own: give --model, or leave --chat out", exit_status=64)
    (probes, _), questions = request.probes(), request.questions(_say_left_out)
    asked = _open(request) if chat else None
    for asking in probes:
        for line in prompt_lines(asked, asking, questions):
            typer.echo(orjson.dumps(line))


def _run(request: "Request") -> None:
    from engine.models.loading.source import find_model
    from engine.runs.progress_bar import RunBar
    from engine.runs.run import run

    assert request.model is not None
    request.probes()  # what is wrong with them shows before a model is fetched
    questions = request.questions(_say_left_out)
    found = find_model(request.model, name=request.name, revision=request.revision)
    job = request.job(request.model_name(found.name), questions)
    try:
        with RunBar() as bar:
            bar.note(job.summary())
            report = run(job, lambda: _open(request), watch=bar.show, note=bar.note)
    except KeyboardInterrupt:
        typer.echo(_stopped(job), err=True)
        raise typer.Exit(130) from None
    for line in report.lines():
        typer.echo(line)


def _open(request: "Request") -> "Model":
    from typing import cast, get_args

    from engine.models.causal.model import open_model
    from engine.models.loading.device import Dtype as Known

    if request.dtype not in get_args(Known):
        raise IsoglossError(f"no dtype {request.dtype!r}: choose from {', '.join(get_args(Known))}", exit_status=64)
    assert request.model is not None
    return open_model(
        request.model,
        adapter=request.adapter,
        name=request.name,
        revision=request.revision,
        dtype=cast(Known, request.dtype),
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
