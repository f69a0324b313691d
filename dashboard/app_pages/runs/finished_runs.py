"""The finished runs: a table a page at a time, and one of them in full, with the way to its figures."""

import json

import pandas as pd
import streamlit as st

from dashboard import page_registry, queries
from dashboard.app_pages.runs.runs_table import run_table
from dashboard.choices import url_state
from dashboard.choices.controls import dropdown
from dashboard.elements import prose
from dashboard.elements.downloads import downloads
from dashboard.elements.figures import number
from engine.browse.queries import Row
from engine.runs.progress import RunProgress

PAGE_SIZE = 10


def finished_runs(version: str, runs: list[RunProgress]) -> None:
    """Draw a page of the finished runs and one of them in full; nothing where there are none."""
    table = with_progress(queries.view(version, "runs"), runs)
    if table.empty:
        return
    pages = -(-len(table) // PAGE_SIZE)
    page = min(url_state.seed("runs_page", url_state.number(1, pages), 1, what="page"), pages)
    st.session_state["runs_page"] = page  # there may be fewer runs than before
    url_state.publish("runs_page", page, "" if page == 1 else str(page))
    titles = {str(run["run_id"]): f"{run['model']} · {run['dataset']} · {run['run_id']}" for _, run in table.iterrows()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader("Finished runs", width="stretch")
        chosen = dropdown("run", "Run in full", titles, default=next(iter(titles)), width=360)
        downloads("runs", table=lambda: table.drop(columns="n_imported"))
    st.html(run_table(table.iloc[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], chosen=chosen))
    if pages > 1:
        st.pagination(pages, key="runs_page", max_visible_pages=7)
    if imported := int(table["n_imported"].iloc[0]):
        prose.caption(f"Not listed: imported answers, which were asked elsewhere (models: {number(imported)}).")
    _in_full(table[table["run_id"] == chosen].iloc[0])


def with_progress(table: pd.DataFrame, runs: list[RunProgress]) -> pd.DataFrame:
    """What only the run itself knows: failed answers where a later run speaks, and its rate without the pauses."""
    failed = {run.run_id: run.failed for run in runs if run.state == "finished"}
    rates = {run.run_id: run.rate for run in runs if run.state == "finished" and run.rate is not None}
    return table.assign(
        n_failed=table["n_failed"].fillna(table["run_id"].map(failed)),
        answers_per_second=table["run_id"].map(rates).fillna(table["answers_per_second"]),
    )


def _in_full(run: Row) -> None:
    prose.heading(f"{run['model']} · {run['dataset']} · run {run['run_id']}")
    if not len(run["labels"]):
        prose.sentence("A later run of the same model, asked in the same way, is shown instead of this one.")
    if run["n_done"] and run["n_failed"] == run["n_done"]:
        prose.say("None of its answers has a result, so other pages have no figures of it. The page Fact says why.")
    for label in run["labels"]:
        with st.container(horizontal=True, vertical_alignment="center"):
            if len(run["labels"]) > 1:
                prose.sentence(label)
            query = {"model": label, "dataset": str(run["dataset"])}
            page_registry.link("overview", "Overview with this model →", query)
            page_registry.link("pairs", "Its language pairs →", query)
    with st.expander("Settings: all that is needed to repeat it"):
        st.code(pretty(run["settings"]), language=None, wrap_lines=True)


def pretty(settings: object) -> str:
    """Settings as indented JSON, or as they stand where they are none."""
    if not isinstance(settings, str):
        return "not recorded"
    try:
        return json.dumps(json.loads(settings), indent=2, ensure_ascii=False)
    except ValueError:
        return settings
