"""What the Start page says, in sentences made from its figures."""

import html
from dataclasses import dataclass
from textwrap import shorten

import pandas as pd

from dashboard.elements import figures
from dashboard.elements.visible_text import visible
from engine.browse.queries import ModelGroup, Row
from engine.languages import language

_LONGEST = 120  # characters of a question
WHAT_FOR = "Isogloss shows what a language model knows in one language and not in another."


@dataclass(frozen=True)
class Headline:
    """The languages in which a model knows most and least of the same facts; rows of engine/browse/model_cells.sql."""

    best: Row
    worst: Row

    @property
    def pair(self) -> tuple[str, str]:
        """Their tags, the best first."""
        return str(self.best["language"]), str(self.worst["language"])

    def as_html(self, *, model: str, title: str) -> str:
        """The sentence as safe HTML; each figure has its interval on hover."""
        a, b = (language(tag).name for tag in self.pair)
        return (
            f'<p class="iso-headline">Of {_counted(self.best, self.worst)} {visible(title)}, the model '
            f"<span>{visible(model)}</span> knows {_figure(self.best)} in {visible(a)} and {_figure(self.worst)} in "
            f"{visible(b)}.</p>"
        )

    def small_print(self, *, n_languages: int, chance: float) -> str:
        """In how many languages the facts were asked, how sure the two figures are, and what guessing would give."""
        guessing = "" if pd.isna(chance) else f" Guessing gives {figures.percent(chance)}."
        return (
            f"The same facts were asked in {n_languages} languages. 95 % intervals: {_interval(self.best)} and "
            f"{_interval(self.worst)}.{guessing}"
        )


def headline(cells: pd.DataFrame) -> Headline | None:
    """The best and the worst language; None where fewer than two were measured. Equals: the first by name."""
    known = cells.dropna(subset=["accuracy"])
    if len(known) < 2:
        return None
    by_accuracy = known.sort_values(["accuracy", "language"], ascending=[False, True])
    return Headline(by_accuracy.iloc[0], by_accuracy.iloc[-1])


def telling_fact(question: str, *, model: str, right: int, measured: int) -> str:
    """A fact that breaks, and where; a long question is cut."""
    languages = figures.counted(measured, "language")
    return f"{shorten(question, _LONGEST, placeholder=' …')} {model} is right in {right} of {languages}."


def group_title(group: ModelGroup, n_models: int) -> str:
    """What models of a group are, as the title of a part of the page."""
    models = figures.counted(n_models, "model")
    titles: dict[ModelGroup, str] = {
        "asked": f"{models}, every answer here",
        "published": f"{models} of a published study",
        "lab": f"{models} from the lab",
        "own": f"{models} of yours",
    }
    return titles[group]


def group_words(group: ModelGroup, *, n_models: int, n_answered: int) -> str:
    """What can be seen of the models of a group. `n_answered`: those with single answers on a dataset."""
    if group == "published":
        single = (
            "which facts these are is not known here"
            if not n_answered
            else f"single answers of {n_answered} of the {n_models} models were imported"
        )
        return f"Counts: how many facts each model has right, by language and in pairs; {single}."
    words: dict[ModelGroup, str] = {
        "asked": "Real models, asked these facts in every language. Behind each figure stand the facts.",
        "lab": "Tiny models, trained from scratch: it is known which fact each was taught in which language.",
        "own": "What you imported, or asked yourself.",
    }
    return words[group]


def _counted(*cells: Row) -> str:
    """How many facts were measured; of two languages that differ, both numbers."""
    return " and ".join(f"{n:,}" for n in sorted({int(cell["n"]) for cell in cells}, reverse=True))


def _figure(cell: Row) -> str:
    hint = f"n = {int(cell['n']):,} facts; 95 % interval {_interval(cell)}"
    return f'<strong title="{html.escape(hint)}">{figures.percent(cell["accuracy"])}</strong>'


def _interval(cell: Row) -> str:
    return figures.interval(cell["accuracy_low"], cell["accuracy_high"]) or "not known"
