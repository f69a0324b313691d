"""A page that is added is a folder and a row of the registry: it stands in the navigation, has an address and links."""

import shutil

import pytest
from playwright.sync_api import expect

from engine.locations import EMBEDDED, PROJECT
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.server import Server
from tests.browser.waiting import settled

PAGE = '''"""Flags: what a test planted."""

import streamlit as st

from dashboard import page_registry
from dashboard.choices.selection import Selection

selection: Selection = st.session_state["selection"]
st.title("What is flagged?")
st.text(f"{len(selection.languages)} languages of {selection.dataset}")
page_registry.link("methods", "How it is measured", {})
'''
ROW = '    Page(name="flags", title="Flags", needs="one language"),\n'


@pytest.fixture(scope="module")
def server(start_server: StartServer, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The dashboard with one page more: its folder, and a row before that of Methods."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(PROJECT / "dashboard", copy / "dashboard", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copytree(PROJECT / ".streamlit", copy / ".streamlit")
    folder = copy / "dashboard" / "app_pages" / "flags"
    folder.mkdir()
    (folder / "page.py").write_text(PAGE, encoding="utf-8")
    registry = copy / "dashboard" / "page_registry.py"
    before, methods, after = registry.read_text(encoding="utf-8").partition('    Page(name="methods"')
    registry.write_text(before + ROW + methods + after, encoding="utf-8")
    return start_server(stores=[EMBEDDED], script=copy / "dashboard" / "app.py", folder=copy)


def test_a_planted_page_is_in_the_navigation_and_at_its_address(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/flags?dataset=x_geo&languages=en,de,he")
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("What is flagged?")
    expect(page.get_by_text("3 languages of x_geo")).to_be_visible()
    page.get_by_role("link", name="How it is measured").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How is each measure computed?")
    page.get_by_role("link", name="Flags").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is flagged?")


def test_what_a_planted_page_needs_is_asked_for(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/flags?dataset=x_geo&languages=en")
    expect(page.get_by_text("1 languages of x_geo")).to_be_visible()
