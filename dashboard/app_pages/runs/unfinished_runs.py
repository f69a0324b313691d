"""What goes on: running runs and their bars, and runs that stopped or broke with the way to go on with them."""

import socket
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import queries
from dashboard.app_pages.runs.progress_card import launch_card, run_card, what
from dashboard.app_pages.runs.resume_rights import may_be_resumed
from dashboard.app_pages.runs.started_processes import Launch, launches, running_here
from dashboard.elements import prose
from dashboard.elements.button_outcome import attempt, say_outcome
from engine.runs.folder import run_folder
from engine.runs.launchers.local import stop_run
from engine.runs.progress import RunProgress, read_runs

_SECONDS = 2  # between two looks while something goes on
_SECONDS_IDLE = 10  # and while nothing does: a run may be started elsewhere
OUTCOME = "run-said"  # why a button did not do what it says


def live_runs(store: Path) -> None:
    """Draw what goes on, again every few seconds; the rest of the page only when a run begins or ends."""
    state = _state(store)

    def draw() -> None:
        if _state(store) != state:
            st.rerun()
        _draw(store)

    st.fragment(draw, run_every=_SECONDS if _is_live(store) else _SECONDS_IDLE)()


def _is_live(store: Path) -> bool:
    runs, _ = read_runs(store)
    return any(run.state == "running" for run in runs) or any(launch.is_alive for launch in launches().untold(runs))


def _state(store: Path) -> object:
    """Changes when a run begins or ends, or new figures come."""
    runs, _ = read_runs(store)
    untold = [(launch.log, launch.is_alive) for launch in launches().untold(runs)]
    return queries.version(), sorted((run.run_id, run.state) for run in runs), untold


def _draw(store: Path) -> None:
    runs, problems = read_runs(store)
    untold = launches().untold(runs)
    say_outcome(OUTCOME)
    for problem in problems:
        prose.say(f"{problem.file} {problem.reason}")
    for launch in untold:
        _launch(launch)
    for run in sorted(runs, key=lambda run: run.state != "running"):
        if run.state == "running":
            _running(store, run)
        elif run.state != "finished":
            _unfinished(store, run, is_busy=running_here(runs) or any(launch.is_alive for launch in untold))
    if runs and not untold and all(run.state == "finished" for run in runs):
        prose.sentence("Nothing is running.")


def _launch(launch: Launch) -> None:
    alive = launch.is_alive
    card, beside = _card_and_button()
    card.html(launch_card(launch.title, "Loading the model …" if alive else launch.said(), failed=not alive))
    label, action = ("Stop run", launch.process.terminate) if alive else ("Close", lambda: launches().forget(launch))
    beside.button(label, key=f"{label}-{launch.log.name}", on_click=action, width="stretch")


def _card_and_button() -> tuple[DeltaGenerator, DeltaGenerator]:
    card, beside = st.columns([9, 1], gap="small", vertical_alignment="center")
    return card, beside


def _running(store: Path, run: RunProgress) -> None:
    card, beside = _card_and_button()
    card.html(run_card(run))
    if run.host != socket.gethostname():
        with card:
            prose.caption(f"It runs on {run.host} and can be stopped there only: process {run.pid}.")
        return
    stopping = f"run-stopping-{run.run_id}-{run.pid}"

    def stop() -> None:
        attempt(OUTCOME, lambda: stop_run(store, run.run_id))
        st.session_state[stopping] = OUTCOME not in st.session_state

    asked = bool(st.session_state.get(stopping))
    beside.button(
        "Stopping …" if asked else "Stop run", key=f"stop-{run.run_id}", on_click=stop, disabled=asked, width="stretch"
    )


def _unfinished(store: Path, run: RunProgress, *, is_busy: bool) -> None:
    card, beside = _card_and_button()
    card.html(run_card(run))
    if not may_be_resumed(store, run):
        with card:
            prose.caption("Its model or its options may not be asked for from here: go on with it by this command.")
        return

    def resume() -> None:
        attempt(
            OUTCOME,
            lambda: launches().start(
                run.command,
                title=what(run.model, run.dataset, run.probe, run.templates),
                store=store,
                log=run_folder(store, run.run_id).log,
            ),
        )

    beside.button("Resume", key=f"resume-{run.run_id}", on_click=resume, disabled=is_busy, width="stretch")
