"""Who is asked next: round robin by user, with a cap per user and in all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest

from engine.facts.question import Question
from engine.live.refusals import QueueFull
from engine.live.service.live_probe import Probing
from engine.probes.probe import Probe

PER_USER = 8
IN_ALL = 64


@dataclass(frozen=True)
class Group:
    """What the worker is asked next: questions of one or several probes that share everything but the fact."""

    probe: Probe
    parts: tuple[tuple[Probing, tuple[Question, ...]], ...]

    @property
    def is_merged(self) -> bool:
        """Whether it holds several probes."""
        return len(self.parts) > 1

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions."""
        return tuple(question for _, questions in self.parts for question in questions)


class FairQueue:
    """The probes that are not over, in the order of their users' turns."""

    def __init__(self, *, per_user: int = PER_USER, in_all: int = IN_ALL) -> None:
        self._per_user, self._in_all = per_user, in_all
        self._users: dict[str, list[Probing]] = {}  # the first user has the next turn

    def __len__(self) -> int:
        return sum(map(len, self._users.values()))

    def __iter__(self) -> Iterator[Probing]:
        return iter([probing for probings in self._users.values() for probing in probings])

    def check(self, user: str, *, wait: float) -> None:
        """Raises QueueFull when the user may not add one now; `wait`: the seconds until what is here is done."""
        here = len(self)
        if here >= self._in_all:
            raise QueueFull(f"{here} probes are waiting already; try again in about {_seconds(wait)}", wait)
        own = len(self._users.get(user, ()))
        if own >= self._per_user:
            share = wait * own / here
            raise QueueFull(f"{own} probes of yours are under way; wait for one of them, or cancel it", share)

    def add(self, probing: Probing) -> None:
        """A new user's turn comes last."""
        self._users.setdefault(probing.user, []).append(probing)

    def drop_over(self) -> list[Probing]:
        """Those that are over give up their places."""
        over = [probing for probing in self if probing.is_over]
        for probing in over:
            self._users[probing.user].remove(probing)
        self._users = {user: probings for user, probings in self._users.items() if probings}
        return over

    def left(self, model: str) -> tuple[int, int]:
        """How many probes wait for a model, and how many questions of theirs."""
        return _counted(probing for probing in self if probing.model == model)

    def position(self, wanted: Probing) -> int:
        """How many probes are asked before this one, about."""
        return len(self._before(wanted))

    def until(self, wanted: Probing) -> tuple[int, int]:
        """How many probes are over when this one is, itself included, about, and how many questions of theirs."""
        return _counted([*self._before(wanted), wanted])

    def take(self, model: str, *, alone: int, merged: int) -> Group | None:
        """The next group for a model: up to `alone` questions of one probe, or up to `merged` of several; None:
        nothing waits.

        Turn by turn a user's next probe gives what is left of it. Who had a turn comes last, but for the last one, if
        there was room for a part of it only: it goes on from there.
        """
        probings = self._next(model)
        if not probings:
            return None
        first, room = probings[0], merged
        parts: list[tuple[Probing, tuple[Question, ...]]] = []
        for probing in probings:
            if room > 0:
                parts.append((probing, tuple(probing.left[:room])))
                room -= len(parts[-1][1])
        if len(parts) == 1:
            parts = [(first, tuple(first.left[:alone]))]
        whole = (probing for probing, questions in parts if len(questions) == len(probing.left))
        for user in dict.fromkeys(probing.user for probing in chain([first], whole)):
            self._users[user] = self._users.pop(user)
        return Group(first.probe, tuple(parts))

    def _next(self, model: str) -> list[Probing]:
        """The next probe, and those that may be asked with it: everybody's first, everybody's second, …"""
        waiting = [
            [p for p in probings if p.model == model and p.is_counted and p.left and not p.is_over]
            for probings in self._users.values()
        ]
        first = next(chain.from_iterable(waiting), None)
        if first is None or first.alone:
            return [first] if first else []
        fitting = [[p for p in probings if not p.alone and p.probe == first.probe] for probings in waiting]
        return [probing for turn in zip_longest(*fitting) for probing in turn if probing is not None]

    def _before(self, wanted: Probing) -> list[Probing]:
        """A user's n-th probe comes with everybody's n-th."""
        turns = [(turn, p) for ps in self._users.values() for turn, p in enumerate(ps) if p.model == wanted.model]
        turns.sort(key=lambda one: one[0])
        order = [probing for _, probing in turns]
        return order[: order.index(wanted)] if wanted in order else []


def _counted(probings: Iterable[Probing]) -> tuple[int, int]:
    left = [len(probing.left) for probing in probings]
    return len(left), sum(left)


def _seconds(wait: float) -> str:
    return f"{max(round(wait), 1)} s"
