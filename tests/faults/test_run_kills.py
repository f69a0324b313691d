"""A run that is killed: at random moments after it shows progress, and before every single step it takes on the disk.

It is resumed each time, and its results must be the very file of a run that nobody disturbed.
"""

import shutil
from pathlib import Path

import pytest

from engine.runs.progress import list_runs
from engine.runs.run import run
from engine.store.verify import read_snapshot
from tests.faults.children import run as run_child
from tests.faults.kills import kill_and_resume, results
from tests.faults.running import Bug, answer, answer_until, torn_shards
from tests.support.fake_model import FakeModel
from tests.support.small_runs import small_job, write_facts

_FACTS = 6  # in three languages: 18 questions, in shards of four six


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of the results file of an undisturbed run."""
    store = tmp_path_factory.mktemp("undisturbed")
    write_facts(store, facts=_FACTS)
    run(small_job(store, shard_size=4), FakeModel)
    return results(store)


def test_random_kills_change_nothing(tmp_path: Path, wanted: str) -> None:
    found = kill_and_resume(tmp_path, wanted, target=answer, facts=_FACTS, kills=12, seed=1)
    assert found.wrong == []
    assert found.kills == 12
    assert found.runs > 0


def test_control_random_kills_find_torn_shards(tmp_path: Path, wanted: str) -> None:
    found = kill_and_resume(
        tmp_path, wanted, target=answer, facts=_FACTS, kills=100, seed=1, bug="torn shards"
    )  # until it is found
    assert found.wrong != []


def _bad_crash_points(folder: Path, *, bug: Bug) -> tuple[int, list[int]]:
    """Kill a run before its 1st, 2nd, ... step, each in a store of its own: how many points, and which were bad."""
    bad: list[int] = []
    reference = folder / "0"
    write_facts(reference, facts=1)
    step = 0
    while True:
        step += 1
        store = folder / str(step)
        shutil.copytree(reference, store)
        if run_child(answer_until, store, step, bug) == 0:
            break
        with pytest.MonkeyPatch.context() as patched:
            if bug:
                torn_shards(patched.setattr)
            run(small_job(store, shard_size=4), FakeModel)
        (state,) = list_runs(store)
        rows = sum(file.entry.rows for file in read_snapshot(store).files if file.entry.table == "results")
        strays = {path.name for path in (store / "work" / "small").iterdir()} - {"plan.json", "progress.json", ".lock"}
        if state.state != "finished" or rows != 3 or strays or read_snapshot(store).problems:
            bad.append(step)
        bad += [step] if step > 1 and results(store) != results(folder / "1") else []
    return step - 1, bad


def test_no_crash_point_harms_a_run(tmp_path: Path) -> None:
    points, bad = _bad_crash_points(tmp_path, bug=None)
    # Three shards, each created, synced, renamed and its folder synced, and as many steps for each of two results
    # files, the manifest, the list of unfinished files, the plan, and the progress three times at least.
    assert points >= 4 * (3 + 2 + 1 + 1 + 1 + 3)
    assert bad == []
