"""Typing a fact in a browser: by its name in any script, in a template, cell by cell; links, and both themes."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.waiting import expect_legible

WAYS = ["relation", "template", "table", "translate", "list"]


def subject(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Subject")


def choose_subject(page: Page, text: str, name: str) -> None:
    """Type a name and take the first subject that is offered."""
    subject(page).click()
    subject(page).press_sequentially(text)
    offered = page.get_by_role("option")
    expect(offered).to_have_count(1)
    expect(offered).to_contain_text(name)
    page.keyboard.press("Enter")


def table(page: Page) -> Locator:
    """The cells of the table to type in, as a screen reader finds them behind the drawing."""
    return page.get_by_test_id("stDataFrame").last  # one that gives way to it may still stand before it


def cell(page: Page, row: int, column: int) -> Locator:
    """Counted from 0; column 0 is the language."""
    return table(page).get_by_test_id(f"glide-cell-{column}-{row}")


def select(page: Page, row: int, *, left: int) -> None:
    """Click on a cell of the table; `left`: pixels from its edge."""
    expect(page.get_by_test_id("stDataFrame")).to_have_count(1)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    table(page).locator(".dvn-scroller").click(position={"x": left, "y": 35 * (row + 1) + 17})


def type_here(page: Page, text: str) -> None:
    """Type into the selected cell with the keyboard; the one below is selected then."""
    page.keyboard.press("Enter")
    page.locator("#portal textarea").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator("#portal textarea")).to_have_count(0)


def way(page: Page, title: str) -> None:
    page.get_by_role("radio", name=title, exact=True).click()


def test_a_subject_is_found_in_any_script(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live", locale="pl-PL")
    for text in ("Польша", "波兰", "פולין"):
        subject(page).click()
        subject(page).press_sequentially(text)
        expect(page.get_by_role("option")).to_have_text([re.compile("^Polska · Poland")])
        page.keyboard.press("Escape")
    choose_subject(page, "Polska", "Polska · Poland")
    expect(page.get_by_text("Jakie miasto jest stolicą państwa Polska?")).to_be_visible()
    expect(page).to_have_url(re.compile("about=capital%3APL"))
    page.get_by_text("The same in 9 other languages").click()
    hebrew = page.locator("tr", has_text="עברית")
    expect(hebrew.locator("div.iso-text").first).to_have_css("direction", "rtl")


def test_a_link_opens_the_same_fact_in_a_fresh_browser(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live", locale="pl-PL")
    choose_subject(page, "Włochy", "Włochy · Italy")
    page.get_by_role("radio", name="Other wrong answers").click()
    page.get_by_role("button", name="Draw others").click()
    expect(page).to_have_url(re.compile("draw=1"))
    options = page.locator("ol.iso-options").first
    expect(options).to_contain_text("Rzym")
    fresh = open_page(page.url, locale="pl-PL")
    expect(fresh.locator("ol.iso-options").first).to_have_text(options.inner_text().replace("\n", ""))


def test_a_template_comes_out_in_ten_languages(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live?entry=template")
    page.get_by_role("combobox", name="… or one that is known in many languages").click()
    page.get_by_role("option", name="Which city is the capital of this country").click()
    expect(page.get_by_role("textbox", name="Question")).to_have_value(re.compile("^Which city is the capital"))
    for label, text in (("Subject", "Poland"), ("Right answer", "Warsaw")):
        page.get_by_role("textbox", name=label).fill(text)
        page.keyboard.press("Enter")
    expect(page.get_by_text("To be asked in 10 of 10 languages.")).to_be_visible()
    expect(table(page)).to_contain_text("波兰")
    page.get_by_role("textbox", name="Subject").fill("Narnia")
    page.keyboard.press("Enter")
    expect(page.get_by_text("To be asked in 1 of 10 languages.")).to_be_visible()
    expect(page.get_by_text("The store has no such fact about “Narnia”")).to_be_visible()


def test_words_of_ones_own_are_asked_in_ten_languages_and_a_wrong_answer_is_said(
    open_page: OpenPage, server: Server
) -> None:
    page = open_page(f"{server.url}/live?entry=template")
    for label, text in (
        ("Question", "What is the capital of {subject}?"), ("Subject", "Georgia"), ("Right answer", "Kutaisi"),
    ):  # fmt: skip
        page.get_by_role("textbox", name=label, exact=True).fill(text)
        page.keyboard.press("Enter")
    expect(page.get_by_text("the capital of Georgia is Tbilisi, not Kutaisi")).to_be_visible()
    page.get_by_role("button", name="Use Tbilisi").click()
    expect(page.get_by_text("To be asked in 10 of 10 languages.")).to_be_visible()
    expect(table(page)).to_contain_text("第比利斯")
    page.get_by_role("radio", name="My own words").click()
    expect(page.get_by_text("To be asked in 1 of 10 languages.")).to_be_visible()
    expect(page).to_have_url(re.compile("words=typed"))
    page.get_by_role("radio", name="The known question").click()
    expect(page.get_by_text("To be asked in 10 of 10 languages.")).to_be_visible()


def test_a_block_for_a_translator_is_copied_out_and_fills_ten_languages(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live?entry=template")
    words = {"Question": "Which river flows through {subject}?", "Subject": "Egypt", "Right answer": "Nile"}
    for label, text in words.items():
        page.get_by_role("textbox", name=label, exact=True).fill(text)
        page.keyboard.press("Enter")
    expect(page.get_by_text("To be asked in 1 of 10 languages.")).to_be_visible()
    page.get_by_text("Translate elsewhere").click()
    written = page.get_by_test_id("stExpander").locator("code")
    expect(written).to_contain_text("Japanese [ja] question:")
    lines = [line for line in written.inner_text().splitlines() if line.endswith(":")]
    assert len(lines) == 18  # question and answer in nine languages; Egypt's name is known
    area = page.get_by_label("2. Paste what came back")
    area.fill("\n".join(f"**{line}** text {number}" for number, line in enumerate(lines)))
    area.press("Control+Enter")
    page.get_by_role("button", name="Fill in the table").click()
    expect(page.get_by_text("Filled in: 18 texts in 9 languages.")).to_be_visible()
    expect(page.get_by_text("To be asked in 10 of 10 languages.")).to_be_visible()
    page.get_by_role("button", name="Undo: the pasted texts").click()
    expect(page.get_by_text("To be asked in 1 of 10 languages.")).to_be_visible()


def test_what_is_typed_into_the_table_stays(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live?entry=table&in=en,he")
    page.get_by_role("combobox", name="Options").click()
    page.get_by_role("option", name="None: an open question").click()
    expect(table(page)).to_contain_text("Answer")
    select(page, 0, left=250)
    type_here(page, "Is it so?")
    type_here(page, "האם זה כך?")  # at once, while the page still works on the cell before
    expect(page.get_by_text("To be asked in 2 of 2 languages.")).to_be_visible()
    way(page, "By template")
    expect(page.get_by_role("textbox", name="Subject")).to_be_visible()
    page.get_by_role("link", name="Methods").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How is each measure computed?")
    page.get_by_role("link", name="Live probe").click()
    expect(page.get_by_role("textbox", name="Subject")).to_be_visible()
    way(page, "In a table")
    expect(cell(page, 1, 1)).to_have_text("האם זה כך?")
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(cell(page, 1, 1)).to_have_text("")
    page.get_by_role("button", name="Undo: the clearing").click()
    expect(cell(page, 0, 1)).to_have_text("Is it so?")


def test_a_table_is_pasted_and_what_is_wrong_stands_beside_the_row(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live?entry=table&in=en")
    page.get_by_role("button", name="CSV").click()
    area = page.get_by_label("Paste a table")
    area.fill("language,question,option_1,option_2,gold\nen,Is it?,yes,no,1\nar,هل هو؟,نعم,نعم,1\n")
    area.press("Control+Enter")
    page.get_by_role("button", name="Take it into the table").click()
    expect(page.get_by_role("list", name="Check")).to_contain_text("Arabic: ✗ option 2 is the same as option 1")
    expect(page.get_by_role("status").filter(has_text="ar, option 2: is the same as option 1")).to_be_visible()
    page.get_by_role("button", name="CSV").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the table").click()
    assert "هل هو؟,نعم,نعم,1" in download.value.path().read_text(encoding="utf-8-sig")


def test_a_fact_of_the_store_is_probed_by_its_link(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live?dataset=lab&fact=capital:IT")
    expect(page.get_by_text("Which city is the capital of this country: Italy?")).to_be_visible()
    expect(page).not_to_have_url(re.compile("[?&]fact="))
    page = open_page(f"{server.url}/live?dataset=lab&fact=nothing")
    expect(page.get_by_text("holds no texts of a fact “nothing”")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", WAYS)
def test_every_way_in_reads_well(open_page: OpenPage, server: Server, name: str, theme: str) -> None:
    page = open_page(f"{server.url}/live?entry={name}&about=capital:IT", color_scheme=theme)
    expect(page.get_by_role("radio", checked=True).first).to_be_visible()
    expect_legible(page)


def test_a_link_of_the_former_form_opens_the_same_and_says_so(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live?way=table&in=en,he")
    expect(page.get_by_role("radio", name="In a table", exact=True)).to_be_checked()
    expect(page.get_by_text("This link was of a former form")).to_be_visible()
    expect(page).to_have_url(re.compile("entry=table"))


def test_the_way_of_typing_outlives_a_choice_on_calibration(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live?entry=table&dataset=lab")
    expect(page.get_by_role("radio", name="In a table", exact=True)).to_be_checked()
    page.get_by_role("link", name="Calibration").click()
    page.get_by_test_id("stMain").get_by_role("combobox", name="Asked by").click()  # the sidebar may have one as well
    page.get_by_role("option").last.click()
    expect(page).to_have_url(re.compile("calibration_asked_by="))
    page.get_by_role("link", name="Live probe").click()
    expect(page.get_by_role("radio", name="In a table", exact=True)).to_be_checked()


def test_names_in_a_link_that_mean_nothing_are_said(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live?entry=fly&about=XX&in=xx")
    for said in ("way in “fly”", "subject “XX”", "languages “xx”"):
        expect(page.get_by_text(said)).to_be_visible()
