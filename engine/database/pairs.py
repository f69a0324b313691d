"""Measures of language pairs side by side: a statement each over the counted pair, for all facts and a part alike.

What is read here is the table `pair_counts` and the measures of shape pair. A query about a part of the facts gives the
counts of the part that name, and has the same statements computed of them.
"""

from engine.metrics.definition import MEASURED_PAIRS, metrics, pair_measures
from engine.metrics.metric import Metric

_PAIR = ("model", "dataset", "language_a", "language_b")
_TURNED = ("model", "dataset", "language_b", "language_a")
# The counts of a pair as seen from each of its languages.
_BOTH_WAYS = """
    select model, dataset, language_a, language_b, n, n_both_right as n_both, n_only_a, n_only_b, n_wrong_alike,
        n_wrong_differently
    from pair_counts
    union all
    select model, dataset, language_b, language_a, n, n_both_right, n_only_b, n_only_a, n_wrong_alike,
        n_wrong_differently
    from pair_counts
"""


def measured_pairs() -> str:
    """The statement of the table `measured_pairs`: all measures of pairs below each other.

    A row per ordered pair and measure: model, dataset, language_a, language_b, measure, value, ci_low, ci_high.
    """
    return "\nunion all\n".join(
        _both_ways(
            metric,
            f"'{metric.name}' as measure, {metric.name}::double as value, "
            + ("ci_low, ci_high" if metric.has_interval else "null::double as ci_low, null::double as ci_high"),
        )
        for metric in pair_measures().values()
    )


def pair_cells() -> str:
    """The statement of the table `pair_cells`: a row per ordered pair with its counts and all measures of pairs.

    What the heatmap of language pairs needs, ready to be read. The diagonal is included: there stands the accuracy, and
    its interval in place of the others. A measure's interval is called after it: overlap_low, overlap_high.
    """
    columns: dict[str, str] = {}  # by name: of which measure it is
    for name, metric in pair_measures().items():
        columns |= {column: name for column in metric.in_cell if column not in columns}
    bounds = [name for name, metric in pair_measures().items() if metric.has_interval]
    joined = []
    for name, metric in pair_measures().items():
        own = [column for column, measure in columns.items() if measure == name]
        own += [f"ci_{end} as {name}_{end}" for end in ("low", "high") if metric.has_interval]
        joined.append(f"left join ({_both_ways(metric, ', '.join(own))}) as of_{name} using ({', '.join(_PAIR)})")
    of_pairs = [*columns, "null::double as accuracy", *(f"{name}_{end}" for name in bounds for end in ("low", "high"))]
    of_languages = [f"ci_{end} as {name}_{end}" for name in bounds for end in ("low", "high")]
    return f"""
        select {", ".join(f"counted.{key}" for key in _PAIR)}, counted.* exclude ({", ".join(_PAIR)}),
            {", ".join(of_pairs)}
        from ({_BOTH_WAYS}) as counted {" ".join(joined)}
        union all by name
        select model, dataset, language as language_a, language as language_b, n, correct as n_both, 0 as n_only_a,
            0 as n_only_b, accuracy, {", ".join(of_languages)}
        from accuracy
        order by {", ".join(_PAIR)}
    """  # noqa: S608 - our own names of tables and columns


def over_part(facts: str) -> str:
    """The clauses of a `with` that give what is known of pairs, for a part of the facts, under the names of the tables.

    `facts`: a query of the part, in the form of the view `pairs`, with each language beside itself, too.
    """
    part = {
        "pairs": facts,
        "pair_counts": "from counted_pairs()",
        "accuracy_counts": "from counted_languages()",
        "accuracy": metrics()["accuracy"].sql,
        **{name: metric.sql for name, metric in pair_measures().items()},
        MEASURED_PAIRS: measured_pairs(),
        "pair_cells": pair_cells(),
    }
    return ",\n".join(f"{name} as (\n{statement}\n)" for name, statement in part.items())


def _both_ways(metric: Metric, columns: str) -> str:
    """Columns of a measure of pairs for every ordered pair."""
    directions = (_PAIR, _TURNED) if metric.is_symmetric else (_PAIR,)
    return " union all ".join(f"select {', '.join(keys)}, {columns} from {metric.name}" for keys in directions)  # noqa: S608 - ours
