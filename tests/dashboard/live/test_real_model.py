"""The live probe offers a real model where none is here: with its terms, and no longer once it is here."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import probe_client as live_service
from dashboard.app_pages.live.asking.settings import REAL
from dashboard.model_catalogue.started_downloads import started_downloads
from dashboard.server.visitor_rights import FETCH_VARIABLE
from engine.model_catalogue.catalogue import find_in_catalogue
from engine.model_catalogue.place import ModelPlace
from tests.dashboard.live.test_press import html, run_page
from tests.support.fake_probe_service import FakeService

OFFER = "Ask a real model:"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeService:
    service = FakeService("m")
    started_downloads.clear()
    monkeypatch.setenv("ISOGLOSS_STORE", str(tmp_path))
    monkeypatch.setenv(FETCH_VARIABLE, "on")
    monkeypatch.delenv(live_service.SERVICE_VARIABLE, raising=False)
    monkeypatch.setattr(live_service, "client", lambda: service)
    return service


def labels(app: AppTest) -> dict[str, bool]:
    """The buttons, and whether each is disabled."""
    assert not app.exception
    return {button.label: button.disabled for button in app.button}


def test_a_real_model_is_offered_until_it_is_here(service: FakeService, tmp_path: Path) -> None:
    app = AppTest.from_function(run_page, default_timeout=30).run()
    assert OFFER in html(app)
    assert labels(app)["Get Gemma 3 270M (253 MB)"] is True
    (tick,) = [one for one in app.checkbox if "Gemma Terms of Use" in one.label]
    tick.check().run()
    assert labels(app)["Get Gemma 3 270M (253 MB)"] is False

    place = ModelPlace(find_in_catalogue(REAL), tmp_path)
    place.folder.mkdir(parents=True)
    place.target.write_bytes(b"GGUF")
    service.states[REAL] = "unloaded"
    app.run()
    assert OFFER not in html(app)
    assert REAL in app.selectbox(key="live_model").options


def test_what_is_got_for_another_store_than_the_services_is_not_offered(
    service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(live_service.SERVICE_VARIABLE, str(tmp_path / "elsewhere" / "live.json"))
    app = AppTest.from_function(run_page, default_timeout=30).run()
    assert not app.exception
    assert OFFER not in html(app)


def test_a_visitor_from_elsewhere_reads_the_command(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FETCH_VARIABLE, "off")
    app = AppTest.from_function(run_page, default_timeout=30).run()
    assert f"engine models get {REAL} --accept-terms" in html(app)
    assert not any("Gemma" in label for label in labels(app))
