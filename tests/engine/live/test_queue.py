"""Who is asked next: round robin by user, caps, and which probes are asked together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.facts.question import Question
from engine.live.protocol.settings import ProbeSettings, probe_of
from engine.live.refusals import QueueFull
from engine.live.service.fair_queue import FairQueue
from engine.live.service.live_probe import LiveProbe
from engine.probes.answer import Answer
from engine.probes.probe import Probe

LETTER, CLOZE = probe_of(ProbeSettings()), probe_of(ProbeSettings(probe="cloze"))


def _live_probe(
    user: str, languages: int = 3, *, model: str = "m", probe: Probe = LETTER, alone: bool = False
) -> LiveProbe:
    tags = ("en", "de", "he", "fr", "es", "ru")[:languages]
    questions = tuple(Question("live", user, tag, "?", ("a", "b"), (0,)) for tag in tags)
    return LiveProbe(user, model, probe, questions, is_counted=True, alone=alone)


def _queue(*live_probes: LiveProbe, **caps: int) -> FairQueue:
    queue = FairQueue(**caps)
    for live_probe in live_probes:
        queue.add(live_probe)
    return queue


def _taken(queue: FairQueue, most: int) -> list[tuple[str, int]]:
    group = queue.take("m", alone=most, merged=most)
    return [] if group is None else [(live_probe.user, len(questions)) for live_probe, questions in group.parts]


def _answer(queue: FairQueue, most: int) -> None:
    group = queue.take("m", alone=most, merged=most)
    assert group is not None
    for live_probe, questions in group.parts:
        live_probe.deliver([Answer(question, "letter", "plain@1") for question in questions])
    queue.drop_over()


def test_probes_of_several_users_are_asked_together_as_far_as_there_is_room() -> None:
    queue = _queue(_live_probe("a"), _live_probe("a"), _live_probe("b"), _live_probe("c"))
    assert _taken(queue, 7) == [("a", 3), ("b", 3), ("c", 1)]


def test_a_users_second_probe_comes_with_everybodys_second() -> None:
    queue = _queue(_live_probe("a"), _live_probe("a", 2), _live_probe("b", 1), _live_probe("b", 4))
    assert _taken(queue, 99) == [("a", 3), ("b", 1), ("a", 2), ("b", 4)]


def test_one_probe_alone_has_a_limit_of_its_own() -> None:
    group = _queue(_live_probe("a", 6)).take("m", alone=2, merged=99)
    assert group is not None
    assert ([len(questions) for _, questions in group.parts], group.is_merged) == ([2], False)
    group = _queue(_live_probe("a", 6), _live_probe("b", 6)).take("m", alone=2, merged=99)
    assert group is not None
    assert ([len(questions) for _, questions in group.parts], group.is_merged) == ([6, 6], True)


def test_who_had_a_turn_comes_last() -> None:
    queue = _queue(_live_probe("a", 6), _live_probe("b", 6), _live_probe("c", 6))
    assert [_taken(queue, 2) for _ in range(4)] == [[("a", 2)], [("b", 2)], [("c", 2)], [("a", 2)]]


def test_who_had_a_part_of_a_turn_goes_on_from_there() -> None:
    queue = _queue(_live_probe("a"), _live_probe("b"), _live_probe("c"))
    for turns in ([("a", 3), ("b", 1)], [("b", 2), ("c", 2)], [("c", 1)]):
        group = queue.take("m", alone=4, merged=4)
        assert group is not None
        assert [(live_probe.user, len(questions)) for live_probe, questions in group.parts] == turns
        for live_probe, questions in group.parts:
            live_probe.deliver([Answer(question, "letter", "plain@1") for question in questions])
        queue.drop_over()


def test_a_greedy_user_waits_for_the_others() -> None:
    queue = _queue(*(_live_probe("greedy") for _ in range(4)), _live_probe("late"))
    _answer(queue, 3)
    assert _taken(queue, 3) == [("late", 3)]


@pytest.mark.parametrize(
    "other",
    [_live_probe("b", probe=CLOZE), _live_probe("b", model="n"), _live_probe("b", alone=True)],
    ids=["another probe", "another model", "alone"],
)
def test_only_what_shares_everything_is_asked_together(other: LiveProbe) -> None:
    assert _taken(_queue(_live_probe("a"), other), 9) == [("a", 3)]


def test_a_probe_that_is_asked_alone_is() -> None:
    assert _taken(_queue(_live_probe("a", alone=True), _live_probe("b")), 9) == [("a", 3)]


def test_what_is_not_counted_yet_waits() -> None:
    live_probe = _live_probe("a")
    live_probe.is_counted = False
    assert _taken(_queue(live_probe), 9) == []


def test_caps() -> None:
    queue = _queue(_live_probe("a"), _live_probe("a"), _live_probe("b"), per_user=2, in_all=4)
    queue.check("b", wait=10.0)
    with pytest.raises(QueueFull, match="2 probes of yours are under way") as refused:
        queue.check("a", wait=12.0)
    assert refused.value.seconds == pytest.approx(8.0)  # 2 of 3 probes: 12 s · 2 / 3
    queue.add(_live_probe("b"))
    with pytest.raises(QueueFull, match="4 probes are waiting already; try again in about 12 s") as refused:
        queue.check("c", wait=12.0)
    assert refused.value.seconds == 12.0


def test_what_is_over_gives_up_its_place() -> None:
    live_probe = _live_probe("a")
    queue = _queue(live_probe, per_user=1)
    live_probe.cancel("gone")
    assert queue.drop_over() == [live_probe]
    queue.check("a", wait=0.0)
    assert (len(queue), _taken(queue, 9)) == (0, [])


def test_the_position_counts_rounds() -> None:
    a1, a2, b1 = _live_probe("a"), _live_probe("a"), _live_probe("b")
    queue = _queue(a1, a2, b1, _live_probe("c", model="n"))
    assert [queue.position(live_probe) for live_probe in (a1, b1, a2)] == [0, 1, 2]
    assert [queue.until(live_probe) for live_probe in (a1, b1, a2)] == [(1, 3), (2, 6), (3, 9)]
    assert (queue.left("m"), queue.left("n"), queue.left("none")) == ((3, 9), (1, 3), (0, 0))


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(1, 6)), min_size=1, max_size=12), st.integers(1, 9))
def test_all_is_asked_once_and_nobody_waits_more_than_a_round(wanted: list[tuple[str, int]], most: int) -> None:
    live_probes = [_live_probe(user, languages) for user, languages in wanted]
    queue = _queue(*live_probes, per_user=99)
    since_turn = dict.fromkeys({user for user, _ in wanted}, 0)
    asked = 0
    while turns := _taken_and_answered(queue, most):
        asked += sum(turns.values())
        assert sum(turns.values()) <= most
        waiting = {live_probe.user for live_probe in live_probes if not live_probe.is_over}
        since_turn = {user: 0 if user in turns else n + 1 for user, n in since_turn.items()}
        assert all(since_turn[user] < len(since_turn) for user in waiting)
    assert asked == sum(languages for _, languages in wanted)
    assert all(live_probe.state == "done" for live_probe in live_probes)


def _taken_and_answered(queue: FairQueue, most: int) -> dict[str, int]:
    group = queue.take("m", alone=most, merged=most)
    if group is None:
        return {}
    for live_probe, questions in group.parts:
        assert set(questions) <= set(live_probe.left)
        live_probe.deliver([Answer(question, "letter", "plain@1") for question in questions])
    queue.drop_over()
    turns: dict[str, int] = {}
    for live_probe, questions in group.parts:
        turns[live_probe.user] = turns.get(live_probe.user, 0) + len(questions)
    return turns
