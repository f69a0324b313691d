"""Every page: in both themes, with what is missing, with names that mean nothing, with its downloads."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from engine.locations import PROJECT
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.server import Server
from tests.browser.waiting import expect_legible, settled

PAGES = {
    "": "Isogloss shows what a language model knows in one language and not in another.",
    "overview?dataset=x_geo": "Where do models know the same facts in every language?",
    "pairs?dataset=x_geo&cell=fr.he": "Which languages share what a model knows?",
    "facts?dataset=x_geo": "Which facts does the model know, and where?",
    "fact?dataset=x_geo&fact=3": "One fact in every language",
    "runs": "Which models are being asked, and which were?",
    "calibration": "How much of this really crossed a language?",
    "methods": "How is each measure computed?",
    "docs?doc=models": "The models that may be asked by name",
}


@pytest.fixture(scope="module")
def imported_server(start_server: StartServer, imported: Path) -> Server:
    return start_server(stores=[PROJECT / "data", imported])


@pytest.fixture(scope="module")
def empty_server(start_server: StartServer, tmp_path_factory: pytest.TempPathFactory) -> Server:
    return start_server(stores=[tmp_path_factory.mktemp("empty")])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_reads_well(open_page: OpenPage, imported_server: Server, path: str, theme: str) -> None:
    page = open_page(f"{imported_server.url}/{path}", color_scheme=theme)
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[path])
    settled(page)
    expect_legible(page)


@pytest.mark.parametrize("path", ["pairs?dataset=x_geo&cell=fr.he", "facts?dataset=x_geo", "fact?dataset=x_geo&fact=3"])
def test_a_page_without_facts_says_how_to_bring_them(open_page: OpenPage, server: Server, path: str) -> None:
    page = open_page(f"{server.url}/{path}")
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[path])
    settled(page)
    expect(page.get_by_text("on geography facts only counts are published")).to_be_visible()
    page.get_by_text("Bring the single answers").click()
    expect(page.get_by_role("button", name="Import it from here")).to_be_visible()


@pytest.mark.parametrize("path", ["", "overview", "pairs", "facts", "fact"])
def test_an_empty_store_says_what_to_do(open_page: OpenPage, empty_server: Server, path: str) -> None:
    page = open_page(f"{empty_server.url}/{path}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to show yet")
    expect(page.get_by_text("python -m engine import clika https://")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "pairs?model=nobody&dataset=x_nothing&cell=en.xx&languages=en,qq&measure=magic",
            ["model “nobody”", "dataset “x_nothing”", "language pair “en.xx”", "languages “en,qq”", "measure “magic”"],
        ),
        ("fact?dataset=x_geo&fact=987654", ["no fact “987654”"]),
        ("facts?sort=upwards&model=<script>alert(1)</script>", ["order “upwards”", "<script>alert(1)</script>"]),
    ],
    ids=["pairs", "fact", "facts"],
)
def test_a_link_that_names_nothing_is_answered(
    open_page: OpenPage, imported_server: Server, path: str, said: list[str]
) -> None:
    page = open_page(f"{imported_server.url}/{path}")
    for words in said:
        expect(page.get_by_text(words)).to_be_visible()
    settled(page)


def test_overview_chooses_a_model_by_its_row(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/overview?dataset=x_geo")
    page.locator('path[aria-label*="Model: bloom_7b1;"]').first.click()
    expect(page).to_have_url(re.compile("model=bloom_7b1"))
    settled(page)  # until then the link is that of the model before
    page.get_by_role("link", name="Language pairs of the chosen model").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES["pairs?dataset=x_geo&cell=fr.he"])
    expect(page).to_have_url(re.compile("/pairs.*model=bloom_7b1"))


def test_search_in_any_language_and_filters(open_page: OpenPage, imported_server: Server) -> None:
    page = open_page(f"{imported_server.url}/facts?dataset=x_geo&model=chatgpt")
    page.get_by_label("Search in any language").fill("القاهرة")
    page.keyboard.press("Enter")
    expect(page.get_by_text("facts with “القاهرة”")).to_be_visible()
    expect(page).to_have_url(re.compile("q="))
    page.get_by_label("Search in any language").fill("qwertyuiop")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No fact matches")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()
    expect(page.get_by_text("200 facts; chatgpt knows ")).to_be_visible()


def test_downloads(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/pairs?dataset=x_geo&model=chatgpt")
    settled(page)
    for kind, begins in {"CSV": b"\xef\xbb\xbf", "Parquet": b"PAR1", "SVG": b"<svg", "PNG": b"\x89PNG"}.items():
        page.get_by_role("button", name="Download").first.click()
        with page.expect_download() as download:
            page.get_by_role("button", name=kind, exact=True).click()
        assert Path(download.value.path()).read_bytes().startswith(begins)
        assert download.value.suggested_filename == f"isogloss-pairs-x_geo-chatgpt.{kind.lower()}"
        page.keyboard.press("Escape")
        settled(page)


def test_choosing_a_family_chooses_its_languages(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/pairs?dataset=x_geo&model=chatgpt")
    page.get_by_text("Choose by family or script").click()
    page.get_by_role("button", name="Romance").click()
    expect(page.locator('path[aria-label^="Right in: "]')).to_have_count(2)  # French and Italian, both ways
    expect(page).to_have_url(re.compile(r"languages=fr(,|%2C)it"))
    # English, the pivot until now, is not among them: another one takes its place, and the page has no error
    expect(page.get_by_text("The same answer in k languages at once")).to_be_visible()
