"""A run that lives until it is told to end: `python -m tests.browser.living_run STORE`. It asks no model.

It holds the run's lock and states its progress ten times a second, stops on SIGTERM as a run does, and finishes, with
rows in the store, when the file STORE/finish is there.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from engine.runs.folder import run_folder
from engine.runs.lock import locked
from engine.runs.progress import progress_bytes
from engine.store.atomic import replace_file
from engine.store.write import TableFile, write_files
from tests.support.run_progress import made_up
from tests.support.tables import fact_rows, result_rows, rows_to_table, run_rows

RUN_ID = "living-d-letter"
MODEL = "living"
FAILED = 2
LANGUAGES = ["de", "en", "he"]
GOLD = "ABCA"


def facts() -> TableFile:
    """Four facts in three languages."""
    return TableFile("facts", "d", rows_to_table("facts", fact_rows("d", GOLD, LANGUAGES)))


def answers() -> list[TableFile]:
    """What the run finishes with: English knows all four facts, German two; two Hebrew answers failed."""
    results = result_rows(MODEL, "d", GOLD, {"en": GOLD, "de": "ABDB", "he": "AB!!"}, RUN_ID)
    row = run_rows(MODEL, RUN_ID, n_expected=12, n_done=12, template="plain@1", settings='{"dataset":"d"}')
    return [
        TableFile("results", RUN_ID, rows_to_table("results", [{**r, "template": "plain@1"} for r in results])),
        TableFile("runs", RUN_ID, rows_to_table("runs", row)),
    ]


def main(store: Path) -> None:
    """Live."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = run_folder(store, RUN_ID)
    done = 0

    def say(**changes: Any) -> None:
        run = made_up(run_id=RUN_ID, model=MODEL, total=100_000, done=done, safe=done, pid=os.getpid(), **changes)
        replace_file(folder.progress, progress_bytes(run))

    with locked(folder.lock, "the run is being written"):
        try:
            while not (store / "finish").exists():
                done += 1
                say()
                time.sleep(0.1)
            write_files(store, answers())
            say(state="finished", failed=FAILED)
        except KeyboardInterrupt:
            say(state="stopped", reason="stopped on request")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
