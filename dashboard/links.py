"""The pages, and links between them."""

from typing import Literal

import streamlit as st

PageName = Literal["overview", "pairs", "facts", "fact", "calibration", "live", "runs", "methods"]

_TITLES: dict[PageName, str] = {
    "overview": "Overview",
    "pairs": "Language pairs",
    "facts": "Facts",
    "fact": "Fact",
    "calibration": "Calibration",
    "live": "Live probe",
    "runs": "Runs",
    "methods": "Methods",
}

# What keys of a page's address were called before; a link of that form still opens what it named.
FORMER_KEYS: dict[PageName, dict[str, str]] = {
    "live": {"way": "entry"},
    "calibration": {"way": "calibration_asked_by"},
}


def pages() -> dict[PageName, st.Page]:
    """The pages, the first one the default; made anew for every run, because a page holds the state of its run."""
    return {name: st.Page(_script(name), title=title, default=name == "overview") for name, title in _TITLES.items()}


def link(page: PageName, label: str, query: dict[str, str]) -> None:
    """A link to a page with what is chosen there. `label` is ours, never data: Streamlit reads it as Markdown."""
    st.page_link(_script(page), label=label, query_params=query)


def probe_this(dataset: str, fact: str) -> None:
    """A link to the live probe of a fact of the store."""
    link("live", "Probe this", {"dataset": dataset, "fact": fact})


def _script(page: PageName) -> str:
    return f"app_pages/{page}.py"
