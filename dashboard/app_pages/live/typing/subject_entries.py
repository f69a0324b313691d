"""The subjects of a relation as entries of a list that is searched in any language."""

from collections.abc import Iterable

from engine.browse.not_asked import NotAsked
from engine.browse.queries import Row

BLANK = "…"
_ISOLATED = ("\u2068", "\u2069")  # a name that is written from the right must not turn its neighbours around


def entry(name: str, english: str | None, names: Iterable[str]) -> str:
    """A subject's name, the English one beside it, then every other name: whatever is typed finds it."""
    shown = list(dict.fromkeys(part for part in (name, english) if part))
    seen = {part.casefold() for part in shown}
    others = []
    for other in names:
        if other.casefold() not in seen:
            seen.add(other.casefold())
            others.append(other)
    first = " · ".join(map(_isolated, shown))
    return f"{first} — {', '.join(map(_isolated, others))}" if others else first


def entry_of(row: "Row") -> str:
    """The entry of a row of engine/browse/probe_subjects.sql."""
    english = row["english"] if isinstance(row["english"], str) else None
    return entry(str(row["name"]), english, [str(name) for name in row["names"]])


def entry_left_out(left: NotAsked, read: str) -> str:
    """The entry of a subject that cannot be asked about, with the reason; `read`: a language."""
    return f"{entry(left.name(read), left.name('en'), ())} — left out: {left.reason}"


def gap(wording: str) -> str:
    """A wording as it is shown without a subject."""
    return wording.replace("{subject}", BLANK)


def _isolated(name: str) -> str:
    from unicodedata import bidirectional

    turned = any(bidirectional(letter) in ("R", "AL") for letter in name)
    return f"{_ISOLATED[0]}{name}{_ISOLATED[1]}" if turned else name
