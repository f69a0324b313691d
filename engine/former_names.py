"""Names that were changed: what users wrote before still works for one more minor version, and says so.

A rename of a measure, of an option of the command line, of a page's address or of a key in one is one row here. A
column of the store is renamed by a new version of the schema instead, and files of older versions are read as before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

RenamedThing = Literal["measure", "option", "address key", "address"]


@dataclass(frozen=True, kw_only=True)
class FormerName:
    """A name before and after it was changed; `until`: the first version that no longer knows the former one."""

    of: RenamedThing
    former: str
    present: str
    until: str
    page: str = ""  # whose address it is

    @property
    def notice(self) -> str:
        """What a user who wrote the former name is told."""
        return (
            f"{self.of} {self.former} is now called {self.present}; the former name works until Isogloss {self.until}"
        )


FORMER_NAMES: tuple[FormerName, ...] = (
    FormerName(of="address", former="/", present="overview", until="0.3"),  # where a dataset or model is named
    FormerName(of="address key", page="live", former="way", present="entry", until="0.3"),
    FormerName(of="address key", page="live", former="kept", present="saved", until="0.3"),
    FormerName(of="address key", page="calibration", former="way", present="calibration_asked_by", until="0.3"),
)


def former_name(of: RenamedThing, name: str) -> FormerName | None:
    """Find what a measure or an option was renamed to; None where the name is no former one."""
    return next((row for row in FORMER_NAMES if (row.of, row.former) == (of, name)), None)


def former_keys(page: str) -> Mapping[str, str]:
    """The present key by the former one, in the address of a page."""
    return {row.former: row.present for row in FORMER_NAMES if row.of == "address key" and row.page == page}
