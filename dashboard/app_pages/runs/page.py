"""Runs: what is being asked now, what stopped and how to go on, what was asked, and a form to ask a model."""

import streamlit as st

from dashboard import queries
from dashboard.app_pages.runs.finished_runs import finished_runs
from dashboard.app_pages.runs.models_part import models_part
from dashboard.app_pages.runs.start_form import run_form
from dashboard.app_pages.runs.started_processes import launches, running_here
from dashboard.app_pages.runs.unfinished_runs import live_runs
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from dashboard.model_catalogue.watched_listing import listing
from engine.runs.progress import list_runs

selection: Selection | None = st.session_state["selection"]
store = queries.folders()[-1]  # the user's own: runs write there
version = queries.version()
runs = list_runs(store)
models = listing(store)  # before the form, which is drawn anew when it changes

st.title("Which models are being asked, and which were?")
prose.sentence(
    "A run asks one model every fact of a dataset in every language. It goes on when this page is closed, and a "
    "stopped one goes on where it stopped; its figures appear on the other pages when it is finished."
)
live_runs(store)
if not runs and queries.view(version, "runs").empty:
    prose.sentence("There is no run yet. Start one below, or from the command line.")
st.subheader("Start a run")
is_busy = running_here(runs) or any(launch.is_alive for launch in launches().untold(runs))
run_form(selection, store=store, version=version, is_busy=is_busy)
models_part(models, store=store, version=version)
finished_runs(version, runs)
