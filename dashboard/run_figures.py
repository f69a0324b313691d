"""The figures of runs in words: how long, how fast, how many."""

import pandas as pd


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


def count(number: float | None) -> str:
    """A whole number; a missing one as a dash."""
    return "–" if number is None or pd.isna(number) else f"{int(number):,}"
