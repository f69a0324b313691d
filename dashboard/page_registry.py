"""The pages, one row each, and links between them. A page is the folder dashboard/app_pages/NAME."""

from dataclasses import dataclass
from typing import Literal, NoReturn

import streamlit as st

from engine.former_names import former_name

_FOLLOWED = "link-was-former"
_NAMED_BY_FORMER = {"dataset", "model", "languages"}  # the first page has no such keys, the one before it had

Need = Literal["nothing", "one language", "two languages"]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page: its name in addresses, its title, and how much must be chosen before there is something to show.

    One that needs nothing has no sidebar: what it asks stands on the page itself.
    """

    name: str
    title: str
    needs: Need = "two languages"
    is_listed: bool = True  # in the navigation; else links alone lead there

    @property
    def script(self) -> str:
        """The file that Streamlit runs, from the folder of main.py."""
        return f"app_pages/{self.name}/page.py"

    @property
    def tab_title(self) -> str:
        """What the browser's tab says: the first page is the product's own."""
        return "Isogloss" if self is PAGES[0] else f"{self.title} · Isogloss"


PAGES = (
    Page(name="start", title="Start", needs="nothing"),
    Page(name="overview", title="Overview"),
    Page(name="pairs", title="Language pairs"),
    Page(name="facts", title="Facts", needs="one language"),
    Page(name="fact", title="Fact", needs="one language"),
    Page(name="calibration", title="Calibration"),
    Page(name="live", title="Live probe", needs="nothing"),
    Page(name="runs", title="Runs", needs="nothing"),
    Page(name="methods", title="Methods", needs="nothing"),
    Page(name="docs", title="Docs", needs="nothing", is_listed=False),
)


def page_named(name: str) -> Page:
    """The page of a name. Raises StopIteration where there is none."""
    return next(page for page in PAGES if page.name == name)


def navigation() -> dict[str, st.Page]:
    """The pages by name, the first the default; made anew for every run, because a page holds the state of its run."""
    first = PAGES[0].name
    return {
        page.name: st.Page(
            page.script,
            title=page.title,
            url_path=page.name,
            default=page.name == first,
            visibility="visible" if page.is_listed else "hidden",
        )
        for page in PAGES
    }


def follow_former_address(page: Page) -> bool:
    """Open, from the first page, the one that a link of a former form means; whether this run comes of such a link."""
    was_followed = bool(st.session_state.pop(_FOLLOWED, False))
    moved = former_name("address", "/")
    if moved is not None and page is PAGES[0] and _NAMED_BY_FORMER & set(st.query_params):
        st.session_state[_FOLLOWED] = True
        st.switch_page(page_named(moved.present).script, query_params=st.query_params.to_dict())
    return was_followed


def link(page: str, label: str, query: dict[str, str]) -> None:
    """A link to a page with what is chosen there. `label` is ours, never data: Streamlit reads it as Markdown."""
    st.page_link(page_named(page).script, label=label, query_params=query)


def go(page: str, query: dict[str, str]) -> NoReturn:
    """Open a page with what is chosen there; the present run ends."""
    st.switch_page(page_named(page).script, query_params=query)


def probe_this(dataset: str, fact: str, *, model: str) -> None:
    """A link to the live probe of a fact of the store, of a model by its own name."""
    link("live", "Probe this", {"dataset": dataset, "fact": fact, "model": model})
