"""The button of the live probe, on a page without a browser and with a service that is none."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import probe_client as live_service
from dashboard.app_pages.live.asking import progress as live_progress
from engine.live.protocol.messages import ProbeStatus
from tests.support.fake_probe_service import FACT, FakeService


def run_page() -> None:
    """A script of Streamlit's: all below the typing, for a fact that was typed."""
    from dashboard.app_pages.live.asking import panel as live_results
    from dashboard.app_pages.live.saved.link import follow_link
    from dashboard.app_pages.live.typing.draft import TypedFact
    from tests.support.fake_probe_service import FACT

    follow_link()
    live_results.results(TypedFact(FACT, "a fact", None))


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> FakeService:
    service = FakeService("m")
    service.saves = False
    monkeypatch.setenv("ISOGLOSS_STORE", str(tmp_path))
    monkeypatch.setattr(live_service, "client", lambda: service)
    return service


def html(app: AppTest) -> str:
    """All HTML on the page."""
    return "".join(str(element.proto.body) for element in app.get("html"))


def pressed(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    app.button(key="live-probe").click().run()
    assert not app.exception
    return app


@pytest.mark.slow
def test_a_press_fills_the_cards(service: FakeService) -> None:
    page = html(pressed(AppTest.from_function(run_page, default_timeout=30)))
    assert page.count("iso-live-card") == len(FACT.texts)
    assert service.loads == []


def test_a_worker_that_stopped_is_said_and_the_repeat_offered(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = "The probe worker stopped and is being restarted; nothing was saved, press Probe again."
    works = service.poll

    def stops(id: str, *, seen: int, wait: float) -> ProbeStatus:
        return service.probes[id].model_copy(update={"state": "failed", "note": stopped})

    monkeypatch.setattr(service, "poll", stops)
    app = pressed(AppTest.from_function(run_page, default_timeout=30))
    assert stopped in html(app)
    monkeypatch.setattr(service, "poll", works)
    service.saves = True
    app.button(key="live-probe-again").click().run()
    assert not app.exception
    assert stopped not in html(app)
    assert len(service.probes) == 2


def test_without_a_service_the_page_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("ISOGLOSS_STORE", str(tmp_path))
    app = AppTest.from_function(run_page, default_timeout=30).run()
    assert not app.exception
    assert "No model can be asked now: the probe service is not running." in html(app)
    assert f"{live_service.START_COMMAND} --store {tmp_path}" in [code.value for code in app.code]
    assert "None yet." in html(app)


def test_what_is_saved_late_is_shown_and_in_the_address_all_the_same(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_progress, "_AT_ONCE", 0.0)  # so slow that the page looks at it again and again
    app = pressed(AppTest.from_function(run_page, default_timeout=30))
    for _ in range(4):
        app.run()
        assert html(app).count("iso-live-card") == len(FACT.texts)
    assert "saved" not in app.query_params
    service.saves = True
    for _ in range(3):
        app.run()
        assert html(app).count("iso-live-card") == len(FACT.texts)
    assert app.query_params["saved"] == "live-0"
    assert any(button.key == "live-delete-asked" for button in app.button)


def test_the_first_picture_stands_while_the_rest_is_asked_and_a_cancel_ends_the_rest(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_progress, "_AT_ONCE", 0.0)
    service.states["n"] = "ready"
    service.seconds = {"letter": 2.0, "generation": 4.0}
    app = AppTest.from_function(run_page, default_timeout=30)
    app.query_params["live_with"], app.query_params["live_free"] = "n", "on"
    app.run()
    assert "About 25 s: 2 models, 2 ways of asking, 2 languages." in html(app)  # 2 · 2 · (2 + 4) = 24
    app = pressed(app)
    while "Both know it in 2 languages." not in html(app):
        assert {asking["probe"] for asking in service.asked} == {"letter"}
        app.run()
    assert "of 8 answers" in html(app)
    app.button(key="live-cancel").click().run()
    assert not app.exception
    asked = len(service.asked)
    app.run()
    assert all(status.state in ("done", "cancelled") for status in service.probes.values())
    assert len(service.asked) == asked <= 4
    assert "Both know it in 2 languages." in html(app)
