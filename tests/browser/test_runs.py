"""The page of runs: what goes on, what stopped, what is finished, and starting a run.

`open_page` fails a test for any error on the console.
"""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from engine.configured_models import ALLOWED
from engine.locations import PROJECT
from engine.runs.folder import run_folder
from engine.store.write import write_files
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.living_run import MODEL, RUN_ID, answers, facts
from tests.browser.server import Server
from tests.browser.waiting import expect_legible, settled
from tests.support.run_progress import put

TITLE = "Which models are being asked, and which were?"
NAME = '<img src=x onerror=window.hacked=1> ![x](http://evil.invalid/n.png) $x$ :red[y] "q"'


@contextmanager
def living(store: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """A process that holds a run and states its progress."""
    with subprocess.Popen([sys.executable, "-m", "tests.browser.living_run", str(store)], cwd=PROJECT) as process:
        try:
            deadline = time.monotonic() + 60
            while not run_folder(store, RUN_ID).progress.exists():
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.1)
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def server(start_server: StartServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Server, Path]:
    """A server, and its store, which each test fills anew."""
    store = tmp_path_factory.mktemp("runs")
    return start_server(stores=[store]), store


@pytest.fixture
def empty(server: tuple[Server, Path]) -> Path:
    """The store of the server, with nothing in it."""
    _, store = server
    shutil.rmtree(store)
    store.mkdir()
    return store


@pytest.fixture
def store(empty: Path) -> Path:
    """The store with facts, and a list with one model, whose folder does not exist."""
    write_files(empty, [facts()])
    (empty / ALLOWED).write_text(f'[models]\ngone = "{empty}/gone"\n', encoding="utf-8")
    return empty


@pytest.fixture
def url(server: tuple[Server, Path]) -> str:
    """The page's address."""
    return f"{server[0].url}/runs"


def test_without_a_run_the_page_says_what_one_is(open_page: OpenPage, url: str, empty: Path) -> None:
    page = open_page(url)
    settled(page)
    expect(page.get_by_text("A run asks one model every fact of a dataset")).to_be_visible()
    expect(page.get_by_text("There is no run yet")).to_be_visible()
    expect(page.get_by_text("the store holds no facts")).to_be_visible()
    page.get_by_text("Ask a model of your own").click()
    expect(page.get_by_text(f"{empty / ALLOWED} names")).to_be_visible()
    expect(page.get_by_text("[models]")).to_be_visible()
    expect(page.get_by_text("engine run --model FOLDER-OR-HUB-ID --dataset DATASET")).to_be_visible()
    expect(page.get_by_role("button", name="Start the run")).to_have_count(0)
    (empty / ALLOWED).write_text("[models", encoding="utf-8")
    page.reload()
    expect(page.get_by_text(f"{empty / ALLOWED} is not TOML")).to_be_visible()


def test_a_run_moves_stops_and_can_be_resumed(open_page: OpenPage, url: str, store: Path) -> None:
    with living(store) as process:
        page = open_page(url)
        settled(page)
        bar = page.get_by_role("progressbar", name="of 100000 answers")
        expect(bar).to_be_visible()
        expect(page.locator(".iso-run")).to_contain_text("20 answers/s")
        expect(page.get_by_role("button", name="Start the run")).to_be_disabled()
        page.get_by_text("The same from the command line").click()
        before = int(bar.get_attribute("value") or 0)
        page.wait_for_function("before => document.querySelector('progress').value > before + 20", arg=before)
        expect(page.get_by_test_id("stCode").first).to_be_visible()  # what was opened stays open while the bar moves
        page.get_by_role("button", name="Stop run").click()
        assert process.wait(20) == 0
    expect(page.get_by_text("Stopped: stopped on request")).to_be_visible()
    expect(page.get_by_text(re.compile(r"[\d,]+ of 100,000 answers are safe"))).to_be_visible()
    expect(page.get_by_text("python -m engine run --model m --dataset d")).to_be_visible()
    expect(page.get_by_text("may not be asked for from here")).to_be_visible()  # m is not on the list
    expect(page.get_by_role("button", name="Start the run")).to_be_enabled()


def test_a_run_that_was_killed_is_broken(open_page: OpenPage, url: str, store: Path) -> None:
    with living(store) as process:
        page = open_page(url)
        expect(page.get_by_role("button", name="Stop run")).to_be_visible()
        process.kill()
        process.wait()
        expect(page.get_by_text("Broken: the process ended without a word")).to_be_visible()
    expect(page.get_by_role("button", name="Stop run")).to_have_count(0)


def test_a_run_that_finishes_brings_its_figures(open_page: OpenPage, url: str, store: Path) -> None:
    with living(store) as process:
        page = open_page(url)
        expect(page.get_by_role("button", name="Stop run")).to_be_visible()
        (store / "finish").touch()
        assert process.wait(30) == 0
        row = page.locator(".iso-runs tbody tr")
        expect(row).to_have_count(1)
    expect(page.get_by_text("Nothing is running.")).to_be_visible()
    cells = [text.strip() for text in row.locator("td").all_inner_texts()]
    assert cells[:6] == [MODEL, "d", "letter", "plain@1", "12", "2"]  # two answers failed
    page.get_by_text("Settings: all that is needed to repeat it").click()
    expect(page.get_by_text('"dataset": "d"')).to_be_visible()
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).press("Enter")
    assert RUN_ID.encode() in Path(download.value.path()).read_bytes()
    page.get_by_role("link", name="Its language pairs").click()
    # English knows four facts, German two of them
    expect(page.get_by_text(f"{MODEL} knows 2 of 4 d in English that it does not know in Deutsch")).to_be_visible()
    expect(page).to_have_url(re.compile(f"/pairs.*model={MODEL}"))


def test_a_run_that_cannot_start_says_why(open_page: OpenPage, url: str, store: Path) -> None:
    page = open_page(f"{url}?run_languages=en,he&run_limit=2&run_orders=all")
    settled(page)
    page.get_by_text("Cloze", exact=True).click()
    expect(page).to_have_url(re.compile("run_probe=cloze"))
    page.get_by_text("The same from the command line").click()
    command = page.get_by_test_id("stCode").first
    expect(command).to_contain_text("--name gone --dataset d --languages en,he --probe cloze")
    expect(command).to_contain_text(f"--limit 2 --store {store} --no-embedded")
    expect(command).not_to_contain_text("--permute")  # cloze lists no options
    page.get_by_role("button", name="Start the run").click()
    expect(page.locator(".iso-run")).to_contain_text("gone · d · cloze")
    expect(page.get_by_text(f"Not started: {store}/gone: no such folder")).to_be_visible()
    expect(page.get_by_role("button", name="Start the run")).to_be_enabled()
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".iso-run")).to_have_count(0)


def test_a_stopped_run_is_resumed(open_page: OpenPage, url: str, store: Path) -> None:
    command = ("run", "--model", f"{store}/gone", "--dataset", "d", "--store", str(store), "--no-embedded")
    folder = put(store, state="stopped", reason="stopped on request", command=command)
    page = open_page(url)
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text(f"Not started: {store}/gone: no such folder")).to_be_visible()
    assert "no such folder" in folder.log.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def full(start_server: StartServer, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Runs in every state, with names that attack, beside the embedded figures; one progress file is damaged."""
    store = tmp_path_factory.mktemp("full")
    write_files(store, [facts(), *answers()])
    put(store, run_id="far", host="another-machine", model="far away")
    put(store, run_id="hostile", state="broken", model=NAME, dataset=NAME, reason=NAME, command=("run", NAME))
    folder = run_folder(store, "damaged")
    folder.path.mkdir()
    folder.progress.write_bytes(b"{")
    (store / ALLOWED).write_text("[models]\na = 'b'\n", encoding="utf-8")
    return start_server(stores=[PROJECT / "data", store])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_reads_well(open_page: OpenPage, full: Server, theme: str) -> None:
    page = open_page(f"{full.url}/runs", color_scheme=theme)
    settled(page)
    expect(page.locator(".iso-runs tbody tr").first).to_be_visible()
    expect_legible(page)


def test_names_stay_text_and_bad_files_are_named(open_page: OpenPage, full: Server) -> None:
    page = open_page(f"{full.url}/runs")
    settled(page)
    expect(page.get_by_text("work/damaged/progress.json is broken")).to_be_visible()
    expect(page.get_by_text(f"Broken: {NAME}")).to_be_visible()
    assert page.evaluate("window.hacked") is None
    expect(page.locator("img[src='x']")).to_have_count(0)


def test_a_link_that_names_nothing_is_answered(open_page: OpenPage, full: Server) -> None:
    said = {
        "run=nobody": "run in full “nobody”",
        "run_model=nobody": "model to ask “nobody”",
        "run_dataset=x": "facts to ask “x”",
        "run_limit=0": "number of facts “0”",
        "run_languages=en,qq": "languages to ask in “en,qq”",
    }
    page = open_page(f"{full.url}/runs?{'&'.join(said)}")
    for words in said.values():
        expect(page.get_by_text(words)).to_be_visible()
    settled(page)
