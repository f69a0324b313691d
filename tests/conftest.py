"""What every test may ask for."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from engine.locations import PROJECT

SHARED = PROJECT.parent / "shared" / "data"


def _shared(folder: str, what: str) -> Path:
    """A folder beside the project; where it is absent the test is skipped, in CI it fails."""
    path = SHARED / folder
    if path.is_dir():
        return path
    message = f"{what} are not here: no folder ../shared/data/{folder} beside the project"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a folder is about is a marker of its tests."""
    tests = Path(__file__).parent
    for item in items:
        for folder, marker in (("browser", pytest.mark.browser), ("faults", pytest.mark.kills)):
            if item.path.is_relative_to(tests / folder):
                item.add_marker(marker)


@pytest.fixture(scope="session")
def clika_release() -> Path:
    """The part of the CLiKA release that the tests read; never written to."""
    return _shared("clika", "The answers of the CLiKA release")


@pytest.fixture(scope="session")
def published_csv() -> Path:
    """The figures computed from the whole CLiKA release, as CSV."""
    return _shared("published", "The published figures")


@pytest.fixture(autouse=True)
def fresh_caches(request: pytest.FixtureRequest) -> Iterator[None]:
    """Streamlit's caches belong to the whole process: a test begins and ends with none, unless its module says so."""
    caches = () if getattr(request.module, "KEEPS_CACHES", False) else (st.cache_data, st.cache_resource)
    for cache in caches:
        cache.clear()
    yield
    for cache in caches:
        cache.clear()


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """AppTest leaves the script that it ran behind as the main module, and a child process would run it again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def imported(clika_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the answers of the release's part, imported once."""
    from engine.importers.clika.importer import import_clika

    store = tmp_path_factory.mktemp("imported")
    import_clika(str(clika_release), store)
    return store
