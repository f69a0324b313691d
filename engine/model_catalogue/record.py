"""What a store says of the catalogue's models: who each is, beside its answers."""

from pathlib import Path

import pyarrow as pa

from engine.model_catalogue.catalogue import CatalogueModel, catalogue
from engine.schema import TABLES
from engine.store.write import TableFile, WriteReport, write_files

_FILE = "catalogue"
_MOST_TAGS = 8  # more are told in words


def write_catalogue(store: Path) -> WriteReport:
    """Write the rows of `models` for the whole catalogue: the same each time, and of no effect before one is asked.

    Raises IsoglossError as every writing to a store does.
    """
    return write_files(store, [TableFile("models", _FILE, catalogue_rows())])


def catalogue_rows() -> pa.Table:
    """The catalogue as rows of `models`."""
    rows = [
        {
            "model": model.name,
            "family": model.family,
            "billion_parameters": model.billion_parameters,
            "built_on": model.built_on,
            "training_strategy": model.training_strategy,
            "target_languages": _target_languages(model),
        }
        for model in catalogue().values()
    ]
    return TABLES["models"].of_rows(rows)


def _target_languages(model: CatalogueModel) -> str:
    return " ".join(model.languages) if 0 < len(model.languages) <= _MOST_TAGS else model.trained_for
