"""The orders in which models can stand on the Overview, and the groups that some orders make."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class ModelOrder:
    """An order: what it is called, the columns of engine/browse/model_summary.sql to sort by, and what makes groups."""

    title: str
    columns: tuple[str, ...]
    ascending: bool = False
    group: str | None = None

    def models(self, summary: pd.DataFrame) -> list[str]:
        """The models in this order; what the order does not know comes last, equals by name."""
        by = [*([self.group] if self.group else []), *self.columns, "model"]
        ascending = [*([True] if self.group else []), *(self.ascending for _ in self.columns), True]
        return list(summary.sort_values(by, ascending=ascending, na_position="last")["model"])

    def groups(self, summary: pd.DataFrame) -> dict[str, str] | None:
        """The group of each model; None where the order makes none."""
        if self.group is None:
            return None
        return dict(zip(summary["model"], summary[self.group].fillna("not known"), strict=True))


ORDERS: dict[str, ModelOrder] = {
    "mean": ModelOrder("Mean over languages", ("mean_accuracy",)),
    "en": ModelOrder("English", ("english",)),
    "gap": ModelOrder("Smallest gap to English", ("gap",), ascending=True),
    "overlap": ModelOrder("Mean overlap above chance", ("mean_above_chance",)),
    "strategy": ModelOrder("Training strategy", ("mean_accuracy",), group="training_strategy"),
    "family": ModelOrder("Family", ("mean_accuracy",), group="family"),
    "size": ModelOrder("Size", ("billion_parameters", "mean_accuracy")),
    "name": ModelOrder("Name", ("model",), ascending=True),
}
