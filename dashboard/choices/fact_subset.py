"""The part of the facts that a heatmap counts: by what a lab model was taught, and by how names are spelled."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from dashboard import queries
from dashboard.choices import url_state
from dashboard.choices.controls import dropdown
from dashboard.choices.selection import Selection
from dashboard.elements import prose
from engine.browse.queries import Strings, Taught

TAUGHT: Mapping[Taught, str] = {
    "all": "All",
    "both": "Taught in both languages",
    "one": "Taught in one of the two only",
    "neither": "Taught in neither of the two",
    "nowhere": "Taught nowhere (control)",
}
STRINGS: Mapping[Strings, str] = {
    "all": "All",
    "same": "Spelled as in English",
    "different": "Spelled otherwise",
}
_TAUGHT_IN_WORDS: Mapping[Taught, str] = {
    "all": "",
    "both": "taught in both languages",
    "one": "taught in one of the two languages only",
    "neither": "taught elsewhere, in neither of the two languages",
    "nowhere": "taught in no language",
}
_STRINGS_IN_WORDS: Mapping[Strings, str] = {
    "all": "",
    "same": "with names spelled as in English",
    "different": "with names spelled otherwise than in English",
}


@dataclass(frozen=True)
class FactsPart:
    """A part of the facts, as engine/database/sql/pair_split.sql cuts it."""

    taught: Taught = "all"
    strings: Strings = "all"

    @property
    def is_all(self) -> bool:
        """Whether it is no part but the whole."""
        return self == FactsPart()

    @property
    def words(self) -> str:
        """What the facts have in common; empty for all."""
        return ", ".join(words for words in (_TAUGHT_IN_WORDS[self.taught], _STRINGS_IN_WORDS[self.strings]) if words)

    def of(self, what: str) -> str:
        """The facts of a dataset, `what`, that belong to the part."""
        return f"{what} ({self.words})" if self.words else what

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of a view of language pairs."""
        return asdict(self)

    @property
    def query(self) -> dict[str, str]:
        """The part of a link that says which facts."""
        return {key: value for key, value in asdict(self).items() if value != "all"}


def choose_part(selection: Selection) -> FactsPart:
    """Draw a control for each way in which the facts can be split; none where nothing is known."""
    known = _known(selection)
    taught: Taught = "all"
    strings: Strings = "all"
    if "taught" in known:
        taught = dropdown("taught", "Facts", TAUGHT, default="all", width=250, help=_HELP_TAUGHT)
    else:
        _leave_out("taught", f"what {selection.model_title} was taught")
    if "strings" in known:
        strings = dropdown("strings", "Names", STRINGS, default="all", width=220, help=_HELP_STRINGS)
    else:
        _leave_out("strings", f"how the names of {selection.what} are spelled")
    return FactsPart(taught, strings)


def current_part(selection: Selection) -> FactsPart:
    """The part that the URL names, without drawing anything; all facts where it names none."""
    known = _known(selection)
    taught, strings = st.query_params.get("taught", ""), st.query_params.get("strings", "")
    return FactsPart(
        next((name for name in TAUGHT if name == taught and "taught" in known), "all"),
        next((name for name in STRINGS if name == strings and "strings" in known), "all"),
    )


_HELP_TAUGHT = (
    "What this model was taught in which language is known. Facts that it has right in a language in which it was "
    "never taught them have crossed, or were guessed: the facts taught nowhere show how much guessing gives."
)
_HELP_STRINGS = (
    "Names that are spelled alike carry a fact from one language to another without any knowledge of the second one. "
    "Spelled as in English: the subject or the answer is, in both languages."
)


def _known(selection: Selection) -> set[str]:
    found = queries.view(selection.version, "known_parts", model=selection.model, dataset=selection.dataset)
    return set(found["part"])


def _leave_out(key: str, what: str) -> None:
    """Say that a link asks for a part that is not known here, and take it out of the URL."""
    if key in st.query_params:
        prose.say(f"It is not known {what}, so the facts are not split by that.")
        url_state.publish(key, "all", "")
