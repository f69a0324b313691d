"""How long asking will take, from paces that are made up."""

import pytest

from dashboard.app_pages.live.asking.estimate import Questions, about, expected_seconds
from dashboard.app_pages.live.asking.inquiry import InquiryWay, new_inquiry
from dashboard.app_pages.live.asking.progress import estimate, progress
from dashboard.probe_client import Service
from engine.live.protocol.messages import ModelState
from tests.support.fake_probe_service import FACT, FakeService

LETTER, FREE = {"probe": "letter", "template": "plain"}, {"probe": "generation"}
ORDERS = LETTER | {"permute": "cyclic"}


def model(name: str, **seconds: float) -> ModelState:
    """A model that takes so long for a question."""
    named = {probe.replace("_", " "): pace for probe, pace in seconds.items()}
    return ModelState(name=name, state="ready", reason=None, origin="folder", seconds=named)


def test_each_model_takes_its_own_time_for_each_probe() -> None:
    models = {"m": model("m", letter=0.25, generation=1.5), "n": model("n", letter=0.5)}
    questions = [Questions("m", LETTER, 10, 4), Questions("n", LETTER, 10, 4), Questions("m", FREE, 4, 4)]
    assert expected_seconds(questions, models) == 13.5  # 10 · .25 + 10 · .5 + 4 · 1.5


def test_every_order_has_a_pace_of_its_own_once_it_was_asked() -> None:
    every_order = [Questions("m", ORDERS, 10, 4)]
    assert expected_seconds(every_order, {"m": model("m", letter=0.25)}) == 10.0  # 10 · 4 · .25
    assert expected_seconds(every_order, {"m": model("m", letter=0.25, letter_cyclic=0.5)}) == 5.0  # 10 · .5


def test_nothing_is_guessed_where_a_pace_is_not_known() -> None:
    known = {"m": model("m", letter=0.25)}
    assert expected_seconds([Questions("m", LETTER, 10, 4), Questions("m", FREE, 10, 4)], known) is None
    assert expected_seconds([Questions("n", LETTER, 10, 4)], known) is None


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "about 1 s"), (7.4, "about 7 s"), (23.0, "about 25 s"), (84.0, "about 1 min 25 s")]
)
def test_a_guess_is_said_no_finer_than_it_is(seconds: float, said: str) -> None:
    assert about(seconds) == said


def test_before_the_press_it_is_said_how_long_and_of_what_and_afterwards_what_is_left() -> None:
    service = FakeService("m", "n", loaded=2)
    service.seconds = {"letter": 2.0, "generation": 4.0}
    ways = [InquiryWay("main", "as asked", LETTER), InquiryWay("free", "freely", FREE)]
    inquiry = new_inquiry("u", FACT, "t", models=("m", "n"), ways=ways)
    told = estimate(inquiry, Service(service, service.models()))  # type: ignore[arg-type]
    assert told == "About 25 s: 2 models, 2 ways of asking, 2 languages."  # 2 · 2 · (2 + 4) = 24
    inquiry.step(service)  # type: ignore[arg-type]
    assert "2 of 8 answers, about 20 s left. m is being asked." in progress(inquiry)  # 24 - 2 · 2
    inquiry.step(service)  # type: ignore[arg-type]
    inquiry.step(service)  # type: ignore[arg-type]
    inquiry.step(service)  # type: ignore[arg-type]
    assert "6 of 8 answers, about 8 s left. m is being asked: freely." in progress(inquiry)  # 2 · 4


def test_without_a_pace_the_progress_counts_all_the_same() -> None:
    service = FakeService("m")
    inquiry = new_inquiry("u", FACT, "t", models=("m",), ways=[InquiryWay("main", "as asked", LETTER)])
    assert estimate(inquiry, Service(service, service.models())) == ""  # type: ignore[arg-type]
    inquiry.step(service)  # type: ignore[arg-type]
    assert "1 of 2 answers. m is being asked." in progress(inquiry)
