"""What the way of asking does, on Language pairs in a real browser: marks by name, downloads, both themes."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, StartServer
from tests.browser.server import Server
from tests.browser.waiting import expect_legible, settled
from tests.support.tables import fact_rows, make_store, result_rows, run_rows

GOLD = "AAB"
SAID = {
    "plain@1": {"de": "AAA", "en": "AAB", "he": "BBA"},
    "exam@1": {"de": "AAA", "en": "BAA", "he": "CCC"},
}
SECTION = "How much of this is the asking?"


@pytest.fixture(scope="module")
def server(start_server: StartServer, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A model asked in two wordings under every order, and one that was asked once."""
    folder = tmp_path_factory.mktemp("asked")
    rotated = [
        row | {"order_choices": [1, 0, 0, 1]}
        for way, said in SAID.items()
        for row in result_rows("m", "d", GOLD, said, way, template=f"{way}+cyclic")
    ]
    make_store(
        folder,
        facts=fact_rows("d", GOLD, ["de", "en", "he"]),
        results=[*rotated, *result_rows("once", "d", GOLD, SAID["plain@1"], template="plain@1")],
        runs=[*run_rows("m", "plain@1"), *run_rows("m", "exam@1"), *run_rows("once")],
    ).close()
    return start_server(stores=[folder])


def opened(open_page: OpenPage, server: Server, model: str = "m:letter:plain@1%2Bcyclic", **options: str) -> Page:
    page = open_page(f"{server.url}/pairs?dataset=d&model={model}", **options)
    settled(page)
    return page


def test_every_language_has_its_named_marks(open_page: OpenPage, server: Server) -> None:
    page = opened(open_page, server)
    expect(page.get_by_role("heading", name=SECTION)).to_be_visible()
    expect(page.get_by_text("In Deutsch two wordings share 100 % of the facts right in either")).to_be_visible()
    for name in ("Deutsch", "English", "עברית"):
        # choices B A A B under the four orders stand at the places B D C C
        letter = page.locator(f'path[aria-label^="Language: {name}; Favourite letter: C; Share of its choices: 50 %;"]')
        expect(letter).to_be_visible()
        assert (letter.get_attribute("role"), letter.get_attribute("aria-roledescription")) == (
            "graphics-symbol",
            "point",
        )
    expect(page.locator('path[aria-label^="Language: "][aria-label*="; Between: "]')).to_have_count(6)
    empty = page.locator(
        'path[aria-label^="Language: עברית; Between: Two wordings of the language; Overlap: not meas"]'
    )
    expect(empty).to_be_visible()


def test_hovering_says_what_the_mark_is_called(open_page: OpenPage, server: Server) -> None:
    page = opened(open_page, server)
    page.locator('path[aria-label^="Language: English; Between: Two wordings of the language; Overlap: 33 %"]').hover()
    tip = page.locator("#vg-tooltip-element")
    expect(tip).to_contain_text("33 %")
    expect(tip).to_contain_text("of the facts right in either, the share right in both")


def test_a_model_that_was_asked_once_has_no_such_section(open_page: OpenPage, server: Server) -> None:
    page = opened(open_page, server, "once")
    expect(page.get_by_text("The same answer in k languages at once")).to_be_visible()
    expect(page.get_by_text(SECTION)).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_reads_well_in_both_themes(open_page: OpenPage, server: Server, theme: str) -> None:
    page = opened(open_page, server, color_scheme=theme)
    expect(page.get_by_role("heading", name=SECTION)).to_be_visible()
    expect_legible(page)


@pytest.mark.parametrize(
    ("title", "name"),
    [("Does the model like a letter?", "letters"), ("Do other words change as much?", "wordings")],
)
def test_downloads(open_page: OpenPage, server: Server, title: str, name: str) -> None:
    page = opened(open_page, server)
    row = page.get_by_test_id("stHorizontalBlock").or_(page.get_by_test_id("stLayoutWrapper"))
    menu = row.filter(has=page.get_by_role("heading", name=title)).last.get_by_role("button", name="Download")
    menu.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).press("Enter")  # wherever the menu found room to open
    assert download.value.suggested_filename == f"isogloss-{name}-d-m_letter_plain_1_cyclic.csv"
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["language"] for row in rows] == ["de", "en", "he"]
    wanted = {"letters": ("favourite", "bias", "ci_low"), "wordings": ("between_wordings", "gap", "ci_low")}[name]
    assert set(wanted) <= rows[0].keys() and not {"is_widest", "mean_wordings"} & rows[0].keys()
