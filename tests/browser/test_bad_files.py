"""Files that are damaged, foreign or replaced while the server runs: the page names them, and the rest is right.

`open_page` fails a test for any error on the console.
"""

import itertools
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest
from playwright.sync_api import Page, expect

from engine.schema import SCHEMA_VERSION
from engine.store.manifest import MANIFEST
from engine.store.write import TableFile, write_files
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.server import Server
from tests.browser.waiting import settled
from tests.support.tables import Said, fact_rows, result_rows, rows_to_table, run_rows

GOLD = "ABCA"
LANGUAGES = ["de", "en", "he"]
GOOD = {"en": "ABCA", "de": "ABDB", "he": "BB?D"}  # right: en all, de 0 and 1, he 1
MODELS = ("good", "cut", "garbage", "unnamed")


def write_model(folder: Path, model: str, said: Said) -> Path:
    """Put one model's answers into a store; the file that holds them."""
    rows = {
        "facts": fact_rows("d", GOLD, LANGUAGES),
        "runs": [row for name in (*MODELS, "m") for row in run_rows(name)],
    }
    files = [TableFile(table, "all", rows_to_table(table, part)) for table, part in rows.items()]  # type: ignore[arg-type]
    answers = TableFile("results", model, rows_to_table("results", result_rows(model, "d", GOLD, said)))
    write_files(folder, [*files, answers])
    (path,) = (folder / "results").glob(f"{model}-*")
    return path


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Path]]:
    """A store with three bad files beside a good one, another that is newer than the server, and the bad files."""
    store, newer = tmp_path_factory.mktemp("damaged"), tmp_path_factory.mktemp("newer")
    paths = {model: write_model(store, model, GOOD) for model in MODELS}
    paths["cut"].write_bytes(paths["cut"].read_bytes()[:-100])
    paths["garbage"].write_bytes(bytes(range(256)) * (paths["garbage"].stat().st_size // 256 + 1))
    for folder, changes in ((store, {}), (newer, {"schema_version": SCHEMA_VERSION + 1})):
        manifest = orjson.loads((store / MANIFEST).read_bytes()) | changes
        manifest["files"] = [file for file in manifest["files"] if file["name"] != "unnamed"]
        (folder / MANIFEST).write_bytes(orjson.dumps(manifest))
    return store, newer, {model: paths[model] for model in MODELS[1:]}


@pytest.fixture(scope="module")
def server(start_server: StartServer, damaged: tuple[Path, Path, dict[str, Path]]) -> Server:
    return start_server(stores=list(damaged[:2]))


@pytest.mark.parametrize("path", ["", "overview", "facts", "methods"])
def test_a_page_names_the_bad_files(
    open_page: OpenPage, server: Server, damaged: tuple[Path, Path, dict[str, Path]], path: str
) -> None:
    _, newer, bad = damaged
    page = open_page(f"{server.url}/{path}")
    settled(page)
    reasons = {f"results/{file.name}": "manifest" for file in bad.values()}
    reasons[f"{newer.name}/{MANIFEST}"] = "was made by a newer version of Isogloss: update it"
    for name, reason in reasons.items():
        expect(page.get_by_text(name)).to_be_visible()
        expect(page.get_by_text(name)).to_contain_text(reason)


def test_the_other_models_figures_are_right(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"{server.url}/overview")
    settled(page)
    accuracies = {"English": 100, "Deutsch": 50, "עברית": 25}
    for name, share in accuracies.items():
        cell = page.locator(f'path[aria-label^="Model: good; Language: {name}; Accuracy: {share} %"]')
        expect(cell).to_have_count(1)
    for model in MODELS[1:]:
        expect(page.locator(f'path[aria-label^="Model: {model};"]')).to_have_count(0)
    page = open_page(f"{server.url}/pairs?model=good&cell=en.de")
    settled(page)
    # English knows four facts, German two of them
    expect(page.get_by_text("good knows 2 of 4 d in English that it does not know in Deutsch")).to_be_visible()
    expect(page.locator(".iso-card")).to_have_count(2)


# English knows all of the four facts, German none or two of them.
NONE, TWO = {"en": "ABCA", "de": "DDDD", "he": "DDDD"}, {"en": "ABCA", "de": "ABDD", "he": "DDDD"}


@pytest.fixture(scope="module")
def living(start_server: StartServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Server, Path]:
    """A server on a store of one model, to be written to."""
    store = tmp_path_factory.mktemp("living")
    write_model(store, "m", NONE)
    return start_server(stores=[store]), store


def facts_missed(page: Page) -> int:
    """How many facts the page says that English knows and German does not; it lists as many, and the cell says so."""
    settled(page)
    said = page.get_by_text("in English that it does not know in Deutsch").inner_text()
    number = int(re.search(r"m knows (\d) of 4 d in English", said)[1])
    expect(page.locator(".iso-card")).to_have_count(number)
    label = f"Right in the first only: {number}; Right in the second only: 0;"
    expect(
        page.locator(f'path[aria-label^="Right in: English; Compared with: Deutsch;"][aria-label*="{label}"]')
    ).to_have_count(1)
    return number


def test_new_results_are_shown_after_a_reload(open_page: OpenPage, living: tuple[Server, Path]) -> None:
    server, store = living
    write_model(store, "m", NONE)
    page = open_page(f"{server.url}/pairs?cell=en.de")
    assert facts_missed(page) == 4
    write_model(store, "m", TWO)
    page.reload()
    assert facts_missed(page) == 2
    # and a file that is damaged from now on is named, without its figures
    (file,) = (store / "results").iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    page.reload()
    expect(page.get_by_text(f"results/{file.name}")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to show yet")
    write_model(store, "m", NONE)
    page.reload()
    assert facts_missed(page) == 4


@contextmanager
def commits(store: Path) -> Iterator[list[int]]:
    """Commits old and new answers in turn, some ten times a second; the list grows by one with each commit."""
    stop, done = threading.Event(), list[int]()

    def write() -> None:
        for number, said in enumerate(itertools.cycle((TWO, NONE))):
            if stop.wait(0.05):
                return
            write_model(store, "m", said)
            done.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield done
    finally:
        stop.set()
        writer.join()


def test_a_writer_never_disturbs_its_readers(open_page: OpenPage, living: tuple[Server, Path]) -> None:
    server, store = living
    with commits(store) as done:
        pages = [open_page(f"{server.url}/pairs?cell=en.de") for _ in range(2)]
        for _ in range(2):
            before = len(done)
            for page in pages:  # both at once
                page.evaluate("window.before = true; setTimeout(() => location.reload())")
            for page in pages:
                page.wait_for_function("() => !window.before")
                assert facts_missed(page) in (2, 4)
            assert len(done) > before, "nothing was committed meanwhile: the test shows nothing"
    assert "Traceback" not in server.log.read_text(encoding="utf-8")
