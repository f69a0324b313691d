"""What the Fact page says, in sentences made from its figures."""

from collections.abc import Collection

import pandas as pd


def fact(*, model: str, right: list[str], n_languages: int) -> str:
    """In which languages a model answers a fact right, of those in which it was measured."""
    if not n_languages:
        return f"{model} was measured on this fact in none of the chosen languages."
    if n_languages == 1:
        return (
            f"{model} answers this fact {'right' if right else 'wrong'} in the one language in which it was measured."
        )
    if not right:
        return f"{model} answers this fact right in none of {n_languages} languages."
    if len(right) == 1:
        return f"{model} answers this fact right in {right[0]} only, of {n_languages} languages."
    where = f": {', '.join(right)}" if len(right) < n_languages else ""
    return f"{model} answers this fact right in {len(right)} of {n_languages} languages{where}."


def answered(of_dataset: pd.DataFrame, shown: Collection[str]) -> str:
    """How many of a dataset's models have answers, where that is not all. `of_dataset`: rows of the catalogue."""
    n_models, n_shown = (
        rows["own_name"].nunique() for rows in (of_dataset, of_dataset[of_dataset["model"].isin(shown)])
    )
    if n_shown == n_models:
        return ""
    return f"{n_shown} of {n_models} models have answers; of the others only counts are published."
