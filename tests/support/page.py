"""A page run as the server runs it, without a browser: behind the sidebar, on stores of the test's own."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import page_registry, queries
from dashboard.charts.kit.spec import Spec
from dashboard.charts.kit.theme import Theme
from dashboard.page_registry import page_named
from engine.locations import PROJECT


@dataclass
class OpenedPage:
    """A page that was run, with its charts by their keys."""

    app: AppTest
    charts: dict[str, Spec] = field(default_factory=dict)

    @property
    def headings(self) -> list[str]:
        """Below the title."""
        return [heading.value for heading in (*self.app.header, *self.app.subheader)]

    @property
    def text(self) -> str:
        """All that stands in HTML of ours."""
        return " ".join(str(html.proto.body) for html in self.app.get("html"))

    @property
    def words(self) -> str:
        """All that the page says, without markup."""
        said = [
            element.value for kind in ("title", "subheader", "markdown", "caption") for element in self.app.get(kind)
        ]
        return re.sub(r"<style>.*?</style>|<[^>]+>", " ", f"{' '.join(map(str, said))} {self.text}", flags=re.DOTALL)


def open_page(name: str, patch: pytest.MonkeyPatch, *stores: Path, theme: Theme = "light", **query: str) -> OpenedPage:
    """Run a page with choices in its address. Charts are caught; links lead nowhere, outside of the navigation."""
    charts: dict[str, Spec] = {}
    patch.setenv(queries.STORE_VARIABLE, os.pathsep.join(map(str, stores)))
    patch.setattr(st, "vega_lite_chart", lambda spec, *, key, **_: charts.__setitem__(key, spec))
    patch.setattr(page_registry, "link", lambda *_, **__: None)
    patch.setattr(type(st.context), "theme", property(lambda _: SimpleNamespace(type=theme)))
    script = PROJECT / "dashboard" / page_named(name).script
    app = AppTest.from_function(_run_page, default_timeout=60, kwargs={"path": str(script)})
    set_query(app, query.items())
    app.run()
    assert not app.exception, app.exception
    return OpenedPage(app, charts)


def set_query(app: AppTest, query: Iterable[tuple[str, str]]) -> None:
    """Choices in the address, before the page is run."""
    for key, value in query:
        app.query_params[key] = value


def _run_page(path: str) -> None:
    """A script of Streamlit's: the page behind the shared sidebar, as dashboard/main.py runs it."""
    import runpy

    import streamlit as st

    from dashboard.choices import sidebar

    st.session_state["selection"] = sidebar.choose()
    runpy.run_path(path)
