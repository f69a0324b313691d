"""The first page in a real browser: what it says, its heatmap and doors, and pages without a sidebar beside it."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, StartServer
from tests.browser.server import Server
from tests.browser.waiting import expect_legible, settled
from tests.support.tables import fact_rows, make_store, result_rows, run_rows

GOLD = "ABCABC"
MODEL, TITLE, OTHER = "gemma-3-270m", "Gemma 3 270M", "another"
# right: English all of the six facts, German four, Hebrew one; fact 3 in English alone
SAID = {"en": "ABCABC", "de": "ABCCBA", "he": "ACDDDD"}


@pytest.fixture(scope="module")
def server(start_server: StartServer, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The model and the dataset that are preferred, beside another of each."""
    folder = tmp_path_factory.mktemp("start")
    results = [
        row
        for model in (MODEL, OTHER)
        for dataset in ("another", "world")
        for row in result_rows(model, dataset, GOLD, SAID, f"{model}-{dataset}")
    ]
    runs = [row for model in (MODEL, OTHER) for d in ("another", "world") for row in run_rows(model, f"{model}-{d}")]
    make_store(
        folder,
        facts=[row for dataset in ("another", "world") for row in fact_rows(dataset, GOLD, ["de", "en", "he"])],
        results=results,
        runs=runs,
        models=[{"model": MODEL, "family": "Gemma 3", "billion_parameters": 0.27}],
    ).close()
    return start_server(stores=[folder])


def query(page: Page) -> dict[str, str]:
    return {key: texts[0] for key, texts in parse_qs(urlsplit(page.url).query).items()}


def cell(page: Page, first: str, second: str) -> Locator:
    return page.locator(f'path[aria-label^="Right in: {first}; Compared with: {second};"]')


def door(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_headline_is_the_best_and_the_worst_language(open_page: OpenPage, server: Server, theme: str) -> None:
    page = open_page(server.url, color_scheme=theme)
    settled(page)
    headline = page.locator(".iso-headline")
    expect(headline).to_have_text(f"Of 6 world, the model {TITLE} knows 100 % in English and 17 % in Hebrew.")
    # Wilson's interval of 1 of 6: 3 to 56 %
    expect(headline.locator("strong").last).to_have_attribute("title", "n = 6 facts; 95 % interval 3–56 %")
    expect(page).to_have_title("Isogloss")
    expect_legible(page)


def test_a_click_on_a_cell_opens_its_facts(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/pairs?dataset=another&model={OTHER}&languages=de,en&measure=transfer")
    settled(page)
    page.get_by_role("link", name="Start", exact=True).click()
    cell(page, "German", "Hebrew").click()
    # German knows facts 0, 1, 2 and 4, Hebrew fact 0
    said = f"{TITLE} knows 3 of 6 world in Deutsch that it does not know in עברית"
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.locator(".iso-card")).to_have_count(3)
    assert query(page) == {"dataset": "world", "model": MODEL, "cell": "de.he"}


def test_the_doors_lead_to_a_cell_a_fact_and_the_live_probe(open_page: OpenPage, server: Server) -> None:
    page = open_page(server.url)
    settled(page)
    door(page, "See where it breaks").click()
    expect(page.get_by_text("5 of 6 world in English that it does not know in עברית")).to_be_visible()
    assert query(page) == {"dataset": "world", "model": MODEL, "cell": "en.he"}
    page.get_by_role("link", name="Start", exact=True).click()
    # of the facts that are right in English and in no other language
    expect(page.get_by_text(f"question 3 in en {TITLE} is right in 1 of 3 languages.")).to_be_visible()
    settled(page)
    door(page, "Read a fact").click()
    expect(page.get_by_text(f"{TITLE} answers this fact right in English only, of 3 languages.")).to_be_visible()
    page.get_by_role("link", name="Start", exact=True).click()
    settled(page)
    door(page, "Ask your own").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("In which languages does a model know it?")


def test_all_that_matters_is_on_the_first_screen(open_page: OpenPage, server: Server) -> None:
    page = open_page(server.url, viewport={"width": 1280, "height": 720})
    settled(page)
    for seen in (page.locator(".iso-headline"), door(page, "Ask your own"), cell(page, "Hebrew", "English")):
        expect(seen).to_be_in_viewport(ratio=1)


def test_on_a_phone_the_headline_and_the_doors_come_first(open_page: OpenPage, server: Server) -> None:
    page = open_page(server.url, viewport={"width": 390, "height": 844})
    settled(page)
    for seen in (page.locator(".iso-headline"), door(page, "See where it breaks"), door(page, "Ask your own")):
        expect(seen).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_dataset_is_chosen_by_its_link(open_page: OpenPage, server: Server) -> None:
    page = open_page(server.url)
    settled(page)
    expect(page.get_by_role("heading", name="1 model, every answer here")).to_be_visible()
    expect(page.get_by_role("heading", name="1 model of yours")).to_be_visible()
    page.get_by_role("link", name="Look →").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which languages share what a model knows?")
    assert query(page) == {"dataset": "another", "model": MODEL}


@pytest.mark.parametrize("name", ["Live probe", "Runs", "Methods"])
def test_a_page_that_asks_for_itself_has_no_sidebar_and_the_choice_is_kept(
    open_page: OpenPage, server: Server, name: str
) -> None:
    page = open_page(f"{server.url}/facts?dataset=another&model={OTHER}&languages=en,he")
    settled(page)
    expect(page.get_by_role("combobox", name="Model", exact=True)).to_be_visible()
    page.get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_title(f"{name} · Isogloss")
    settled(page)
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    assert query(page) == {}
    page.get_by_role("link", name="Facts", exact=True).click()
    expect(page.get_by_role("combobox", name="Model", exact=True)).to_have_value(re.compile(f"^{OTHER} ·"))
    assert query(page) == {"dataset": "another", "model": OTHER, "languages": "en,he"}


def test_what_a_link_to_such_a_page_names_is_chosen_elsewhere(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/methods?dataset=another&model={OTHER}")
    settled(page)
    page.get_by_role("link", name="Facts", exact=True).click()
    expect(page).to_have_url(re.compile(f"dataset=another.*model={OTHER}"))


def test_a_link_to_the_former_first_page_opens_the_overview(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/?dataset=another&model={OTHER}&level=ra")
    expect(page.get_by_role("heading", level=1)).to_have_text("Where do models know the same facts in every language?")
    expect(page.get_by_text("This link was of a former form")).to_be_visible()
    assert query(page) == {"dataset": "another", "model": OTHER, "level": "ra"}
    assert urlsplit(page.url).path == "/overview"


def test_the_documents_are_read_in_their_place(open_page: OpenPage, server: Server, tmp_path: Path) -> None:
    page = open_page(server.url)
    settled(page)
    page.get_by_role("link", name="Licence: Apache 2.0").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Licence")
    expect(page.get_by_text("Apache License").first).to_be_visible()
    page = open_page(f"{server.url}/docs")
    expect(page.get_by_role("heading", level=1)).to_have_text("Isogloss")
    link = page.get_by_role("link", name="docs/models.md").first
    expect(link).to_have_attribute("href", "docs?doc=models")
