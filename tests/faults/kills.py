"""Kill a run at random moments after it shows progress, and resume it, until it is finished; over and over.

`python -m tests.faults.kills` does so at length, with a small model of transformers unless `--fake` is given.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from engine.runs.folder import run_folder
from engine.runs.run import run
from engine.store.manifest import read_manifest
from tests.faults.children import CONTEXT, kill, start
from tests.faults.running import Bug, answer, answer_with, load_small, unhurried
from tests.support.small_runs import small_job, write_facts

_LATEST_SECONDS = 0.09  # after progress shows
_DEADLINE_SECONDS = 60
_TRIES = 100  # starts that a run may need in all: one that never ends is as bad as one that ends wrong

Target = Callable[[Path, Connection, Bug], None]


@dataclass
class Kills:
    """What became of a number of kills."""

    kills: int = 0  # that met a run under way
    runs: int = 0  # that were finished in spite of them
    wrong: list[str] = field(default_factory=list)  # what was not as in an undisturbed run


def kill_and_resume(
    folder: Path, wanted: str, *, target: Target, facts: int, kills: int, seed: int, bug: Bug = None
) -> Kills:
    """Kill runs and resume them until `kills` are spent; `wanted` is the name of an undisturbed run's results."""
    chance = random.Random(seed)
    found = Kills()
    while found.kills < kills and not found.wrong:
        store = folder / str(found.runs)
        write_facts(store, facts=facts)
        for _ in range(_TRIES):
            ended = _one_life(store, chance if found.kills < kills else None, target, bug)
            if ended == "killed":
                found.kills += 1
                continue
            found.runs += 1
            if ended != "finished" or results(store) != wanted:
                found.wrong.append(f"run {found.runs} {ended}: {results(store)}, wanted {wanted}")
            elif strays := _strays(store):
                found.wrong.append(f"run {found.runs} left {', '.join(strays)}")
            break
        else:
            found.wrong.append(f"run {found.runs} is not finished after {_TRIES} starts")
        shutil.rmtree(store)
    return found


def results(store: Path) -> str:
    """The path of the results in a store, which follows from their content; empty where there are none."""
    return next((entry.path for entry in read_manifest(store) if entry.table == "results"), "")


def _one_life(
    store: Path, chance: random.Random | None, target: Target, bug: Bug
) -> Literal["killed", "finished", "failed"]:
    """Start the run and kill it a moment after it shows progress; with no `chance` let it live."""
    receiver, sender = CONTEXT.Pipe(duplex=False)
    child = start(target, store, sender, bug)
    sender.close()
    try:
        if chance is not None and receiver.poll(_DEADLINE_SECONDS):
            receiver.recv_bytes()
            deadline = time.monotonic() + chance.uniform(0, _LATEST_SECONDS)
            while child.is_alive() and time.monotonic() < deadline:
                _drain(receiver)
            was_alive = child.is_alive()
            kill(child)
            if was_alive and child.exitcode and child.exitcode < 0:
                return "killed"
        while child.is_alive():
            _drain(receiver)
    except EOFError:  # it has nothing more to say
        child.join(_DEADLINE_SECONDS)
    finally:
        receiver.close()
    return "finished" if child.exitcode == 0 else "failed"


def _drain(receiver: Connection) -> None:
    """Hear what the child says, lest it wait for a listener."""
    if receiver.poll(0.001):
        receiver.recv_bytes()


def _strays(store: Path) -> list[str]:
    """What lies in the folder of a finished run and should not."""
    work = run_folder(store, "small").path
    return sorted({path.name for path in work.iterdir()} - {"plan.json", "progress.json", ".lock"})


def main() -> None:
    """Kill as often as asked, once for each seed; exit status 1 when anything was not as in an undisturbed run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--facts", type=int, default=12, help="facts, each in three languages, in shards of four")
    parser.add_argument("--dtype", default="bfloat16", help="of the model's weights")
    parser.add_argument("--fake", action="store_true", help="a model without weights")
    parser.add_argument(
        "--bug", action="store_const", const="torn shards", help="with the planted bug: it must be found"
    )
    asked = parser.parse_args()
    preload = ["pandas", "tests.faults.running"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_facts(folder / "undisturbed", facts=asked.facts)
        target: Target = answer
        load = unhurried(0)
        if not asked.fake:
            from tests.support.tiny_models import make_model

            preload.append("engine.models.causal.model")
            model = make_model(
                folder / "model", "llama", vocabulary_texts=["de: en: zh: Capital of land town river"] * 9
            )
            target, load = partial(answer_with, model, asked.dtype), partial(load_small, model, asked.dtype)
        CONTEXT.set_forkserver_preload(preload)
        run(small_job(folder / "undisturbed", shard_size=4), load)
        wanted = results(folder / "undisturbed")
        wrong = False
        for seed in range(asked.seeds):
            found = kill_and_resume(
                folder / str(seed),
                wanted,
                target=target,
                facts=asked.facts,
                kills=asked.kills,
                seed=seed,
                bug=asked.bug,
            )
            print(f"seed {seed}: {found.kills} kills, {found.runs} runs finished, wrong: {found.wrong or 'none'}")
            wrong = wrong or bool(found.wrong)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
