"""Colour scales of values: the same numbers in Python (ink) and in Vega (fill)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isnan

BLACK, WHITE = "#000000", "#ffffff"
_HIGHEST_START = 0.95  # a scale needs a width even where guessing is nearly always right


@dataclass(frozen=True)
class Ramp:
    """A scale of colours, each as #rrggbb; between two neighbours the colour is mixed evenly in sRGB."""

    stops: tuple[str, ...]

    def domain(self, low: float, high: float) -> list[float]:
        """The value at each stop, evenly from `low` to `high`."""
        steps = len(self.stops) - 1
        return [low + (high - low) * i / steps for i in range(steps + 1)]

    def colour(self, value: float, low: float, high: float) -> str:
        """The colour of a value as #rrggbb; beyond the ends it stays the colour of the end."""
        place = min(max((value - low) / (high - low), 0.0), 1.0) * (len(self.stops) - 1)
        below = min(int(place), len(self.stops) - 2)
        share = place - below
        pairs = zip(_channels(self.stops[below]), _channels(self.stops[below + 1]), strict=True)
        return "#" + "".join(f"{int(a + (b - a) * share + 0.5):02x}" for a, b in pairs)


def start_of_scale(chance: float) -> float:
    """Where a sequential scale begins: at what guessing would give, 0 to 0.95; at 0 where that is not known (NaN)."""
    return 0.0 if isnan(chance) else min(max(chance, 0.0), _HIGHEST_START)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours #rrggbb, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=4096)
def ink(background: str) -> str:
    """Black or white, whichever reads better on the background; never below 4.58:1."""
    return max((BLACK, WHITE), key=lambda colour: contrast(colour, background))


def _channels(colour: str) -> Sequence[int]:
    return bytes.fromhex(colour.removeprefix("#"))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
