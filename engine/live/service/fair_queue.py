"""Who is asked next: round robin by user, with a cap per user and in all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest

from engine.facts.question import Question
from engine.live.refusals import QueueFull
from engine.live.service.live_probe import LiveProbe
from engine.probes.probe import Probe

PER_USER = 8
IN_ALL = 64


@dataclass(frozen=True)
class Group:
    """What the worker is asked next: questions of one or several probes that share everything but the fact."""

    probe: Probe
    parts: tuple[tuple[LiveProbe, tuple[Question, ...]], ...]

    @property
    def is_merged(self) -> bool:
        """True when it holds several probes."""
        return len(self.parts) > 1

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of all parts, in their order."""
        return tuple(question for _, questions in self.parts for question in questions)


class FairQueue:
    """The probes that are not over, in the order of their users' turns."""

    def __init__(self, *, per_user: int = PER_USER, in_all: int = IN_ALL) -> None:
        self._per_user, self._in_all = per_user, in_all
        self._users: dict[str, list[LiveProbe]] = {}  # the first user has the next turn

    def __len__(self) -> int:
        return sum(map(len, self._users.values()))

    def __iter__(self) -> Iterator[LiveProbe]:
        return iter([live_probe for live_probes in self._users.values() for live_probe in live_probes])

    def check(self, user: str, *, wait: float) -> None:
        """Raises QueueFull when the user may not add one now; `wait`: the seconds until what is here is done."""
        here = len(self)
        if here >= self._in_all:
            raise QueueFull(f"{here} probes are waiting already; try again in about {_seconds(wait)}", wait)
        own = len(self._users.get(user, ()))
        if own >= self._per_user:
            share = wait * own / here
            raise QueueFull(f"{own} probes of yours are under way; wait for one of them, or cancel it", share)

    def add(self, live_probe: LiveProbe) -> None:
        """Add a probe; a new user's turn comes last."""
        self._users.setdefault(live_probe.user, []).append(live_probe)

    def drop_over(self) -> list[LiveProbe]:
        """Take out the probes that are over, and return them."""
        over = [live_probe for live_probe in self if live_probe.is_over]
        for live_probe in over:
            self._users[live_probe.user].remove(live_probe)
        self._users = {user: live_probes for user, live_probes in self._users.items() if live_probes}
        return over

    def left(self, model: str) -> tuple[int, int]:
        """How many probes wait for a model, and how many questions of theirs."""
        return _counted(live_probe for live_probe in self if live_probe.model == model)

    def position(self, wanted: LiveProbe) -> int:
        """How many probes are asked before this one, about."""
        return len(self._before(wanted))

    def until(self, wanted: LiveProbe) -> tuple[int, int]:
        """How many probes are over when this one is, itself included, about, and how many questions of theirs."""
        return _counted([*self._before(wanted), wanted])

    def take(self, model: str, *, alone: int, merged: int) -> Group | None:
        """The next group for a model: up to `alone` questions of one probe, or up to `merged` of several; None:
        nothing waits.

        Turn by turn a user's next probe gives what is left of it. Who had a turn comes last, but for the last one, if
        there was room for a part of it only: it goes on from there.
        """
        live_probes = self.next_together(model)
        if not live_probes:
            return None
        first, room = live_probes[0], merged
        parts: list[tuple[LiveProbe, tuple[Question, ...]]] = []
        for live_probe in live_probes:
            if room > 0:
                parts.append((live_probe, tuple(live_probe.left[:room])))
                room -= len(parts[-1][1])
        if len(parts) == 1:
            parts = [(first, tuple(first.left[:alone]))]
        whole = (live_probe for live_probe, questions in parts if len(questions) == len(live_probe.left))
        for user in dict.fromkeys(live_probe.user for live_probe in chain([first], whole)):
            self._users[user] = self._users.pop(user)
        return Group(first.probe, tuple(parts))

    def next_together(self, model: str) -> list[LiveProbe]:
        """The next probe, and those that may be asked with it: everybody's first, everybody's second, …"""
        waiting = [
            [p for p in live_probes if p.model == model and p.is_counted and p.left and not p.is_over]
            for live_probes in self._users.values()
        ]
        first = next(chain.from_iterable(waiting), None)
        if first is None or first.alone:
            return [first] if first else []
        fitting = [[p for p in live_probes if not p.alone and p.probe == first.probe] for live_probes in waiting]
        return [live_probe for turn in zip_longest(*fitting) for live_probe in turn if live_probe is not None]

    def _before(self, wanted: LiveProbe) -> list[LiveProbe]:
        """A user's n-th probe comes with everybody's n-th."""
        turns = [(turn, p) for ps in self._users.values() for turn, p in enumerate(ps) if p.model == wanted.model]
        turns.sort(key=lambda one: one[0])
        order = [live_probe for _, live_probe in turns]
        return order[: order.index(wanted)] if wanted in order else []


def _counted(live_probes: Iterable[LiveProbe]) -> tuple[int, int]:
    left = [len(live_probe.left) for live_probe in live_probes]
    return len(left), sum(left)


def _seconds(wait: float) -> str:
    return f"{max(round(wait), 1)} s"
