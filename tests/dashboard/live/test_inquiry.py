"""What a visitor asked: from the button to the last answer, with a service that is none."""

import pytest

from dashboard.app_pages.live.asking.inquiry import AT_A_TIME, Inquiry, InquiryWay, new_inquiry
from engine.live.protocol.messages import ProbeStatus
from tests.support.fake_probe_service import FACT, FakeService, refusal

MAIN, FREE = InquiryWay("main", "as above", {"probe": "cloze"}), InquiryWay("free", "freely", {"probe": "generation"})


def run(service: FakeService, current: Inquiry, *, steps: int = 200) -> Inquiry:
    clock = iter(range(10_000))
    for _ in range(steps):
        if current.is_settled:
            return current
        current.step(service, now=lambda: float(next(clock)))  # type: ignore[arg-type]
    raise AssertionError(f"not settled after {steps} steps: {current.parts}")


def ask(*ways: InquiryWay, models: tuple[str, ...] = ("m",)) -> Inquiry:
    return new_inquiry("u", FACT, "t", models=models, ways=ways)


def test_a_loaded_model_is_asked_in_every_way_and_all_is_saved() -> None:
    service = FakeService("m")
    current = run(service, ask(MAIN, FREE))
    assert [part.state for part in current.parts] == ["done", "done"]
    assert [set(part.status.languages) for part in current.parts if part.status is not None] == [{"en", "de"}] * 2
    assert [asking["probe"] for asking in service.asked] == ["cloze", "generation"]
    assert current.saved_ids == ("live-0", "live-1")
    assert service.loads == []


def test_languages_come_one_after_the_other() -> None:
    service, current = FakeService("m"), ask(MAIN)
    counts = []
    for _ in range(3):
        current.step(service)  # type: ignore[arg-type]
        status = current.parts[0].status
        counts.append(len(status.languages) if status is not None else 0)
    assert counts == [1, 2, 2]
    assert current.is_over and not current.is_settled  # it is still being saved
    assert current.saved_ids == ()


def test_a_model_that_is_not_there_is_loaded_first() -> None:
    service = FakeService()
    current = run(service, ask(MAIN))
    assert service.loads == ["m"]
    assert current.parts[0].state == "done"


def test_two_models_are_asked_where_one_can_be_loaded_the_ready_one_first() -> None:
    service = FakeService("n")
    current = run(service, ask(MAIN, models=("m", "n")))
    assert [part.state for part in current.parts] == ["done", "done"]
    assert [status.model for status in service.probes.values()] == ["n", "m"]
    assert service.loads == ["m"]


def test_a_model_that_cannot_be_loaded_fails_with_its_reason_and_the_other_one_answers() -> None:
    service = FakeService("m")
    service.broken.add("n")
    current = run(service, ask(MAIN, models=("m", "n")))
    assert [part.state for part in current.parts] == ["done", "failed"]
    assert current.parts[1].note == "n cannot be loaded: its folder is empty"
    assert current.saved_ids == ("live-0",)


def test_a_model_that_failed_before_is_tried_once_more() -> None:
    service = FakeService()
    service.states["m"] = "failed"
    current = run(service, ask(MAIN))
    assert (service.loads, current.parts[0].state) == (["m"], "done")


def test_a_model_that_may_not_be_asked_fails() -> None:
    current = run(FakeService("m"), ask(MAIN, models=("gone",)))
    assert current.parts[0].note == "gone cannot be loaded: it may not be asked here"


@pytest.mark.parametrize("ready", [("m", "n"), ("m",), ()])
def test_what_is_beside_the_plain_answers_waits_for_those_of_all_models(ready: tuple[str, ...]) -> None:
    service, current = FakeService(*ready, loaded=2), ask(MAIN, FREE, models=("m", "n"))
    while not current.has_picture:
        current.step(service)  # type: ignore[arg-type]
        assert {asking["probe"] for asking in service.asked} <= {"cloze"}
    assert [status.state for status in service.probes.values()] == ["done", "done"]
    run(service, current)
    assert [status.model for status in service.probes.values()] == ["m", "n", "m", "n"]
    assert [asking["probe"] for asking in service.asked] == ["cloze", "cloze", "generation", "generation"]


def test_a_model_that_gives_no_plain_answer_does_not_hold_up_the_rest() -> None:
    service = FakeService("m")
    service.broken.add("n")
    current = run(service, ask(MAIN, FREE, models=("m", "n")))
    assert [part.state for part in current.parts] == ["done", "failed", "done", "failed"]


def test_after_a_cancel_nothing_more_is_asked() -> None:
    service, current = FakeService("m"), ask(MAIN, FREE)
    current.step(service)  # type: ignore[arg-type]
    current.cancel(service)  # type: ignore[arg-type]
    for _ in range(5):
        current.step(service)  # type: ignore[arg-type]
    assert current.is_settled
    assert [asking["probe"] for asking in service.asked] == ["cloze"]


def test_no_more_than_some_are_under_way_at_a_time() -> None:
    ways = [InquiryWay("other", str(number), {"probe": "cloze"}) for number in range(15)]
    service = FakeService("m")
    current = run(service, ask(*ways))
    assert len(service.probes) == 15
    assert service.most_under_way == AT_A_TIME
    assert len(set(current.saved_ids)) == 15


def test_own_probes_in_the_queue_are_waited_for() -> None:
    service = FakeService("m", places=1)
    current = run(service, ask(MAIN, FREE))
    assert [part.state for part in current.parts] == ["done", "done"]
    assert service.most_under_way == 1


def test_a_queue_that_others_fill_refuses_with_its_own_sentence() -> None:
    current = run(FakeService("m", places=0), ask(MAIN))
    assert (current.parts[0].state, current.parts[0].note) == ("failed", "full")


def test_what_is_cancelled_ends_whether_it_was_taken_or_not() -> None:
    service = FakeService("m", places=1)
    current = ask(MAIN, FREE)
    current.step(service)  # type: ignore[arg-type]
    current.cancel(service)  # type: ignore[arg-type]
    assert [part.state for part in current.parts] == ["cancelled", "failed"]
    assert [part.note for part in current.parts] == ["Cancelled.", "Cancelled."]
    assert current.is_settled


def test_what_the_service_forgot_fails() -> None:
    service, current = FakeService("m"), ask(MAIN)
    current.step(service)  # type: ignore[arg-type]

    def forgotten(id: str, *, seen: int, wait: float) -> ProbeStatus:
        raise refusal("there is no such probe any more; press Probe again", 404)

    service.poll = forgotten  # type: ignore[method-assign]
    current.step(service)  # type: ignore[arg-type]
    assert current.is_settled
    assert current.parts[0].note == "there is no such probe any more; press Probe again"


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_a_service_that_is_gone_ends_what_is_under_way_and_leaves_what_came(steps: int) -> None:
    service, current = FakeService("m"), ask(MAIN)
    for _ in range(steps):
        current.step(service)  # type: ignore[arg-type]
    before = current.parts[0].status
    current.give_up("it cannot be reached")
    assert current.is_settled
    assert current.parts[0].note == "it cannot be reached"
    assert current.parts[0].status == before
