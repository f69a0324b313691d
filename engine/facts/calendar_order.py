"""The facts of the dataset `calendar`: which month and which day of the week comes after which."""

from engine.facts.fact import Fact


def calendar_facts() -> list[Fact]:
    """Twelve months and seven days, each with the one after it; neither January nor Monday is a beginning."""
    months = [_after("month", month, month % 12 + 1, about=f"{month:02}") for month in range(1, 13)]
    days = [_after("weekday", day, (day + 1) % 7, about=str(day + 1)) for day in range(7)]  # ISO 8601: Monday is 1
    return months + days


def _after(kind: str, this: int, following: int, *, about: str) -> Fact:
    return Fact(
        dataset="calendar",
        relation=f"{kind}_after",
        about=about,
        subject=f"{kind}:{this}",
        answer=f"{kind}:{following}",
        also_true=frozenset({f"{kind}:{this}"}),  # not true, but nobody would choose it
    )
