"""The pages, one row each, and links between them. A page is the folder dashboard/app_pages/NAME."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

Need = Literal["nothing", "one language", "two languages"]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page: its name in addresses, its title, and how much must be chosen before there is something to show."""

    name: str
    title: str
    needs: Need = "two languages"

    @property
    def script(self) -> str:
        """The file that Streamlit runs, from the folder of main.py."""
        return f"app_pages/{self.name}/page.py"


PAGES = (
    Page(name="overview", title="Overview"),
    Page(name="pairs", title="Language pairs"),
    Page(name="facts", title="Facts", needs="one language"),
    Page(name="fact", title="Fact", needs="one language"),
    Page(name="calibration", title="Calibration"),
    Page(name="live", title="Live probe", needs="nothing"),
    Page(name="runs", title="Runs", needs="nothing"),
    Page(name="methods", title="Methods", needs="nothing"),
)


def page_named(name: str) -> Page:
    """The page of a name. Raises StopIteration where there is none."""
    return next(page for page in PAGES if page.name == name)


def navigation() -> dict[str, st.Page]:
    """The pages by name, the first the default; made anew for every run, because a page holds the state of its run."""
    first = PAGES[0].name
    return {
        page.name: st.Page(page.script, title=page.title, url_path=page.name, default=page.name == first)
        for page in PAGES
    }


def link(page: str, label: str, query: dict[str, str]) -> None:
    """A link to a page with what is chosen there. `label` is ours, never data: Streamlit reads it as Markdown."""
    st.page_link(page_named(page).script, label=label, query_params=query)


def probe_this(dataset: str, fact: str) -> None:
    """A link to the live probe of a fact of the store."""
    link("live", "Probe this", {"dataset": dataset, "fact": fact})
