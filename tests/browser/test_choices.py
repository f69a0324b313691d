"""Choices over a slow line: of several in quick succession all hold, on the page and in its address."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.slow_line import SlowLine
from tests.browser.waiting import settled


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.keyboard.type(option)
    page.get_by_role("option", name=re.compile(rf"^{re.escape(option)}( ·|$)")).click()


def in_address(page: Page) -> dict[str, str]:
    return {key: texts[0] for key, texts in parse_qs(urlsplit(page.url).query).items()}


def test_of_quick_choices_all_hold(open_page: OpenPage, server: Server) -> None:
    line = SlowLine()
    page = open_page(f"{server.url}/pairs?dataset=x_geo&model=chatgpt", line=line.take_over)
    settled(page)
    line.is_down = True
    choose(page, "Model", "llama2_13b")
    line.wait_for(page, "model=llama2_13b")  # the page does not know it yet
    page.get_by_role("radio", name="Transfer").or_(page.get_by_role("button", name="Transfer")).click()
    line.wait_for(page, "measure=transfer")
    line.up()
    settled(page)
    expect(page.get_by_role("combobox", name="Model", exact=True)).to_have_value("llama2_13b · 13 B · Llama 2")
    assert in_address(page) == {"dataset": "x_geo", "model": "llama2_13b", "measure": "transfer"}
