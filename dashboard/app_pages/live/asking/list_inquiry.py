"""A list of facts under way: asked one after another, and copied into a dataset when it is over or was cancelled."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.app_pages.live.asking.inquiry import Inquiry
from engine.errors import IsoglossError
from engine.live.client import LiveClient
from engine.live.protocol.messages import Promoted

AT_A_TIME = 2  # facts under way: one is asked while the next one is on its way


@dataclass
class ListInquiry:
    """The inquiries of a list of facts, and the dataset that they become."""

    inquiries: Sequence[Inquiry]
    dataset: str
    promoted: Promoted | None = None
    problem: str | None = None  # why it could not be made a dataset
    is_cancelled: bool = False
    _tried: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for inquiry in self.inquiries:  # a model that cannot be loaded is not tried anew for each fact
            inquiry.tried = self._tried

    @property
    def n_done(self) -> int:
        """How many facts nothing more will be heard of."""
        return sum(inquiry.is_settled for inquiry in self.inquiries)

    @property
    def saved_ids(self) -> list[str]:
        """The probes that are kept, in the order of the list."""
        return list(dict.fromkeys(id for inquiry in self.inquiries for id in inquiry.saved_ids))

    @property
    def not_asked(self) -> list[Inquiry]:
        """The facts that were not asked of every model to the end."""
        return [inquiry for inquiry in self.inquiries if inquiry.is_settled and not self._is_kept(inquiry)]

    @property
    def is_over(self) -> bool:
        """True when all is asked and kept, or cannot be."""
        done = self.n_done == len(self.inquiries)
        return done and (self.promoted is not None or self.problem is not None or not self.saved_ids)

    def step(self, client: LiveClient, *, seconds: float = 0.0) -> None:
        """Ask on for so many seconds; at the end of the list make the dataset. Does not fail."""
        until = time.monotonic() + seconds
        while not self.is_over:
            under_way = [inquiry for inquiry in self.inquiries if not inquiry.is_settled][:AT_A_TIME]
            for inquiry in under_way:
                try:
                    inquiry.step(client, wait=0.05 if inquiry is under_way[0] else 0.0)
                except IsoglossError as error:
                    inquiry.give_up(str(error))
            if not under_way:
                self._promote(client)
            if time.monotonic() >= until:
                return

    def cancel(self, client: LiveClient) -> None:
        """End what is under way and ask nothing more; what was asked is kept."""
        self.is_cancelled = True
        for inquiry in self.inquiries:
            if not inquiry.is_settled:
                inquiry.cancel(client)

    def try_again(self) -> None:
        """Have what was asked made a dataset once more."""
        self.problem = None

    def _promote(self, client: LiveClient) -> None:
        if not self.saved_ids:
            return
        try:
            self.promoted = client.promote(self.saved_ids, self.dataset)
        except IsoglossError as error:
            self.problem = str(error)

    @staticmethod
    def _is_kept(inquiry: Inquiry) -> bool:
        return len(inquiry.saved_ids) == len(inquiry.parts)
