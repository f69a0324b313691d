"""Where facts are missing: the four counts, the nearest facts, and the release imported from the page."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from engine.locations import CLIKA_RELEASE, PROJECT
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.server import Server
from tests.browser.waiting import expect_legible, settled
from tests.support.clika_small import write_geo

MODEL = "llama2_13b_chat"
CELL = f"pairs?dataset=x_geo&model={MODEL}&cell=en.he"
SAID = {MODEL: {"en": ["A", "C"], "de": ["A", "B"], "he": ["D", "C"]}}


@pytest.fixture
def server(start_server: StartServer, tmp_path: Path) -> Server:
    """The embedded figures, and a store of the user's that is empty."""
    (tmp_path / "store").mkdir()
    return start_server(stores=[PROJECT / "data", tmp_path / "store"])


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a git server that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"https://127.0.0.1:{listening.getsockname()[1]}/release.git"


def start_import(page: Page, source: str) -> None:
    box = page.get_by_role("textbox", name="From a folder or a git URL")
    box.fill(source)
    box.press("Enter")
    settled(page)
    page.get_by_role("button", name="Import it from here").click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_cell_shows_its_four_counts(open_page: OpenPage, server: Server, theme: str) -> None:
    page = open_page(f"{server.url}/pairs?dataset=x_geo&model={MODEL}&cell=fr.he", color_scheme=theme)
    settled(page)
    square = page.locator("table.iso-square")
    # in data/published: 50 in both, 113 only in French, 7 only in Hebrew, 30 in neither; Wilson of 113 of 200
    assert square.locator("strong").all_inner_texts() == ["50", "113", "7", "30"]
    expect(square.locator("td").nth(2)).to_contain_text("56 % (50–63 %)")
    expect(page.get_by_text("n = 200 facts measured in both languages")).to_be_visible()
    expect(page.get_by_text("113 of 200 geography facts in Français that it does not know in עברית")).to_be_visible()
    expect_legible(page)


def test_the_nearest_facts_are_one_press_away(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/{CELL}")
    settled(page)
    page.get_by_role("button", name="Show its facts").click()
    expect(page.locator(".iso-card").first).to_be_visible()
    expect(page).not_to_have_url(re.compile("dataset=x_geo"))
    settled(page)
    assert parse_qs(urlsplit(page.url).query)["cell"] == ["en.he"]
    again = open_page(page.url)
    expect(again.locator(".iso-card").first).to_be_visible()


def test_the_release_is_imported_from_the_page(
    open_page: OpenPage, server: Server, silent: str, tmp_path: Path
) -> None:
    release = write_geo(tmp_path / "release", SAID)
    page = open_page(f"{server.url}/{CELL}")
    settled(page)
    page.get_by_text("Bring the single answers").click()
    expect(page.get_by_test_id("stCode").filter(has_text=CLIKA_RELEASE)).to_be_visible()
    expect(page.get_by_text("It has no licence")).to_be_visible()

    start_import(page, silent)
    bar = page.get_by_role("progressbar", name=f"Fetching {silent}")
    expect(bar).to_be_visible()
    expect(page.get_by_role("button", name="Import it from here")).to_have_count(0)  # one at a time
    other = open_page(f"{server.url}/facts?dataset=x_geo&model={MODEL}")
    expect(other.get_by_role("progressbar", name=f"Fetching {silent}")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Not imported: it was cancelled")).to_be_visible()

    start_import(page, str(tmp_path / "nowhere"))
    expect(page.get_by_text("nowhere does not exist: give the folder of a CLiKA release")).to_be_visible()

    start_import(page, str(release))
    # English knows both facts, Hebrew the second
    expect(page.get_by_text(f"{MODEL} knows 1 of 2 geography facts in English")).to_be_visible()
    expect(page.locator(".iso-card")).to_have_count(1)
    page.get_by_role("link", name="Open").click()
    expect(page.get_by_text("1 of 46 models have answers; of the others only counts are published.")).to_be_visible()


def test_a_visitor_of_a_public_server_gets_the_command_alone(start_server: StartServer, open_page: OpenPage) -> None:
    hosts = [f"--server.allowedHosts={host}" for host in ("localhost", "127.0.0.1", "isogloss.example")]
    server = start_server(stores=[PROJECT / "data"], options=hosts)
    page = open_page(f"{server.url}/{CELL}")
    settled(page)
    page.get_by_text("Bring the single answers").click()
    expect(page.get_by_text(f"engine import clika {CLIKA_RELEASE}")).to_be_visible()
    expect(page.get_by_role("button", name="Import it from here")).to_have_count(0)
