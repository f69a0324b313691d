"""One measured figure, the bar it should reach, and how both are printed."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["ms", "s", "CPU s", "kB", "MB", "rows/s", "prompts/s", "%", "x", "nats", "failed"]

_WIDTHS = (63, 14, 14, 8, 9)
TITLES = ("figure", "measured", "reference", "ratio", "bar", "")


@dataclass(frozen=True)
class Figure:
    """What was measured; `reference`: the same done otherwise, in the same run and the same unit.

    `at_most` is a bar for the figure itself, `at_least_times` one for reference / measured. `why_not` says why
    nothing was measured.
    """

    name: str
    measured: float | None
    unit: Unit
    reference: float | None = None
    at_most: float | None = None
    at_least_times: float | None = None
    why_not: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the reference needs what is measured; None without one."""
        if self.measured is None or self.reference is None:
            return None
        return self.reference / max(self.measured, 1e-9)

    @property
    def missed(self) -> bool:
        """Whether it was measured and does not reach its bar."""
        if self.measured is None:
            return False
        if self.at_most is not None and self.measured > self.at_most:
            return True
        return self.at_least_times is not None and self.ratio is not None and self.ratio < self.at_least_times

    def line(self) -> str:
        """The figure as a line of the table."""
        bars = [f"<= {self.at_most:g}"] if self.at_most is not None else []
        bars += [f">= {self.at_least_times:g}x"] if self.at_least_times is not None else []
        ratio = "" if self.ratio is None else f"{self.ratio:.1f}x"
        return row(
            self.name,
            _shown(self.measured, self.unit),
            _shown(self.reference, self.unit),
            ratio,
            ", ".join(bars),
            self._verdict(bars),
        )

    def _verdict(self, bars: list[str]) -> str:
        if self.measured is None:
            return f"not measured: {self.why_not}"
        if not bars:
            return ""
        return "MISSED" if self.missed else "met"


def row(*cells: str) -> str:
    """Cells under each other: names to the left, numbers to the right."""
    name, *numbers = cells[:-1]
    return "  ".join(
        [f"{name:<{_WIDTHS[0]}}", *(f"{text:>{width}}" for text, width in zip(numbers, _WIDTHS[1:], strict=True))]
        + [cells[-1]]
    ).rstrip()


def _shown(value: float | None, unit: Unit) -> str:
    if value is None:
        return ""
    return f"{value:,.0f} {unit}" if abs(value) >= 100 else f"{value:.3g} {unit}"
