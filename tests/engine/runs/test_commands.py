"""`python -m engine run` and `prompts`, with a model that has no weights."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer._click.exceptions import UsageError
from typer.testing import CliRunner, Result

import engine.models.registry
from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.locations import EMBEDDED
from engine.models.interface import Model
from engine.runs.commands import register
from engine.runs.progress import list_runs
from engine.runs.request import Request
from tests.support.fake_model import FakeModel
from tests.support.small_runs import write_facts

_TEMPLATES = """
probe = "letter"
[[templates]]
name = "own"
version = 3
[templates.wordings.und]
text = "{question} {options} ->"
[templates.wordings.de]
text = "Frage {question} {options} ->"
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of five facts in three languages, and an empty folder in the place of a model."""
    write_facts(tmp_path / "store")
    (tmp_path / "tiny").mkdir()
    return tmp_path / "store"


@pytest.fixture
def command(store: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command on the store; `model=` is what is loaded."""

    def invoke(*arguments: str, model: Model | None = None) -> Result:
        monkeypatch.setattr(engine.models.registry, "open_model", lambda source, settings: model or FakeModel())
        app = typer.Typer()
        register(app)
        given = [*arguments, "--dataset", "capitals", "--store", str(store), "--no-embedded"]
        result = CliRunner().invoke(app, given, standalone_mode=False)
        if isinstance(result.exception, IsoglossError | UsageError):
            raise result.exception
        return result

    return invoke


def test_a_run_and_the_same_again(command: Callable[..., Result], store: Path) -> None:
    tiny = str(store.parent / "tiny")
    first = command("run", "--model", tiny)
    (run,) = list_runs(store)
    assert first.stdout == f"run {run.run_id} is finished: 15 answers are in the store\n"
    assert first.stderr.splitlines()[0] == (f"run {run.run_id}: letter (plain@1), facts of capitals: de 5, en 5, zh 5")
    assert run.run_id.startswith("tiny-capitals-letter-")
    assert (run.model, run.state, run.done) == ("tiny", "finished", 15)
    again = command("run", "--model", tiny)
    assert again.stdout == f"run {run.run_id} was finished before, nothing was changed: 15 answers are in the store\n"


@pytest.mark.slow
def test_several_wordings_languages_and_a_limit(command: Callable[..., Result], store: Path) -> None:
    file = store.parent / "own.toml"
    file.write_text(_TEMPLATES, encoding="utf-8")
    tiny = str(store.parent / "tiny")
    more = ("--languages", "zh,de_DE", "--limit", "2", "--name", "Tiny", "--permute", "cyclic")
    command("run", "--model", tiny, "--template", "plain", "--template", "short", *more, "--run-id", "two")
    command("run", "--model", tiny, "--template-file", str(file), *more, "--run-id", "own")
    opened = open_database([store])
    templates = opened.frame("select run_id::varchar as run, template from runs order by run")
    opened.close()
    assert templates.to_numpy().tolist() == [["own", "own@3+cyclic"], ["two", "plain@1+cyclic, short@1+cyclic"]]
    totals = {run.run_id: (run.total, run.languages) for run in list_runs(store)}
    assert totals == {"two": (8, ("de", "zh")), "own": (4, ("de", "zh"))}


def test_an_interrupted_run_says_how_to_go_on(command: Callable[..., Result], store: Path) -> None:
    asked = []

    def before() -> None:
        asked.append(1)
        if len(asked) == 13:
            raise KeyboardInterrupt

    tiny = str(store.parent / "tiny")
    arguments = ("run", "--model", tiny, "--shard-size", "2", "--shots", "1")
    stopped = command(*arguments, model=FakeModel(before=before))
    assert stopped.return_value == 130  # what Typer hands on in place of ending the process
    # Twelve of two options each: six questions asked, five of them in whole shards of 2, 2 and 1.
    said = stopped.stderr.splitlines()[-1]
    assert said.startswith("stopped: 5 of 15 answers are safe; to go on: .venv/bin/python -m engine run --model")
    (run,) = list_runs(store)
    command(*run.command[:1], *run.command[1:])
    assert list_runs(store)[0].state == "finished"


def test_failed_answers_are_counted_at_the_end(command: Callable[..., Result], store: Path) -> None:
    result = command("run", "--model", str(store.parent / "tiny"), model=FakeModel(refuse={"land 4": "too long"}))
    assert result.stdout.splitlines()[1] == "3 of 15 answers failed: too long (3 times)"
    assert result.exit_code == 0


def test_wrong_usage_is_said_before_anything_is_written(command: Callable[..., Result], store: Path) -> None:
    tiny = str(store.parent / "tiny")
    for arguments, said in (
        (("--probe", "rank"), "choose from letter, cloze, generation"),
        (("--template", "plan"), "choose from plain"),
        (("--template", "plain", "--template", "plain"), "given twice"),
        (("--permute", "all"), "choose from none, cyclic"),
        (("--choose-by", "byte"), "no setting of the letter probe"),
        (("--shots", "99"), "99 examples asked for"),
        (("--languages", "en,xx-none-of-it"), "xx-none-of-it"),
        (("--run-id", "a/b"), "cannot be the id of a run"),
    ):
        with pytest.raises(IsoglossError, match=said):
            command("run", "--model", tiny, *arguments)
    with pytest.raises(IsoglossError, match="no such folder"):
        command("run", "--model", str(store / "nowhere"))
    for option in ("--limit", "--shard-size", "--batch-tokens"):
        with pytest.raises(UsageError):
            command("run", "--model", tiny, option, "0")
    assert list_runs(store) == []


def test_prompts_are_printed_word_for_word(command: Callable[..., Result], store: Path) -> None:
    file = store.parent / "own.toml"
    file.write_text(_TEMPLATES, encoding="utf-8")
    options = ("--template-file", str(file), "--permute", "cyclic", "--limit", "1", "--languages", "de,en")
    lines = [json.loads(line) for line in command("prompts", *options).stdout.splitlines()]
    assert [(line["language"], line["context"]) for line in lines] == [
        ("de", "Frage de: Capital of land 0? A. town 0\nB. river 0 ->"),
        ("de", "Frage de: Capital of land 0? A. river 0\nB. town 0 ->"),
        ("en", "en: Capital of land 0? A. town 0\nB. river 0 ->"),
        ("en", "en: Capital of land 0? A. river 0\nB. town 0 ->"),
    ]
    assert [line["continuations"] for line in lines] == [[" A", " B"], [" B", " A"]] * 2
    assert {line["template"] for line in lines} == {"own@3+cyclic"}


def test_what_is_printed_is_what_is_sent(command: Callable[..., Result], store: Path) -> None:
    model = FakeModel(frame=("<user>", "<model>"))
    options = ("--model", str(store.parent / "tiny"), "--chat", "--template", "plain", "--template", "short")
    command("run", *options, model=model)
    sent = {(asked.context, asked.text) for call in model.asked for asked in call}
    printed = [json.loads(line) for line in command("prompts", *options, model=model).stdout.splitlines()]
    shown = {(line["context"], text) for line in printed for text in line["continuations"]}
    assert len(printed) == 30
    if any(asked.chat for call in model.asked for asked in call):  # the model itself puts it into its chat format
        sent = {(model.chat(context), text) for context, text in sent}
    assert sent == shown


def test_a_chat_needs_a_model(command: Callable[..., Result]) -> None:
    with pytest.raises(IsoglossError, match="give --model, or leave --chat out") as refused:
        command("prompts", "--chat")
    assert refused.value.exit_status == 64


def test_the_arguments_mean_the_same_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m").mkdir()
    monkeypatch.chdir(tmp_path)
    request = Request(
        model="m",
        dataset="m",
        template=("plain", "exam"),
        template_file=Path("own.toml"),
        limit=3,
        settings={"chat": True},
        store=Path("s"),
        embedded=False,
    )
    assert request.arguments() == (
        "run",
        *("--model", str(tmp_path / "m"), "--dataset", "m", "--template", "plain", "--template", "exam"),
        *("--template-file", str(tmp_path / "own.toml"), "--chat", "--limit", "3"),
        *("--store", str(tmp_path / "s"), "--no-embedded"),
    )
    assert Request(model="org/name", dataset="d").arguments()[:3] == ("run", "--model", "org/name")


def test_what_the_dashboard_reads_of_runs_loads_no_torch() -> None:
    modules = ("progress", "launchers.local", "folder", "lock", "commands")
    imports = "; ".join(f"import engine.runs.{module}" for module in modules)
    heavy = "{'torch', 'transformers', 'datasets', 'huggingface_hub'}"
    code = f"{imports}; import sys; print(sorted({heavy} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], cwd=EMBEDDED.parent, check=True, capture_output=True, text=True)
    assert said.stdout == "[]\n"
