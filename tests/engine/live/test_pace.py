"""How many questions a model is asked at a time, by how long it took lately."""

import pytest

from engine.live.service.pace import ALONE_SECONDS, Pace


def test_before_anything_is_known_few_are_asked() -> None:
    assert Pace().most(merged=False) == Pace().most(merged=True) <= 10
    assert Pace().expected(5, merged=True) is None


def test_a_quick_model_is_asked_for_so_long() -> None:
    pace = Pace()
    pace.note(0.1, 10, merged=False)
    assert pace.most(merged=False) == 25  # .25 s / .01 s
    assert pace.most(merged=True) == 200  # a guess: .5 s / (.01 s / 4)
    pace.note(0.2, 100, merged=True)
    assert pace.most(merged=True) == 250  # .5 s / .002 s
    assert pace.most(merged=False) == 25


def test_a_slow_model_is_asked_several_all_the_same() -> None:
    """One question of it takes longer than a group should; several at once may take less each."""
    pace = Pace(alone=2.0)
    assert pace.most(merged=False) == 1
    assert pace.most(merged=True) == 16  # 4 · 2 s, at a guess of .5 s each
    pace.note(8.0, 16, merged=True)
    assert pace.most(merged=True) == 16  # 8 s / .5 s
    pace.note(40.0, 16, merged=True)
    assert pace.most(merged=True) == 5  # 8 s / 1.5 s; (.5 + 2.5) / 2 = 1.5


def test_the_latest_counts_as_much_as_all_before() -> None:
    pace = Pace()
    for seconds in (4.0, 2.0, 1.0):
        pace.note(seconds, 1, merged=False)
    assert pace.alone == 2.0  # ((4 + 2) / 2 + 1) / 2


def test_what_is_expected() -> None:
    assert Pace(alone=0.5).expected(4, merged=True) == 2.0  # before it was asked several at once
    assert Pace(alone=0.5, merged=0.1).expected(4, merged=True) == pytest.approx(0.4)
    assert Pace(alone=0.5, merged=0.1).expected(4, merged=False) == 2.0


def test_never_none_and_never_all() -> None:
    assert Pace(alone=100 * ALONE_SECONDS, merged=1000 * ALONE_SECONDS).most(merged=True) == 1
    assert Pace(alone=1e-9).most(merged=False) == 512
