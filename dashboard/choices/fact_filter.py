"""Which facts to list: the filters of the Facts page, in the URL, in SQL parameters and in words."""

from dataclasses import dataclass
from typing import get_args

from engine.browse.queries import Sort

SORTS: tuple[Sort, ...] = get_args(Sort)
SORT_TITLES: dict[Sort, str] = {
    "disagreement": "Languages disagree most",
    "fewest": "Known in fewest languages",
    "most": "Known in most languages",
    "order": "Order of the dataset",
}


@dataclass(frozen=True)
class FactsFilter:
    """The facts that match a text and, by one model's answers, are right or wrong in given languages."""

    text: str = ""
    relation: str | None = None
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    known: tuple[int, int] | None = None
    sort: Sort = "disagreement"

    def parameters(self, *, shown: str) -> dict[str, object]:
        """The parameters of engine/browse/search.sql; `shown` is the language to show a fact in where it matches."""
        known_from, known_to = self.known or (None, None)
        return {
            "text": self.text,
            "relation": self.relation,
            "right_in": self.right,
            "wrong_in": self.wrong,
            "known_from": known_from,
            "known_to": known_to,
            "sort": self.sort,
            "shown": shown,
        }

    def query(self) -> dict[str, str]:
        """The part of a link that says the filters; what is at its default is left out."""
        written = {
            "q": self.text,
            "relation": self.relation or "",
            "right": ",".join(self.right),
            "wrong": ",".join(self.wrong),
            "known": "-".join(map(str, self.known)) if self.known else "",
            "sort": "" if self.sort == "disagreement" else self.sort,
        }
        return {key: text for key, text in written.items() if text}

    def words(self, names: dict[str, str]) -> str:
        """The filters as the end of a sentence that begins with `facts`."""
        parts = [f"with “{self.text}”"] if self.text else []
        parts += [f"about {self.relation}"] if self.relation else []
        parts += [f"right in {_all(self.right, names)}"] if self.right else []
        parts += [f"wrong in {_all(self.wrong, names)}"] if self.wrong else []
        if self.known:
            low, high = self.known
            parts += [f"right in {low} languages" if low == high else f"right in {low} to {high} languages"]
        return ", ".join(parts)


def _all(tags: tuple[str, ...], names: dict[str, str]) -> str:
    return " and ".join(names.get(tag, tag) for tag in tags)
