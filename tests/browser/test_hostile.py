"""Facts, answers and names that attack whoever reads them: they are shown as text, and nothing else happens.

`open_page` fails a test for any error on the console (refused by the policy or not) and any request to another host.
"""

import csv
import io
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, StartServer
from tests.browser.server import Server
from tests.browser.waiting import settled
from tests.support.tables import fact_rows, make_store, result_rows, run_rows

LANGUAGES = ["de", "en", "he"]
MEGABYTE = "long " * 200_000
# One fact each; `evil.invalid` is a host that nobody may ask.
TEXTS = {
    "script": "<script>window.hacked = 1</script>",
    "image": '<img src="http://evil.invalid/i.png" onerror="window.hacked = 1">',
    "drawing": '"><svg/onload=window.hacked=1><a href="javascript:window.hacked=1">x</a>',
    "markdown": "![x](http://evil.invalid/m.png) [link](http://evil.invalid) **bold** # head",
    "directives": "$\\frac{1}{2}$ :material/home: :red[red] :blue-background[x] :+1: `code`",
    "templates": "{0.__class__} {{7*7}} %s ${window.hacked=1} datum.value",
    "unseen": "\u202egnp.exe \u2066 \u200b \ufeff \u2028 \x00 \x1b[31m \x07 \ufe0f\ufe0f\ufe0f",
    "formula": '=HYPERLINK("http://evil.invalid","x")',
    "command": "@SUM(1)|cmd",
    "accents": "a\u0301\u0327\u0328" * 900 + "\u200d",
    "megabyte": "long " * 200_000,
    "sql": "'; drop table facts; -- union select 1",
}
KINDS = list(TEXTS)
NAME = '<img src=x onerror=window.hacked=1> ![x](http://evil.invalid/n.png) $x$ :red[y] "q" =1+1'
GOLD = "A" * len(TEXTS)
SAID = {"en": GOLD, "de": "B" * len(TEXTS), "he": "AB" * (len(TEXTS) // 2)}


def hostile_store(folder: Path) -> Path:
    """Texts, answers, and the names of models, datasets, relations and sources that attack.

    Dataset d has the texts, dataset NAME a reason why nothing was measured; model `described` has a hostile
    description, and model `counted` figures from a hostile source.
    """
    facts, results = fact_rows("d", GOLD, LANGUAGES, 2), result_rows(NAME, "d", GOLD, SAID)
    for row in facts:
        text = TEXTS[KINDS[int(str(row["fact_id"]))]]
        row |= {"question": text, "options": [text, f"{text} 2"], "subject": text, "relation": text[:80]}
    for row in results:
        row["text"] = TEXTS[KINDS[int(str(row["fact_id"]))]]
    results += result_rows("plain", "d", GOLD, SAID | {"he": "?" * len(TEXTS)})
    for model in ("plain", "described"):
        answers = result_rows(model, NAME, "AA", dict.fromkeys(LANGUAGES, "!A"))
        results += [row | {"error": row["error"] and NAME} for row in answers]
    description = {"family": NAME, "built_on": NAME, "training_strategy": NAME, "target_languages": NAME}
    scale = {"dataset": "d", "title": NAME, "stream": "basic", "chance": 0.5, "ceiling": 1.0, "ceiling_source": NAME}
    counted = {"source": NAME, "model": "counted", "dataset": "counts", "n": 4}
    count = counted | {"gold_option": 0, "n_correct": 2, "n_unparsed": 0}
    groups = {"n_both_right": 2, "n_only_a": 0, "n_only_b": 0, "n_wrong_alike": 1, "n_wrong_differently": 1}
    pairs = [("de", "en"), ("de", "he"), ("en", "he")]
    make_store(
        folder,
        facts=[*facts, *fact_rows(NAME, "AA", LANGUAGES, 2)],
        results=results,
        runs=[*run_rows(NAME), *run_rows("plain"), *run_rows("described")],
        models=[{"model": "described", **description}],
        datasets=[scale],
        published_accuracy=[count | {"language": language} for language in LANGUAGES],
        published_pairs=[counted | groups | {"language_a": a, "language_b": b} for a, b in pairs],
    ).close()
    return folder


@pytest.fixture(scope="module")
def server(start_server: StartServer, tmp_path_factory: pytest.TempPathFactory) -> Server:
    return start_server(stores=[hostile_store(tmp_path_factory.mktemp("hostile"))])


def address(server: Server, page: str, *, dataset: str = "d", model: str = NAME, **more: str) -> str:
    query = {"dataset": dataset, "model": model, **more}
    sign = "&" if "?" in page else "?"
    return f"{server.url}/{page}{sign}" + "&".join(f"{key}={quote(value, safe='')}" for key, value in query.items())


def assert_harmless(page: Page) -> None:
    """The script has run to its end, and nothing that data said became a part of the page or ran in it."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_text(re.compile("Something went wrong|cannot be shown|Traceback"))).to_have_count(0)
    assert not page.evaluate("'hacked' in window")
    made = "img[src*='evil'], img[src='x'], [onerror], [onload], a[href*='//evil'], a[href^='javascript'], .katex"
    assert page.locator(made).evaluate_all("found => found.map(element => element.outerHTML)") == []
    assert "bold" not in page.locator("strong").all_inner_texts()
    expect(page.get_by_test_id("stIconMaterial").filter(has_text="home")).to_have_count(0)
    assert page.evaluate("document.body.innerText.match(/[\\u202e\\u2066\\u0000]/g)") is None


@pytest.mark.parametrize(
    ("path", "dataset", "model"),
    [
        *((path, "d", NAME) for path in ("overview", "pairs?cell=en.de", "facts")),
        *((path, NAME, "plain") for path in ("overview", "fact?fact=0")),
        ("pairs", NAME, "described"),
        ("pairs?cell=en.de", "counts", "counted"),
    ],
    ids=lambda value: "hostile" if value == NAME else None,
)
def test_every_page_stays_what_it_is(open_page: OpenPage, server: Server, path: str, dataset: str, model: str) -> None:
    page = open_page(address(server, path, dataset=dataset, model=model))
    assert_harmless(page)


def test_the_first_page_stays_what_it_is(open_page: OpenPage, server: Server) -> None:
    assert_harmless(open_page(server.url))


def test_a_reader_clicks_through(open_page: OpenPage, server: Server) -> None:
    page = open_page(address(server, "overview", model="plain"))
    assert_harmless(page)
    page.locator(f'path[aria-label^="Model: {NAME[:8]}"]').first.click()
    expect(page).to_have_url(re.compile("model=%3Cimg"))
    settled(page)  # the links name the model that was chosen
    page.get_by_role("link", name="Language pairs of the chosen model").click()
    expect(page.locator('path[aria-label^="Right in: "]')).to_have_count(6)
    settled(page)
    assert_harmless(page)
    page.locator('path[aria-label^="Right in: English; Compared with: Deutsch;"]').click()
    expect(page.locator(".iso-card")).to_have_count(6)
    expect(page.locator(".iso-card").first).to_contain_text(TEXTS["script"])
    assert_harmless(page)
    settled(page)
    page.get_by_role("link", name="Open").first.click()
    for number, kind in enumerate(KINDS, start=1):
        expect(page.get_by_text(f"{number} of 12 facts right in English, wrong in Deutsch")).to_be_visible()
        assert_harmless(page)
        assert_shown_as_text(page, kind)
        page.keyboard.press("ArrowRight")


def assert_shown_as_text(page: Page, kind: str) -> None:
    """The question, the options and what the model said stand on the page of a fact as they are."""
    shown = page.locator("tr").filter(has=page.locator('th[lang="en"]'))
    parts = (shown.locator(".iso-text").first, shown.locator(".iso-options li").nth(1), shown.locator(".iso-said"))
    assert shown.locator(".iso-text").count() == 3  # question and two options
    for part in parts:
        match kind:
            case "unseen":
                expect(part).to_contain_text("⟨U+202E⟩gnp.exe")
                expect(part).to_contain_text("⟨U+0000⟩")
            case "megabyte" | "accents":
                expect(part).to_contain_text(TEXTS[kind][:250])
                expect(part).to_contain_text(re.compile("[0-9,]+ more characters are not shown"))
            case _:
                expect(part).to_contain_text(TEXTS[kind])
    assert len(page.content()) < 1_000_000


def test_what_is_searched_is_found_and_repeated_as_text(open_page: OpenPage, server: Server) -> None:
    page = open_page(address(server, "facts"))
    for kind in ("script", "image", "directives", "sql"):
        page.get_by_label("Search in any language").fill(TEXTS[kind])
        page.keyboard.press("Enter")
        expect(page.get_by_text("1 fact with")).to_contain_text(f"“{TEXTS[kind]}”")
        expect(page.locator(".iso-card")).to_have_count(1)
        expect(page.locator(".iso-card p").first).to_have_text(TEXTS[kind])
        assert_harmless(page)


def test_a_downloaded_table_holds_no_formula(open_page: OpenPage, server: Server) -> None:
    # tall enough for all of the page: it grows until its last letters are there, and the menu moves with it
    page = open_page(address(server, "facts"), viewport={"width": 1440, "height": 3000})
    assert_harmless(page)
    expect(page.locator(".iso-card")).to_have_count(10)
    page.get_by_role("button", name="Download").first.click()
    button = page.get_by_role("button", name="CSV", exact=True)
    with page.expect_download() as download:
        button.press("Enter")
    assert re.fullmatch(r"[A-Za-z0-9._-]+\.csv", download.value.suggested_filename)
    csv.field_size_limit(4 * len(TEXTS["megabyte"]))
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    head, *rows = csv.reader(io.StringIO(content.replace("\0", ""), newline=""))
    questions = {row[head.index("question")] for row in rows}
    assert len(questions) == len(TEXTS)
    assert {f"'{TEXTS['formula']}", f"'{TEXTS['command']}"} < questions
    live = [cell for row in [head, *rows] for cell in row if cell.startswith(tuple("=+-@\t\r\n"))]
    assert live == []
