"""What the dashboard draws with works under its own policy, in both themes."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage, StartServer
from tests.browser.contrast import contrast_ratios
from tests.browser.profiles import Profiles
from tests.browser.server import Server
from tests.browser.watch import Watch

BACKGROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 22, 27)"}  # of .streamlit/config.toml


@pytest.fixture(scope="module")
def specimen(start_server: StartServer) -> Server:
    """A page with every element, behind the dashboard's server."""
    return start_server(script=Path(__file__).parent / "specimen" / "app.py")


def _drawn(page: Page) -> None:
    expect(page.get_by_label("he and ar")).to_be_visible()
    expect(page.locator(".js-plotly-plot .scatterlayer path.js-line")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame").locator("canvas").first).to_be_visible()
    expect(page.get_by_test_id("stTable")).to_contain_text("he")
    expect(page.locator("#hebrew")).to_be_visible()
    expect(page.get_by_text("inside")).to_be_visible()


def test_every_element_is_drawn(specimen: Server, open_page: OpenPage) -> None:
    page = open_page(specimen.url)
    _drawn(page)
    page.get_by_label("he and ar").click()
    expect(page.get_by_text("chosen: [{'row': 'he', 'column': 'ar'}]")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_text("Download", exact=True).click()
    assert download.value.path().read_bytes() == b"a,b"


def test_pages_are_reached_by_link_and_by_address(specimen: Server, open_page: OpenPage) -> None:
    page = open_page(f"{specimen.url}/texts")
    expect(page.get_by_role("heading", name="Every text")).to_be_visible()
    page.get_by_role("link", name="elements").click()
    _drawn(page)


def test_the_policy_stops_what_comes_from_elsewhere(specimen: Server, browser: Browser) -> None:
    """The control of `Watch` and of the policy: a picture in Markdown, and a script that was put into the page."""
    context = browser.new_context()
    page = context.new_page()
    watch = Watch(page, specimen.url)
    page.goto(f"{specimen.url}/?outside=1")
    expect(page.locator("[alt=outside]")).to_have_count(1)
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = true'}))")
    ran = page.evaluate("'ran' in window")
    context.close()
    assert not ran
    assert any("outside.invalid" in problem and "img-src" in problem for problem in watch.problems)
    assert any("script-src" in problem for problem in watch.problems)


def test_a_profile_is_lent_again_and_empty(specimen: Server, profiles: Profiles) -> None:
    with profiles.lend(locale="he") as first, profiles.lend(locale="he") as second:
        assert first is not second
        page = first.new_page()
        page.goto(specimen.url)
        page.evaluate("localStorage.setItem('kept', '1'); document.cookie = 'kept=1'")
    with profiles.lend(locale="he") as again, profiles.lend(locale="he") as other:
        assert {again, other} == {first, second}
        page = first.new_page()
        page.goto(specimen.url)
        assert page.evaluate("[localStorage.getItem('kept'), document.cookie.includes('kept')]") == [None, False]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system(specimen: Server, open_page: OpenPage, scheme: str) -> None:
    page = open_page(f"{specimen.url}/texts", color_scheme=scheme)
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUND[scheme])


def test_a_visitor_picks_the_dark_theme(specimen: Server, open_page: OpenPage) -> None:
    page = open_page(f"{specimen.url}/texts", color_scheme="light")
    expect(page.get_by_text("More", exact=True)).to_be_visible()
    page.get_by_test_id("stMainMenu").get_by_role("button").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUND["dark"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(specimen: Server, open_page: OpenPage, scheme: str) -> None:
    page = open_page(f"{specimen.url}/texts", color_scheme=scheme)
    for text in ("A caption", "A note", "English", "Overlap", "Primary", "A box of warning", "8 points"):
        expect(page.get_by_text(text, exact=True).first).to_be_visible()
    ratios = contrast_ratios(page)
    assert len(ratios) > 40
    assert not [(text, round(ratio, 2)) for text, ratio in ratios if ratio < 4.5]


def test_contrast_is_measured(open_page: OpenPage, specimen: Server) -> None:
    """Black on white 21; #767676 on white 4.54 (W3C's own example); half of black over white (#808080) 3.95; same 1."""
    page = open_page(specimen.url)
    page.evaluate("""document.body.innerHTML = `<div style="background:#fff;position:fixed;inset:0">
        <p style="color:#000">black</p><p style="color:#767676">grey</p><p style="color:#000;opacity:.498">half</p>
        <p style="color:#fff">white</p><svg width="90" height="40"><rect width="90" height="40" fill="#000"></rect>
        <text x="9" y="25" fill="#fff">ink</text></svg></div>`""")
    measured = {text: round(ratio, 2) for text, ratio in contrast_ratios(page)}
    assert measured == {"black": 21.0, "grey": 4.54, "half": 3.95, "white": 1.0, "ink": 21.0}


def test_a_failure_shows_a_reference_and_no_secret(specimen: Server, open_page: OpenPage) -> None:
    page = open_page(f"{specimen.url}/breaks")
    expect(page.get_by_test_id("stAlert")).to_contain_text("Something went wrong here")
    assert "secret" not in page.content()
    reference = page.get_by_test_id("stAlert").inner_text().removesuffix(".").split()[-1]
    log = specimen.log.read_text(encoding="utf-8")
    assert reference in log and "secret-token in /secret/folder" in log


def test_an_error_that_a_user_can_mend_is_shown_as_text(specimen: Server, open_page: OpenPage) -> None:
    page = open_page(f"{specimen.url}/refuses")
    text = "No model ![x](https://outside.invalid/x.png) <b>here</b>; choose another."
    expect(page.get_by_test_id("stText")).to_have_text(text)
