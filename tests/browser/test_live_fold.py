"""The Live probe page's frame: the form folds to a line beside a result, and whom a link asks."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.locations import PROJECT
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.live_probe import MODEL, bars, probe_button, probe_service, saved_in
from tests.browser.server import Server
from tests.browser.waiting import settled


@pytest.fixture(scope="module")
def server(start_server: StartServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard on the embedded store and an empty one, with a probe service."""
    store: Path = tmp_path_factory.mktemp("fold")
    with probe_service(store):
        yield start_server(stores=[PROJECT / "data", store])


def folded(page: Page) -> Locator:
    """The line that stands for the form."""
    return page.locator(".iso-live-folded")


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 720}, {"width": 390, "height": 844}], ids=str)
def test_the_form_folds_to_a_line_and_the_result_stands_in_its_place(
    open_page: OpenPage, server: Server, viewport: dict[str, int]
) -> None:
    page = open_page(f"{server.url}/live?about=capital:KE", viewport=viewport)
    expect(probe_button(page)).to_be_enabled()
    expect(folded(page)).to_have_count(0)
    probe_button(page).click()
    expect(bars(page)).to_have_count(40)
    expect(folded(page)).to_have_text(f"{MODEL} · capital · Kenya")
    for seen in (folded(page), page.get_by_text(f"{MODEL} knows it in"), bars(page).first):
        expect(seen).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("combobox", name="Subject")).to_be_hidden()
    expect(probe_button(page)).to_be_hidden()

    linked = open_page(f"{server.url}/live?saved={saved_in(page)}", viewport=viewport)
    expect(folded(linked)).to_have_text(f"{MODEL} · capital · Kenya")
    expect(linked.get_by_text(f"{MODEL} knows it in")).to_be_in_viewport(ratio=1)
    expect(linked.get_by_role("combobox", name="Subject")).to_be_hidden()

    page.get_by_role("button", name="Change").click()
    expect(folded(page)).to_have_count(0)
    expect(bars(page)).to_have_count(40)
    expect(page.get_by_role("combobox", name="Subject")).to_have_value(re.compile("Kenya"))  # what was typed is there
    settled(page)
    probe_button(page).click()
    expect(folded(page)).to_be_visible()


def test_a_link_to_probe_a_fact_opens_the_form_beside_an_earlier_result(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live?about=capital:KE&dataset=lab&model={MODEL}")
    expect(probe_button(page)).to_be_enabled()
    probe_button(page).click()
    expect(folded(page)).to_be_visible()
    saved_in(page)
    settled(page)
    page.get_by_role("link", name="Fact", exact=True).click()
    expect(page.get_by_text("One fact in every language")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Probe this").click()
    expect(page.get_by_role("combobox", name="Subject")).to_be_visible()
    expect(folded(page)).to_have_count(0)


def test_a_model_of_a_link_is_asked_where_it_may_be_else_it_is_said_who_is(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live?dataset=lab&fact=capital:IT&model=lab-en")
    expect(page.get_by_role("combobox", name="Model to ask")).to_have_value("lab-en")
    expect(page.get_by_text("cannot be asked here")).to_have_count(0)
    page = open_page(f"{server.url}/live?dataset=x_geo&model=llama2_13b_chat")
    expect(page.get_by_text(f"llama2_13b_chat cannot be asked here; {MODEL} is asked instead.")).to_be_visible()
    page.get_by_role("link", name="How a model is added").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The models that may be asked by name")
