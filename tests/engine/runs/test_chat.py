"""Runs in a model's chat format: what was sent is recorded, does not change from day to day, or is refused by name."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from transformers.utils import chat_template_utils

from engine.cli import main
from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.models.causal.model import CausalModel
from engine.models.registry import open_model
from engine.models.settings import OpenSettings
from engine.probes.letter import LetterProbe
from engine.runs.folder import run_folder
from engine.runs.run import run
from engine.store.verify import read_snapshot
from tests.support.fake_model import FakeModel
from tests.support.small_runs import WORDS, small_job, stopping, write_facts
from tests.support.tiny_models import TEXTS, make_model

DATED = "{{ strftime_now('%d %b %Y %H:%M') }}\n{% for m in messages %}[{{ m['content'] }}]{% endfor %}"
CHAT = LetterProbe(words=WORDS, chat=True)
JOB: dict[str, Any] = {"probes": (CHAT,), "words_sha256": {CHAT.template: WORDS.digest}}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Five facts in three languages: 15 questions."""
    write_facts(tmp_path / "store")
    return tmp_path / "store"


def model_with(folder: Path, template: object) -> Path:
    return make_model(folder, "gpt2", vocabulary_texts=TEXTS, chat_template=template)  # type: ignore[arg-type]


def tomorrow(monkeypatch: pytest.MonkeyPatch) -> None:
    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Tomorrow":
            return cls(2031, 5, 17, 8, 30)

    monkeypatch.setattr(chat_template_utils, "datetime", Tomorrow)
    chat_template_utils._compile_jinja_template.cache_clear()


def rows(store: Path) -> list[dict[str, Any]]:
    (file,) = (file for file in read_snapshot(store).files if file.entry.table == "results")
    return [row for batch in file.batches() for row in batch.to_pylist()]


@pytest.mark.slow
def test_a_run_that_goes_on_tomorrow_gives_the_rows_of_today(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = model_with(tmp_path / "dated", DATED)
    run(small_job(store, run_id="whole", **JOB), lambda: open_model(str(folder), OpenSettings(device="cpu")))
    whole = [row | {"run_id": ""} for row in rows(store)]

    other = tmp_path / "other"
    write_facts(other)

    class Stopping(CausalModel):
        """Stops after some questions."""

        __module__ = CausalModel.__module__  # the plan of a run is of its model's code
        calls = 0

        def loglikelihoods(self, *items: Any, **how: Any) -> Any:
            self.calls += 1
            if self.calls > 3:
                raise KeyboardInterrupt
            return super().loglikelihoods(*items, **how)

    opened = open_model(str(folder), OpenSettings(device="cpu"))
    opened.__class__ = Stopping
    with pytest.raises(KeyboardInterrupt):
        run(small_job(other, **JOB), lambda: opened)
    tomorrow(monkeypatch)
    run(small_job(other, **JOB), lambda: open_model(str(folder), OpenSettings(device="cpu")))
    assert [row | {"run_id": ""} for row in rows(other)] == whole


@pytest.mark.slow
def test_what_was_sent_is_recorded_with_the_run(store: Path, tmp_path: Path) -> None:
    folder = model_with(tmp_path / "dated", DATED)
    run(small_job(store, **JOB), lambda: open_model(str(folder), OpenSettings(device="cpu")))
    settings = open_database([store]).frame("select settings from runs")["settings"].iloc[0]
    assert orjson.loads(settings)["chat"]["rendered"] == "01 Jan 2025 12:00\n[{text}]"


def test_a_run_does_not_go_on_in_another_chat_format(store: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(small_job(store, **JOB), lambda: FakeModel(frame=("<", ">"), before=stopping(9, KeyboardInterrupt())))
    with pytest.raises(IsoglossError, match=r"the model's chat format was <{text}>, is now \[{text}\]"):
        run(small_job(store, **JOB), lambda: FakeModel(frame=("[", "]")))
    assert run(small_job(store, **JOB), lambda: FakeModel(frame=("<", ">"))).n_answers == 15


@pytest.mark.parametrize(
    ("model", "reason"),
    [(FakeModel(), "no chat template"), (FakeModel(frame=("<", ">"), thought="<think>"), "opens a thought")],
)
def test_what_cannot_be_asked_in_a_chat_is_refused_before_anything_is_asked(
    store: Path, model: FakeModel, reason: str
) -> None:
    with pytest.raises(IsoglossError, match=reason):
        run(small_job(store, **JOB), lambda: model)
    assert not model.asked
    assert not run_folder(store, "small").plan.exists()


def test_a_model_that_may_think_is_asked_with_a_word_of_it(store: Path) -> None:
    notes: list[str] = []
    run(small_job(store, **JOB), lambda: FakeModel(frame=("<", ">"), can_be_off=True), note=notes.append)
    assert notes == ["the model may begin its answer with a thought; --no-thinking turns that off"]
    unthinking = replace(CHAT, no_thinking=True)
    job = small_job(store, run_id="off", probes=(unthinking,), words_sha256={unthinking.template: WORDS.digest})
    run(job, lambda: FakeModel(frame=("<", ">"), can_be_off=True), note=notes.append)
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{{ raise_exception('no system message') }}", "no system message"),
        ({"rag": "x", "tool_use": "y"}, "there are rag, tool_use, and none is called"),
        ("{% for m in messages %}{{ m['content'] }}{% endfor %}<think>", "opens a thought (<think>)"),
    ],
)
def test_the_command_line_says_it_in_one_line(
    store: Path, tmp_path: Path, template: object, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = model_with(tmp_path / "refusing", template)
    for command in (["run"], ["prompts"]) if "think" not in reason and "thought" not in reason else (["run"],):
        asked = [*command, "--model", str(folder), "--dataset", "capitals", "--store", str(store), "--chat"]
        with pytest.raises(SystemExit) as ended:
            main([*asked, "--no-embedded"])
        said = capsys.readouterr().err
        assert ended.value.code == 1
        assert reason in said and "Traceback" not in said
        assert len([line for line in said.splitlines() if reason in line]) == 1
