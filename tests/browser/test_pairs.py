"""Language pairs in a real browser: cells by name, the facts behind them, links, and the same figures as SQL."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.browse.queries import browse
from engine.database.database import Database, open_database
from engine.locations import PROJECT
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.server import Server
from tests.browser.waiting import settled

CELLS = 'path[aria-label^="Right in: "]'


@pytest.fixture(scope="module")
def server(start_server: StartServer, imported: Path) -> Server:
    return start_server(stores=[PROJECT / "data", imported])


@pytest.fixture(scope="module")
def store(imported: Path) -> Iterator[Database]:
    opened = open_database([PROJECT / "data", imported])
    yield opened
    opened.close()


def cell(page: Page, first: str, second: str) -> Locator:
    return page.locator(f'path[aria-label^="Right in: {first}; Compared with: {second};"]')


def query(page: Page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


@pytest.mark.parametrize(
    ("dataset", "model"), [("x_geo", "bloom_7b1"), ("x_geo", "chatgpt"), ("x_copa", "bloomz_7b1_mt")]
)
def test_ninety_named_cells(open_page: OpenPage, server: Server, store: Database, model: str, dataset: str) -> None:
    page = open_page(f"{server.url}/pairs?dataset={dataset}&model={model}")
    expect(page.locator(CELLS)).to_have_count(90)
    cells = browse(store, "pair_cells", model=model, dataset=dataset)
    wanted = cells[(cells["language_a"] == "en") & (cells["language_b"] == "he")].iloc[0]
    label = cell(page, "English", "עברית").get_attribute("aria-label")
    assert f"Overlap: {100 * wanted['overlap']:.0f} %" in label
    assert f"Right in both: {wanted['n_both']};" in label


def test_a_click_lists_the_facts_and_a_link_shows_the_same(
    open_page: OpenPage, server: Server, store: Database
) -> None:
    page = open_page(f"{server.url}/pairs?dataset=x_geo&model=llama2_13b_chat")
    cell(page, "Français", "עברית").click()
    expect(page.get_by_text("113 of 200 geography facts in Français that it does not know in עברית")).to_be_visible()
    facts = browse(
        store, "pair_facts", model="llama2_13b_chat", dataset="x_geo", language_a="fr", language_b="he",
        facts_group="only_a", limit=1000, offset=0,
    )  # fmt: skip
    assert len(facts) == 113
    expect(page.locator(".iso-card")).to_have_count(6)
    expect(page.locator(".iso-card").first).to_contain_text(facts["question_a"].iloc[0])
    assert query(page) == {"dataset": "x_geo", "model": "llama2_13b_chat", "cell": "fr.he"}

    # another group and the last page: the rest of its facts, no more and no fewer
    page.get_by_role("radio", name="50 both").or_(page.get_by_role("button", name="50 both")).click()
    expect(page.get_by_text("Right in Français and in עברית")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^(Page )?9$")).click()
    expect(page.locator(".iso-card")).to_have_count(50 - 8 * 6)
    assert query(page) | {"group": "both", "facts_page": "9"} == query(page)

    again = open_page(page.url)
    expect(again.locator(".iso-card")).to_have_count(2)
    expect(again.locator(".iso-card").last).to_have_text(page.locator(".iso-card").last.text_content() or "")
    expect(again.get_by_text("Right in Français and in עברית")).to_be_visible()


def test_from_a_cell_to_the_fact_and_on_by_keyboard(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/pairs?dataset=x_geo&model=llama2_13b_chat&cell=fr.he")
    settled(page)  # a link is drawn anew when what it names changes
    page.get_by_role("link", name="Open").first.click()
    expect(page.get_by_text("1 of 113 facts right in Français, wrong in עברית")).to_be_visible()
    first = query(page)["fact"]
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("2 of 113 facts")).to_be_visible()
    assert query(page)["fact"] != first
    expect(page.get_by_role("button", name="Previous")).to_be_enabled()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("1 of 113 facts")).to_be_visible()
    assert query(page)["fact"] == first
    page.go_back()
    page.go_back()
    page.go_back()
    expect(page.locator(CELLS)).to_have_count(90)
    expect(page.get_by_text("113 of 200 geography facts")).to_be_visible()


def test_right_to_left_text_runs_right_to_left(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/fact?dataset=x_geo&model=chatgpt&fact=3")
    for tag, direction in (("he", "rtl"), ("ar", "rtl"), ("fr", "ltr"), ("zh", "ltr")):
        text = page.locator(f'div.iso-text[lang="{tag}"]').first
        expect(text).to_be_visible()
        assert text.evaluate("element => getComputedStyle(element).direction") == direction


def test_above_chance_and_transfer_show_their_own_figures(open_page: OpenPage, server: Server, store: Database) -> None:
    cells = browse(store, "pair_cells", model="chatgpt", dataset="x_name").set_index(["language_a", "language_b"])
    page = open_page(f"{server.url}/pairs?dataset=x_name&model=chatgpt&measure=above_chance")
    # .629310 - .358029 = .271281
    assert "+27" in cell(page, "العربية", "עברית").get_attribute("aria-label")
    page = open_page(f"{server.url}/pairs?dataset=x_name&model=chatgpt&measure=transfer")
    for a, b, first, second in (("en", "he", "English", "עברית"), ("he", "en", "עברית", "English")):
        wanted = f"Transfer: {100 * cells['transfer'][a, b]:.0f} %"
        assert wanted in cell(page, first, second).get_attribute("aria-label")


def test_another_cell_with_fewer_pages_still_lists_its_facts(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/pairs?dataset=x_geo&model=llama2_13b_chat&cell=fr.he&facts_page=19")
    expect(page.locator(".iso-card")).to_have_count(113 - 18 * 6)
    box = page.get_by_role("combobox", name="Model")
    box.fill("chatgpt")
    box.press("Enter")
    expect(page).to_have_url(re.compile("model=chatgpt"))
    expect(page.locator(".iso-card").first).to_be_visible()
    expect(page.get_by_text("No fact is in this group")).to_have_count(0)
