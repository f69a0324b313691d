"""Runs that must not go on: what they would add was asked otherwise than what is there."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import engine.runs.plan
from engine.errors import IsoglossError
from engine.models.interface import Model
from engine.probes.letter import LetterProbe
from engine.runs.folder import run_folder
from engine.runs.job import Job
from engine.runs.progress import list_runs
from engine.runs.run import run
from engine.store.manifest import read_manifest
from engine.store.write import TableFile, write_files
from engine.version import engine_version
from tests.faults.rows import answers, runs
from tests.support.fake_model import IDENTITY, FakeModel
from tests.support.small_runs import OTHER_WORDS, small_job, stopping, write_facts


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Five facts in three languages: 15 questions."""
    write_facts(tmp_path)
    return tmp_path


_CHANGES: dict[str, tuple[Callable[[Job], Job], Callable[[], Model], str]] = {
    "weights": (lambda job: job, lambda: FakeModel(identity=replace(IDENTITY, weights_sha256="1" * 64)), "weights"),
    "versions": (
        lambda job: job,
        lambda: FakeModel(identity=replace(IDENTITY, versions={"fake": "2"})),
        "versions.fake",
    ),
    "dtype": (lambda job: job, lambda: FakeModel(identity=replace(IDENTITY, dtype="bfloat16")), "dtype"),
    "question": (
        lambda job: replace(job, questions=[replace(job.questions[0], text="Else?"), *job.questions[1:]]),
        FakeModel,
        "the dataset's questions",
    ),
    "fewer questions": (lambda job: replace(job, questions=job.questions[1:]), FakeModel, "was 15, is now 14"),
    "settings": (lambda job: replace(job, settings={"permute": "cyclic"}), FakeModel, "was none, is now cyclic"),
    "words": (lambda job: replace(job, words_sha256={"small@1": "other"}), FakeModel, "is now other"),
    "wording": (lambda job: replace(job, probes=(LetterProbe(words=OTHER_WORDS),)), FakeModel, "other@1"),
}


@pytest.mark.parametrize("change", _CHANGES)
@pytest.mark.parametrize("asked", [20, 99], ids=["stopped", "finished"])
def test_a_run_begun_otherwise_is_refused(store: Path, change: str, asked: int) -> None:
    changed, load, named = _CHANGES[change]
    job = small_job(store)
    if asked < 30:
        with pytest.raises(KeyboardInterrupt):
            run(job, lambda: FakeModel(before=stopping(asked, KeyboardInterrupt())))
    else:
        run(job, FakeModel)
    before = (list_runs(store), read_manifest(store))
    with pytest.raises(IsoglossError, match="begun otherwise") as refused:
        run(changed(job), load)
    assert named in str(refused.value)
    assert "--run-id" in str(refused.value)
    assert refused.value.exit_status == 1
    assert (list_runs(store), read_manifest(store)) == before
    run(job, FakeModel)  # and the old run goes on as it was


def test_changed_code_is_refused(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(small_job(store), FakeModel)
    monkeypatch.setattr(engine.runs.plan, "scoring_code_sha256", lambda *modules: "other")
    with pytest.raises(IsoglossError, match="own code for asking and scoring .* is now other") as refused:
        run(small_job(store), FakeModel)
    remedy = f"go on with what was then (it was begun by Isogloss {engine_version()}), or start a run of its own"
    assert remedy in str(refused.value)


def test_a_model_that_moved_is_the_same_model(store: Path) -> None:
    run(small_job(store), FakeModel)
    assert run(small_job(store), lambda: FakeModel(identity=replace(IDENTITY, source="elsewhere"))).was_finished


def test_results_of_an_import_are_never_replaced(store: Path) -> None:
    write_files(store, [TableFile("results", "small", answers()), TableFile("runs", "small", runs())])
    before = read_manifest(store)
    with pytest.raises(IsoglossError, match="name of results that were imported"):
        run(small_job(store), FakeModel)
    assert read_manifest(store) == before


def test_shards_of_a_plan_that_is_gone_are_not_trusted(store: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(small_job(store), lambda: FakeModel(before=stopping(20, KeyboardInterrupt())))
    run_folder(store, "small").plan.unlink()
    model = FakeModel()
    run(small_job(store), lambda: model)
    assert len(model.asked) == 9  # all of them


def test_a_plan_that_cannot_be_read_is_named(store: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(small_job(store), lambda: FakeModel(before=stopping(20, KeyboardInterrupt())))
    plan = run_folder(store, "small").plan
    whole = plan.read_bytes()
    for damage, said in ((b"{", "is broken"), (b"[]", "begun otherwise")):
        plan.write_bytes(damage)
        with pytest.raises(IsoglossError, match=said):
            run(small_job(store), FakeModel)
    plan.write_bytes(whole)
    assert not run(small_job(store), FakeModel).was_finished
