"""The live probe in a real browser: from typing to the bars, by its link, under Facts, deleted and taken back."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine.live.protocol.fact_text import FactText
from engine.live.saved.reading import saved_probe, saved_probes
from engine.locations import PROJECT
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.live_probe import MODEL, bars, probe_button, probe_service, saved_in, type_fact
from tests.browser.server import Server
from tests.browser.slow_line import SlowLine
from tests.browser.waiting import settled

LANGUAGES = ["en", "de", "fr", "it", "pl", "ru", "ar", "he", "zh", "ja"]
TOLERANCE = 1e-6


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's own store; beside the embedded models it lists one that is not there."""
    store = tmp_path_factory.mktemp("live")
    (store / "models.toml").write_text('[models]\n"gone" = "nowhere"\n', encoding="utf-8")
    return store


@pytest.fixture(scope="module")
def service(store: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with probe_service(store) as process:
        yield process


@pytest.fixture(scope="module")
def server(start_server: StartServer, store: Path, service: object) -> Server:
    """The dashboard on the embedded store and the user's."""
    return start_server(stores=[PROJECT / "data", store])


def shown(page: Page) -> dict[str, list[float]]:
    """The probabilities drawn, by language."""
    found: dict[str, list[float]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('.iso-live-card')].map(card =>
            [card.dataset.language,
             [...card.querySelectorAll('[data-probability]')].map(bar => Number(bar.dataset.probability))]))"""
    )
    return found


def probed_by_command(fact: FactText, folder: Path) -> dict[str, Any]:
    """What `python -m engine probe` prints."""
    file = folder / "fact.json"
    file.write_text(json.dumps(fact.model_dump(), ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-m", "engine", "probe", "--model", MODEL, "--fact", str(file)]
    done = subprocess.run(
        [*command, "--probe", "cloze", "--template", "bare", "--device", "cpu"],
        cwd=PROJECT, capture_output=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_fact_typed_in_polish_comes_back_in_ten_languages_by_its_link_and_under_facts(
    open_page: OpenPage, server: Server, store: Path, tmp_path: Path
) -> None:
    page = open_page(f"{server.url}/live")
    expect(page.get_by_text("None yet. What you probe is kept here")).to_be_visible()
    page.get_by_role("combobox", name="Names in").click()
    page.keyboard.type("polski")
    page.get_by_role("option").first.click()
    settled(page)
    type_fact(page, "Francja")
    expect(page.get_by_text(f"{MODEL}: loaded")).to_be_visible()
    probe_button(page).click()
    expect(bars(page)).to_have_count(40)
    saved_id = saved_in(page)
    settled(page)
    drawn = shown(page)
    assert list(drawn) == LANGUAGES
    assert all(sum(shares) == pytest.approx(1) for shares in drawn.values())

    fact = saved_probe(store / "live", saved_id).fact
    by_command = probed_by_command(fact, tmp_path)["languages"]
    for tag, shares in drawn.items():
        assert shares == pytest.approx([one["probability"] for one in by_command[tag]["options"]], abs=TOLERANCE)
    right = sum(one["correct"] for one in by_command.values())
    told = f"{MODEL} knows it in all 10 languages" if right == 10 else f"{MODEL} knows it in {right} of 10 languages"
    expect(page.get_by_text(told)).to_be_visible()

    linked = open_page(f"{server.url}/live?saved={saved_id}")
    expect(bars(linked)).to_have_count(40)
    assert shown(linked) == drawn
    expect(linked.get_by_text(told)).to_be_visible()

    linked.get_by_role("link", name="As facts").click()
    expect(linked.get_by_role("heading", level=1)).to_have_text("Which facts does the model know, and where?")
    expect(linked.locator(".iso-card")).to_have_count(1)
    expect(linked.locator(".iso-card")).to_contain_text(f"known in {right} of 10 languages")
    linked.get_by_role("link", name="Open").click()
    expect(linked.get_by_text("One fact in every language")).to_be_visible()
    linked.get_by_role("link", name="Probe this").click()
    expect(bars(linked)).to_have_count(40)
    assert shown(linked) == drawn

    settled(page)
    page.locator(".st-key-live-delete-asked button").click()
    expect(page.get_by_text("None yet. What you probe is kept here")).to_be_visible()
    expect(bars(page)).to_have_count(0)
    assert saved_probes(store / "live") == []
    page.get_by_role("button", name="Undo").click()
    expect(bars(page)).to_have_count(40)
    assert shown(page) == drawn
    assert [summary.saved_id for summary in saved_probes(store / "live")] == [saved_id]


def test_tokens_prompt_name_files_and_own_facts(open_page: OpenPage, server: Server, store: Path) -> None:
    page = open_page(f"{server.url}/live?live_free=on")
    type_fact(page, "Japan")
    expect(page.get_by_text(f"{MODEL}: loaded")).to_be_visible()
    probe_button(page).click()
    expect(page.locator(".iso-live-said")).to_have_count(10)  # its free answer
    saved_id = saved_in(page)
    settled(page)
    probe = saved_probe(store / "live", saved_id)

    page.locator(".st-key-live-detail-pl summary").click()
    question = probe.fact.texts["pl"].question
    expect(page.get_by_test_id("stCode").filter(has_text=question).first).to_be_visible()
    sums = page.locator(".iso-live-tokens tbody td:last-child").all_inner_texts()
    logprobs = [option.logprob for option in probe.languages["pl"].options]
    assert [float(text.replace("−", "-")) for text in sums] == pytest.approx(logprobs, abs=5.1e-4)  # three decimals

    page.get_by_role("button", name="Name", exact=True).click()
    page.get_by_role("textbox", name="Name of this probe").fill("my *own* name")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".iso-card").filter(has_text="my *own* name")).to_have_count(1)
    assert {summary.name for summary in saved_probes(store / "live") if summary.fact_id == probe.summary.fact_id} == {
        "my *own* name"
    }
    page.keyboard.press("Escape")
    settled(page)
    page.get_by_role("button", name="Download").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="JSONL", exact=True).press("Enter")
    rows = [json.loads(line) for line in Path(download.value.path()).read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 20  # ten languages, asked to choose and to write
    chosen = {row["language"]: row for row in rows if row["probe"] == "cloze"}
    assert chosen["pl"]["logprobs"] == logprobs
    page.keyboard.press("Escape")

    page.get_by_role("button", name="To my own facts").click()
    page.get_by_role("textbox", name="Dataset").fill("mine")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_text("Copied into the dataset mine")).to_be_visible()
    own = open_page(f"{server.url}/facts?dataset=mine&model={MODEL}")
    expect(own.locator(".iso-card")).to_have_count(1)


def test_a_model_that_cannot_be_loaded_says_why_and_the_old_one_serves_on(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live?live_model=gone")
    type_fact(page, "Japan")
    probe_button(page).click()
    expect(page.get_by_text("gone cannot be loaded").filter(visible=True).first).to_be_visible()
    expect(page.get_by_role("button", name="Probe again")).to_be_visible()
    page.get_by_role("button", name="Change").click()
    page.get_by_role("combobox", name="Model to ask").click()
    page.get_by_role("option", name=MODEL, exact=True).click()
    settled(page)
    probe_button(page).click()
    expect(bars(page)).to_have_count(40)


def test_a_choice_holds_when_the_button_is_pressed_at_once(open_page: OpenPage, server: Server) -> None:
    line = SlowLine()
    page = open_page(f"{server.url}/live?live_model=gone&live_with=lab-en-zh", line=line.take_over)
    type_fact(page, "Japan")
    line.is_down = True
    page.get_by_role("combobox", name="Model to ask").click()
    page.get_by_role("option", name=MODEL, exact=True).click()
    line.wait_for(page, "live_with=lab-en-zh")  # the page still says that the other one is chosen
    probe_button(page).click()
    line.up()
    expect(bars(page)).to_have_count(80)
    expect(page).to_have_url(re.compile("live_with=lab-en-zh"))
    assert "live_model" not in page.url  # the one that is chosen unless another is


def test_two_models_side_by_side_and_other_wordings(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live?live_with=lab-en&live_sure=on")
    type_fact(page, "Japan")
    probe_button(page).click()
    expect(bars(page)).to_have_count(80)
    saved_in(page)
    expect(page.locator(".iso-live-sure table")).to_have_count(2)
    expect(page.locator(".iso-live-sure").first.locator("tbody tr")).to_have_count(10)
    # as asked, two more questions, three statements
    expect(page.locator(".iso-live-sure").first.locator("thead th")).to_have_count(8)
    expect(page.get_by_text(re.compile("Both know it in"))).to_be_visible()


def test_a_list_of_three_facts_is_asked_and_becomes_a_dataset(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/live?entry=list")
    facts = page.get_by_role("textbox", name="Facts, one a row")
    facts.fill(
        "question,subject,answer,wrong\n"
        "What is the capital of {subject}?,Georgia,Tbilisi,\n"
        "מהי בירת {subject}?,צרפת,פריז,\n"
        "Which river flows through {subject}?,Egypt,Nile,Amazon; Danube; Ganges\n"
    )
    facts.press("Control+Enter")
    expect(page.get_by_text("3 of 3 facts can be asked, 2 of them in all 10 languages.")).to_be_visible()
    settled(page)
    page.get_by_role("textbox", name="Dataset").fill("three")
    page.get_by_role("textbox", name="Dataset").press("Enter")
    settled(page)
    page.get_by_role("button", name="Ask 3 facts").click()
    # twice ten languages, and English
    expect(page.get_by_text("Asked 3 of 3 facts: the dataset three has them, with 21 answers.")).to_be_visible()
    page.get_by_role("link", name="Open its facts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which facts does the model know, and where?")
    expect(page.locator(".iso-card")).to_have_count(3)
    expect(page.get_by_text("What is the capital of").or_(page.get_by_text("Georgia?"))).to_be_visible()


def test_without_the_service_what_is_kept_is_shown_and_how_to_start_it_is_said(
    open_page: OpenPage, server: Server, store: Path, service: "subprocess.Popen[bytes]"
) -> None:
    saved_id = saved_probes(store / "live")[0].saved_id
    service.terminate()
    service.wait(20)
    page = open_page(f"{server.url}/live?kept={saved_id}")  # a link of the former form
    expect(page).to_have_url(re.compile(f"[?&]saved={saved_id}"))
    expect(bars(page).first).to_be_visible()
    expect(page.get_by_text("No model can be asked now")).to_be_visible()
    expect(page.get_by_text(f"python -m engine.live --store {store}")).to_be_visible()
