"""The Calibration page and the split heatmap in a real browser: legible, clickable, and the same figures as SQL."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.browse.queries import browse, browse_part
from engine.database.database import Database, open_database
from engine.locations import PROJECT
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.server import Server
from tests.browser.waiting import expect_legible, settled
from tests.dashboard.pages.test_calibration import LANGUAGES, lab_store

TITLE = "How much of this really crossed a language?"
LAB_B = "lab-b:cloze:plain@1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    lab_store(folder)
    return folder


@pytest.fixture(scope="module")
def server(start_server: StartServer, folder: Path) -> Server:
    return start_server(stores=[PROJECT / "data", folder])


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Database]:
    opened = open_database([folder])
    yield opened
    opened.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", [f"calibration?dataset=lab&model={LAB_B}", f"pairs?dataset=lab&model={LAB_B}&taught=neither&cell=de.he"]
)
def test_the_pages_read_well(open_page: OpenPage, server: Server, path: str, theme: str) -> None:
    page = open_page(f"{server.url}/{path}", color_scheme=theme)
    settled(page)
    expect(page.get_by_text("Traceback")).to_have_count(0)
    expect_legible(page)


def test_a_click_on_the_ladder_chooses_a_model(open_page: OpenPage, server: Server, store: Database) -> None:
    page = open_page(f"{server.url}/calibration?dataset=lab&model={LAB_B}")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_text("What are the right answers of lab-b made of?")).to_be_visible()
    figures = browse(store, "calibration_languages", dataset="lab", model=LAB_B, languages=LANGUAGES, strings="all")
    german = figures[figures["language"] == "de"].iloc[0]
    crossed = page.locator('path[aria-label^="Language: Deutsch; Part of the right answers: Crossed;"]')
    assert f"Share: {100 * german['crossed_share']:.0f} %" in (crossed.get_attribute("aria-label") or "")
    page.locator('path[aria-label^="Model: lab-a; Figure: What crossed"]').click()
    expect(page).to_have_url(re.compile("model=lab-a"))
    expect(page.get_by_text("What are the right answers of lab-a made of?")).to_be_visible()


def test_a_measure_is_ranked_over_models_on_demand(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/calibration?dataset=lab&model={LAB_B}")
    expect(page.locator('path[aria-label^="Measure: RA;"]').first).to_have_attribute(
        "aria-label", re.compile("Ranked: 6;")
    )
    page.get_by_role("radio", name="Models", exact=True).or_(
        page.get_by_role("button", name="Models", exact=True)
    ).click()
    expect(page.locator('path[aria-label^="Measure: RA;"]').first).to_have_attribute(
        "aria-label", re.compile("Ranked: 3;")
    )
    expect(page).to_have_url(re.compile("unit=model"))


def test_a_heatmap_is_split_by_what_was_taught(open_page: OpenPage, server: Server, store: Database) -> None:
    page = open_page(f"{server.url}/pairs?dataset=lab&model={LAB_B}&cell=de.he")
    settled(page)
    choose(page, "Facts", "Taught in neither of the two")
    expect(page).to_have_url(re.compile("taught=neither"))
    expect(
        page.get_by_text("Counted are only facts taught elsewhere, in neither of the two languages.")
    ).to_be_visible()
    cells = browse_part(store, "pair_cells", model=LAB_B, dataset="lab", taught="neither", strings="all")
    wanted = cells[(cells["language_a"] == "de") & (cells["language_b"] == "he")].iloc[0]
    cell = page.locator('path[aria-label^="Right in: Deutsch; Compared with: עברית;"]')
    expect(cell).to_have_attribute("aria-label", re.compile(f"Facts: {wanted['n']}$"))
    expect(page.locator(".iso-card")).to_have_count(int(wanted["n_only_a"]))
    # the link shows the same, and from the list on to the fact it stays the same part
    again = open_page(page.url)
    expect(again.locator(".iso-card")).to_have_count(int(wanted["n_only_a"]))
    again.get_by_role("link", name="Open").first.click()
    expect(again.get_by_text(f"1 of {wanted['n_only_a']} facts right in Deutsch, wrong in עברית")).to_be_visible()


def test_models_of_which_nothing_is_known_have_no_such_control(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/pairs?dataset=x_geo&model=chatgpt")
    settled(page)
    expect(page.get_by_role("combobox", name="Facts")).to_have_count(0)
    page = open_page(f"{server.url}/calibration?dataset=x_geo&model=chatgpt")
    expect(page.get_by_text("Of no model is it known what it was taught of geography facts.")).to_be_visible()
    page.get_by_role("link", name="Show them").click()
    expect(page.get_by_text("Where did most cross, in truth?")).to_be_visible()


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a box, as a visitor does."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).click()
