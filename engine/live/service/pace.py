"""How long a model takes for a question, alone and among others, and so how many it is asked at a time."""

from dataclasses import dataclass

ALONE_SECONDS = 0.25  # how long one probe is asked at a time: others get a turn, and the first bars come early
_MERGED_SECONDS = 0.5  # how long several are: the more of them, the less each takes
_ALONE_TIMES = 4  # a group may take as long as so many questions alone, else a slow model would never be asked several
_GUESS = 4  # so many times less a question takes among others, until that was seen
_FIRST = 8  # questions, before anything is known
_MOST = 512


@dataclass
class Pace:
    """Seconds per question, lately; None: not known yet."""

    alone: float | None = None
    merged: float | None = None

    def note(self, seconds: float, questions: int, *, merged: bool) -> None:
        """So many questions took so long; the latest counts as much as all before it."""
        now, before = seconds / questions, self.merged if merged else self.alone
        average = now if before is None else (before + now) / 2
        if merged:
            self.merged = average
        else:
            self.alone = average

    @property
    def group_seconds(self) -> float:
        """How long a group should take at most."""
        return max(_MERGED_SECONDS, _ALONE_TIMES * (self.alone or 0.0))

    def most(self, *, merged: bool) -> int:
        """How many questions the next group may have."""
        if not self.alone:
            return _FIRST
        if not merged:
            return _within(ALONE_SECONDS / self.alone)
        return _within(self.group_seconds / (self.merged or self.alone / _GUESS))

    def expected(self, questions: int, *, merged: bool) -> float | None:
        """How many seconds so many questions take."""
        pace = (self.merged or self.alone) if merged else self.alone
        return None if pace is None else questions * pace


def _within(questions: float) -> int:
    return min(max(int(questions), 1), _MOST)
