"""Figures in words: shares, differences, counts, times, and a dash for what is missing."""

from collections.abc import Sequence

import pandas as pd

_UNITS = ((9, "GB"), (6, "MB"), (3, "kB"))  # the power of ten, and what it is called


def percent(value: float | None) -> str:
    """A share as a whole per cent; a missing one as a dash."""
    return "–" if value is None or pd.isna(value) else f"{100 * value:.0f} %"


def points(value: float | None) -> str:
    """A difference of shares in points, with its sign; a missing one as a dash."""
    return "–" if value is None or pd.isna(value) else f"{100 * value:+.0f} pts".replace("-", "−")


def interval(low: float | None, high: float | None) -> str:
    """A 95 % interval of a share; empty where it is missing."""
    return "" if low is None or pd.isna(low) or pd.isna(high) else f"{100 * low:.0f}–{100 * high:.0f} %"


def number(value: float | None) -> str:
    """A count with its thousands; a missing one as a dash."""
    return "–" if value is None or pd.isna(value) else f"{int(value):,}"


def counted(n: float, thing: str) -> str:
    """A number with what it counts, in the singular for one."""
    return f"{int(n):,} {thing}{'' if n == 1 else 's'}"


def parameters(billions: float | None) -> str:
    """A model's size, given in 10^9 parameters, in billions or millions; a missing one as a dash."""
    if billions is None or pd.isna(billions):
        return "–"
    return f"{billions:.3g} B" if billions >= 1 else f"{1000 * billions:.3g} M"


def size(n_bytes: float | None) -> str:
    """The size of a file, in powers of 1,000; a missing one as a dash."""
    if n_bytes is None or pd.isna(n_bytes):
        return "–"
    unit, factor = next(((unit, 10**power) for power, unit in _UNITS if n_bytes >= 10**power), ("bytes", 1))
    amount = n_bytes / factor
    return f"{amount:,.0f} {unit}" if amount >= 10 or factor == 1 else f"{amount:.1f} {unit}"


def letters(indices: Sequence[int]) -> str:
    """Option indices as letters, A for 0; a dash for none."""
    return ", ".join(chr(ord("A") + index) if index < 26 else str(index + 1) for index in indices) or "–"


def duration(seconds: float | None) -> str:
    """A time span in its two largest units; a missing one as a dash."""
    if seconds is None or pd.isna(seconds):
        return "–"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    minutes = round(seconds / 60)
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02} min"
    hours = round(seconds / 3600)
    return f"{hours // 24} d {hours % 24} h"


def rate(per_second: float | None) -> str:
    """Answers per second, with the digits that say something; a missing rate as a dash."""
    if per_second is None or pd.isna(per_second):
        return "–"
    return f"{per_second:,.0f}" if per_second >= 10 else f"{per_second:.2g}"
