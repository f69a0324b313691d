"""What is chosen before anybody chooses."""

from dashboard import queries
from dashboard.choices.selection import Selection, preferred_dataset, preferred_model


def default_selection() -> Selection | None:
    """The preferred model on the preferred dataset, in every language; None when the store has no figures."""
    version = queries.version()
    catalogue = queries.view(version, "catalogue")
    return None if catalogue.empty else selection_on(preferred_dataset(catalogue))


def selection_on(dataset: str) -> Selection:
    """The preferred model on a dataset with figures, in every language."""
    version = queries.version()
    catalogue = queries.view(version, "catalogue")
    rows = catalogue[catalogue["dataset"] == dataset]
    model = preferred_model(rows)
    languages = queries.languages(version, dataset)
    return Selection(
        version=version,
        dataset=dataset,
        model=model,
        languages=languages,
        every_language=languages,
        catalogue=rows[rows["model"] == model].iloc[0],
    )
