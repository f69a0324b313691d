"""What the user has chosen: dataset, model and languages, shared by all pages and by the URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from dashboard.elements.language_names import autonym
from engine.browse.queries import Row
from engine.model_catalogue.catalogue import model_title

# What is shown before anybody chooses: the first dataset of which that model has figures.
PREFERRED: Mapping[str, str] = {"world": "gemma-3-270m", "x_geo": "llama2_13b_chat", "lab": "lab-en-zh"}


def preferred_dataset(catalogue: pd.DataFrame) -> str:
    """The dataset to begin with; the first one where no preferred model has figures. `catalogue` may not be empty."""
    asked = set(zip(catalogue["dataset"], catalogue["own_name"], strict=True))
    return next(
        (dataset for dataset, model in PREFERRED.items() if (dataset, model) in asked),
        str(catalogue["dataset"].iloc[0]),
    )


def preferred_model(rows: pd.DataFrame) -> str:
    """The label of the model to begin with, as it was asked last; the first one where no preferred one is among them.

    `rows`: those of a dataset.
    """
    latest = rows[rows["is_latest"]].set_index("own_name")["model"]
    return next((str(latest[name]) for name in PREFERRED.values() if name in latest), str(rows["model"].iloc[0]))


@dataclass(frozen=True)
class Selection:
    """A choice that has figures: `catalogue` is the row of engine/browse/catalogue.sql for this model and dataset."""

    version: str
    dataset: str
    model: str
    languages: tuple[str, ...]
    every_language: tuple[str, ...]
    catalogue: Row

    @property
    def title(self) -> str:
        """The dataset's name for people."""
        return str(self.catalogue["title"])

    @property
    def own_name(self) -> str:
        """The model's own name, without the way of asking."""
        return str(self.catalogue["own_name"])

    @property
    def model_title(self) -> str:
        """What people call the model, for sentences."""
        return model_title(self.own_name)

    @property
    def what(self) -> str:
        """The dataset's name inside a sentence; an id stays as it is."""
        return self.title[:1].lower() + self.title[1:] if self.title != self.dataset else self.title

    @property
    def chance(self) -> float:
        """Accuracy of guessing, 0 to 1; NaN where it is not known."""
        return float(self.catalogue["chance"])

    @property
    def measured(self) -> tuple[str, ...]:
        """The languages in which anything was measured of the model, whether they are chosen or not."""
        tags = self.catalogue["measured"]
        return () if pd.api.types.is_scalar(tags) else tuple(str(tag) for tag in tags)

    @property
    def has_answers(self) -> bool:
        """Whether the single answers are in the store, not only counts of them."""
        return bool(self.catalogue["source"] == "results")

    @property
    def has_texts(self) -> bool:
        """Whether the facts' questions are in the store."""
        return bool(self.catalogue["has_texts"])

    @cached_property
    def names(self) -> dict[str, str]:
        """Each language's name in itself, as the first word of a label: capital where the script has capitals."""
        return {tag: autonym(tag) for tag in self.every_language}

    @property
    def shared_query(self) -> dict[str, str]:
        """The part of a link that says dataset, model and languages."""
        query = {"dataset": self.dataset, "model": self.model}
        if self.languages != self.every_language:
            query["languages"] = ",".join(self.languages)
        return query

    @property
    def provenance(self) -> str:
        """One sentence on where the figures come from."""
        if self.has_answers:
            return "Figures from the answers in your store."
        return f"Figures from published counts ({self.catalogue['source']})."
