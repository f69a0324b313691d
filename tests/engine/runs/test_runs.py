"""Runs: from a job to rows of the store; stopped, resumed, refused, finished."""

import re
import threading
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from engine.database.database import open_database
from engine.errors import IsoglossError
from engine.models.interface import Model
from engine.probes.letter import LetterProbe
from engine.runs.folder import run_folder
from engine.runs.job import default_run_id
from engine.runs.progress import RunProgress, list_runs, read_run
from engine.runs.run import run
from engine.store.manifest import read_manifest
from tests.support.fake_model import FakeModel
from tests.support.small_runs import OTHER_WORDS, WORDS, small_job, stopping, write_facts


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Five facts in three languages: 15 questions, in shards of two three for each language, nine in all."""
    write_facts(tmp_path)
    return tmp_path


def _results(store: Path) -> str:
    """The name of the results file, which follows from its content."""
    return next(entry.path for entry in read_manifest(store) if entry.table == "results")


def test_the_answers_stand_in_the_store(store: Path) -> None:
    # The model likes the letter whose option begins with t (town, option 0) best: gold is 0 for facts 0, 2 and 4.
    def score(context: str, letter: str) -> float:
        listed = re.findall(r"^([A-Z])\. (\w)", context, re.MULTILINE)
        return -1.0 if (letter.strip(), "t") in listed else -2.0

    report = run(small_job(store), lambda: FakeModel(score=score))
    assert report.lines() == ["run small is finished: 15 answers are in the store"]
    opened = open_database([store])
    rows = opened.frame(
        "select language::varchar as l, count(*) as n, sum(correct::int) as right_ from answers group by l"
    )
    assert sorted(map(tuple, rows.to_numpy().tolist())) == [("de", 5, 3), ("en", 5, 3), ("zh", 5, 3)]
    row = opened.frame("select * exclude (started, finished) from runs").iloc[0]
    opened.close()
    assert (row.run_id, row.model, row.probe, row.template) == ("small", "fake", "letter", "small@1")
    assert (row.status, row.n_expected, row.n_done, row.weights_sha256) == ("finished", 15, 15, "0" * 64)
    assert orjson.loads(row.settings)["templates"] == {"small@1": WORDS.digest}
    assert opened.problems == ()
    assert not run_folder(store, "small").shards.exists()


def test_a_shard_has_one_language_and_one_wording(store: Path) -> None:
    job = small_job(store, probes=(LetterProbe(words=WORDS), LetterProbe(words=OTHER_WORDS)))
    shards = job.shards()
    # Two wordings, three languages, five questions in parts of 2, 2 and 1.
    assert [len(shard.questions) for shard in shards] == [2, 2, 1] * 6
    assert [shard.number for shard in shards] == list(range(18))
    assert all(len({question.language for question in shard.questions}) == 1 for shard in shards)
    asked = [(shard.probe.template, q.language, q.fact_id) for shard in shards for q in shard.questions]
    assert asked[:6] == [*(("small@1", "de", str(fact)) for fact in range(5)), ("small@1", "en", "0")]
    assert len(set(asked)) == job.n_answers == 30
    model = FakeModel()
    run(job, lambda: model)
    assert len(model.asked) == 18  # one call for each shard: no batch spans two
    assert run(job, FakeModel).was_finished


def test_the_same_job_in_another_store_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_facts(tmp_path / name)
        run(small_job(tmp_path / name), FakeModel)
    assert _results(tmp_path / "one") == _results(tmp_path / "two")


@pytest.mark.parametrize("asked", [0, 3, 4, 13, 29])
def test_a_stopped_run_goes_on_where_it_stopped(store: Path, tmp_path: Path, asked: int) -> None:
    # Two options a question and two questions a shard: four items are a shard; the last of three has two items.
    whole = 3 * (asked // 10) + asked % 10 // 4
    job = small_job(store)
    with pytest.raises(KeyboardInterrupt):
        run(job, lambda: FakeModel(before=stopping(asked, KeyboardInterrupt())))
    stopped = read_run(store, "small")
    assert stopped is not None
    assert (stopped.state, stopped.reason, stopped.shards_done) == ("stopped", "stopped on request", whole)
    assert stopped.done == stopped.safe == 5 * (asked // 10) + 2 * (asked % 10 // 4)
    model = FakeModel()
    report = run(job, lambda: model)
    assert len(model.asked) == 9 - whole
    assert not report.was_finished
    write_facts(tmp_path / "other")
    run(small_job(tmp_path / "other"), FakeModel)
    assert _results(store) == _results(tmp_path / "other")
    finished = read_run(store, "small")
    assert finished is not None
    assert (finished.state, finished.done, finished.failed, finished.started) == ("finished", 15, 0, stopped.started)


def test_a_finished_run_is_left_alone(store: Path) -> None:
    run(small_job(store), FakeModel)
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file() and path.name != ".lock"}
    model = FakeModel()
    report = run(small_job(store), lambda: model)
    assert report.lines() == ["run small was finished before, nothing was changed: 15 answers are in the store"]
    assert model.asked == []
    assert {path: path.read_bytes() for path in before} == before


def test_a_finished_run_is_known_without_its_folder(store: Path) -> None:
    run(small_job(store), FakeModel)
    for path in sorted((store / "work").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(IsoglossError, match="shard_size was 2, is now 3"):
        run(small_job(store, shard_size=3), FakeModel)
    assert run(small_job(store), FakeModel).was_finished


def test_damaged_results_are_asked_again(store: Path) -> None:
    run(small_job(store), FakeModel)
    path = store / _results(store)
    data = path.read_bytes()
    path.write_bytes(data[:-20])
    notes: list[str] = []
    assert not run(small_job(store), FakeModel, note=notes.append).was_finished
    assert "asked again" in notes[0]
    assert path.read_bytes() == data


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flip(data: bytes) -> bytes:
    return data[:100] + bytes([data[100] ^ 1]) + data[101:]


@pytest.mark.parametrize("damage", [_cut, _flip, lambda data: b""], ids=["cut", "one bit", "empty"])
def test_a_damaged_shard_is_done_again_and_said(store: Path, damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(small_job(store), lambda: FakeModel(before=stopping(20, KeyboardInterrupt())))
    shard = sorted(run_folder(store, "small").shards.iterdir())[1]
    whole = shard.read_bytes()
    shard.write_bytes(damage(whole))
    notes: list[str] = []
    model = FakeModel()
    run(small_job(store), lambda: model, note=notes.append)
    assert len(notes) == 1
    assert shard.name in notes[0]
    assert "2 questions are asked again" in notes[0]
    assert len(model.asked) == 9 - 6 + 1  # six of nine shards were written, one of them is damaged


def test_a_shard_under_another_number_is_not_taken_for_it(store: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(small_job(store), lambda: FakeModel(before=stopping(20, KeyboardInterrupt())))
    first, second = sorted(run_folder(store, "small").shards.iterdir())[:2]
    second.unlink()
    first.rename(first.with_name(first.name.replace("000000", "000001")))
    notes: list[str] = []
    run(small_job(store), FakeModel, note=notes.append)
    assert "holds the answers to other questions" in notes[0]


def test_a_fact_that_fails_is_a_row_with_its_error(store: Path) -> None:
    # 3 facts' questions in 3 languages hold no "land 1" or "land 3"; two of five do.
    model = FakeModel(refuse={"land 1": "too long by 3 tokens", "land 3": "no room"})
    report = run(small_job(store), lambda: model)
    assert report.lines()[1] == "6 of 15 answers failed: too long by 3 tokens (3 times); no room (3 times)"
    progress = read_run(store, "small")
    assert progress is not None
    assert progress.failed == 6
    opened = open_database([store])
    failed = opened.frame("select distinct error, correct is null as unmeasured from answers where error is not null")
    opened.close()
    assert sorted(failed["error"]) == ["no room", "too long by 3 tokens"]
    assert failed["unmeasured"].all()


def test_failures_count_from_before_a_stop(store: Path) -> None:
    def load(before: Callable[[], None] = lambda: None) -> FakeModel:
        return FakeModel(refuse={"land 0": "no room"}, before=before)

    with pytest.raises(KeyboardInterrupt):
        run(small_job(store), lambda: load(stopping(20, KeyboardInterrupt())))
    assert run(small_job(store), load).failures == {"no room": 3}
    assert run(small_job(store), load).failures == {"no room": 3}


def test_a_model_that_cannot_be_loaded_leaves_nothing(store: Path) -> None:
    def load() -> Model:
        assert list_runs(store)[0].state == "running"  # seen while it loads
        raise IsoglossError("no such folder")

    with pytest.raises(IsoglossError, match="no such folder"):
        run(small_job(store), load)
    assert list_runs(store) == []
    run(small_job(store), FakeModel)


def test_an_error_leaves_a_broken_run_that_goes_on(store: Path) -> None:
    with pytest.raises(IsoglossError):
        run(small_job(store), lambda: FakeModel(before=stopping(5, IsoglossError("out of memory"))))
    broken = list_runs(store)[0]
    assert (broken.state, broken.reason, broken.safe) == ("broken", "out of memory", 2)
    with pytest.raises(ZeroDivisionError):
        run(small_job(store), lambda: FakeModel(before=stopping(5, ZeroDivisionError("a bug"))))
    assert list_runs(store)[0].reason == "ZeroDivisionError: a bug"
    run(small_job(store), FakeModel)
    assert list_runs(store)[0].state == "finished"


def test_a_run_may_run_beside_the_main_thread(store: Path) -> None:
    seen: list[RunProgress] = []
    thread = threading.Thread(target=lambda: run(small_job(store), FakeModel, watch=seen.append))
    thread.start()
    thread.join()
    assert seen[-1].state == "finished"


def test_the_id_of_a_run_follows_from_what_is_asked() -> None:
    asked: dict[str, object] = {"permute": "cyclic", "limit": None}
    first = default_run_id("org/Model-7B", "x_geo", "letter", asked)
    assert re.fullmatch(r"Model-7B-x_geo-letter-[0-9a-f]{10}", first)
    assert default_run_id("org/Model-7B", "x_geo", "letter", dict(reversed(asked.items()))) == first
    others = [("org/Model-7C", "x_geo", "letter", asked), ("org/Model-7B", "x_geo", "letter", asked | {"limit": 3})]
    assert first not in {default_run_id(*other) for other in others}
    assert run_folder(Path(), default_run_id("модель" * 20, "..", "generation", {})).run_id.startswith("generation-")


def test_an_id_that_is_no_name_is_refused(store: Path) -> None:
    for bad in ("../x", "a/b", "", ".hidden", "x" * 65):
        with pytest.raises(IsoglossError, match="cannot be the id of a run") as refused:
            run(small_job(store, run_id=bad), FakeModel)
        assert refused.value.exit_status == 64
