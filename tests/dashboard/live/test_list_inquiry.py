"""A list of facts, asked one after another of a service that is none: all of it, cancelled, or not at all."""

from collections.abc import Callable

from dashboard.app_pages.live.asking.inquiry import InquiryWay, new_inquiry
from dashboard.app_pages.live.asking.list_inquiry import AT_A_TIME, ListInquiry
from tests.support.fake_probe_service import FACT, FakeService

MAIN, FREE = InquiryWay("main", "as asked", {"probe": "cloze"}), InquiryWay("free", "freely", {"probe": "generation"})


def ask(n: int, *ways: InquiryWay, dataset: str = "mine") -> ListInquiry:
    facts = [new_inquiry("u", FACT, f"fact {number}", models=("m",), ways=ways or (MAIN,)) for number in range(n)]
    return ListInquiry(facts, dataset)


def run(service: FakeService, current: ListInquiry, *, until: Callable[[], bool] = lambda: False) -> ListInquiry:
    for _ in range(500):
        if current.is_over or until():
            return current
        current.step(service)  # type: ignore[arg-type]
    raise AssertionError("it does not end")


def test_every_fact_is_asked_a_few_at_a_time_and_all_become_one_dataset() -> None:
    service = FakeService("m")
    current = run(service, ask(5))
    assert service.most_under_way == AT_A_TIME and len(service.asked) == 5
    assert service.promoted == [[f"live-{number}" for number in range(5)]]
    assert current.promoted is not None and current.promoted.answers == 10  # five facts in two languages
    assert current.n_done == 5 and current.not_asked == []


def test_each_fact_is_asked_in_every_way_that_was_chosen() -> None:
    service = FakeService("m")
    current = run(service, ask(2, MAIN, FREE))
    assert [asking["probe"] for asking in service.asked].count("generation") == 2
    assert len(current.saved_ids) == 4


def test_cancelled_halfway_what_was_asked_is_there_and_what_was_not_is_told() -> None:
    service, current = FakeService("m"), ask(6)
    run(service, current, until=lambda: current.n_done >= 2)
    current.cancel(service)  # type: ignore[arg-type]
    run(service, current)
    kept = [inquiry.title for inquiry in current.inquiries if inquiry.saved_ids]
    left = [inquiry.title for inquiry in current.not_asked]
    assert len(kept) >= 2 and left and sorted(kept + left) == [f"fact {number}" for number in range(6)]
    assert service.promoted == [current.saved_ids]
    assert current.promoted is not None and current.promoted.facts == len(kept)


def test_a_list_of_which_nothing_was_asked_makes_no_dataset() -> None:
    service, current = FakeService("m"), ask(3)
    current.cancel(service)  # type: ignore[arg-type]
    assert run(service, current).is_over
    assert (service.promoted, current.promoted, len(current.not_asked)) == ([], None, 3)


def test_a_model_that_cannot_be_loaded_is_tried_once_for_the_whole_list() -> None:
    service = FakeService()
    service.broken = {"m"}
    current = run(service, ask(4))
    assert service.loads == ["m"] and len(current.not_asked) == 4
    assert all("its folder is empty" in str(inquiry.parts[0].note) for inquiry in current.not_asked)


def test_a_dataset_that_cannot_be_made_is_told_and_can_be_tried_again() -> None:
    service = FakeService("m")
    service.taken = {"mine"}
    current = run(service, ask(2))
    assert current.is_over and current.problem is not None and "is taken" in current.problem
    service.taken = set()
    current.try_again()
    assert run(service, current).promoted is not None
