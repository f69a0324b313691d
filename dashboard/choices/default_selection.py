"""What is chosen before anybody chooses, and the nearest choice of which the facts can be read."""

import pandas as pd

from dashboard import queries
from dashboard.choices.selection import PREFERRED, Selection, preferred_dataset, preferred_model


def default_selection() -> Selection | None:
    """The preferred model on the preferred dataset, in every language; None when the store has no figures."""
    version = queries.version()
    catalogue = queries.view(version, "catalogue")
    if catalogue.empty:
        return None
    return _selection(version, catalogue[catalogue["dataset"] == preferred_dataset(catalogue)])


def nearest_answered(selection: Selection) -> Selection | None:
    """The nearest choice with single answers: on the same dataset, else on a preferred one, else on any; or None."""
    version = queries.version()
    catalogue = queries.view(version, "catalogue")
    answered = catalogue[(catalogue["source"] == "results") & catalogue["has_texts"]]
    for dataset in (selection.dataset, *PREFERRED, *answered["dataset"]):
        rows = answered[answered["dataset"] == dataset]
        if not rows.empty:
            return _selection(version, rows)
    return None


def _selection(version: str, rows: pd.DataFrame) -> Selection:
    """The preferred model of a dataset's rows, in every language."""
    model, dataset = preferred_model(rows), str(rows["dataset"].iloc[0])
    languages = queries.languages(version, dataset)
    return Selection(
        version=version,
        dataset=dataset,
        model=model,
        languages=languages,
        every_language=languages,
        catalogue=rows[rows["model"] == model].iloc[0],
    )
