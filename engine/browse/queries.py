"""What the pages list: pairs of languages, the facts of a cell, search, one fact; each is an SQL file beside this."""

from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

import pandas as pd

from engine.database.database import Database
from engine.database.pairs import over_part

Row: TypeAlias = "pd.Series[Any]"  # a row of a view
FactsGroup = Literal["both", "only_a", "only_b", "wrong_alike", "wrong_differently"]
ModelGroup = Literal["asked", "published", "lab", "own"]
Sort = Literal["order", "disagreement", "fewest", "most"]
View = Literal[  # each is a file beside this one; a test holds them equal
    "catalogue",
    "pair_cells",
    "pair_facts",
    "search",
    "fact",
    "fact_grid",
    "fact_header",
    "relations",
    "model_summary",
    "model_cells",
    "overview_figures",
    "pair_summary",
    "runs",
    "askable",
    "asking_wordings",
    "known_parts",
    "built_on_changes",
    "calibration_ways",
    "calibration_models",
    "calibration_languages",
    "probe_relations",
    "probe_subjects",
    "probe_answers",
    "probe_answer_relations",
    "facts_alike",
]
PairView = Literal["pair_cells", "pair_summary", "pair_facts"]
Taught = Literal["all", "both", "one", "neither", "nowhere"]
Strings = Literal["all", "same", "different"]

# What a view of language pairs reads, cut down to a part of the facts: under the names of the tables, so that the view
# itself stays as it is.
_FACTS_OF_PART = "from pairs_of_part(try_cast($model as model_id), try_cast($dataset as dataset_id), $taught, $strings)"
_ANSWERS_OF_PART = """answers as (
    select a.*
    from main.answers as a
    join facts_of_pairs(try_cast($model as model_id), try_cast($dataset as dataset_id), $taught, $strings) as p
        on p.language_a::varchar = $language_a and p.language_b::varchar = $language_b
    -- in this order: a fact of another dataset may have no bit
    where case when a.dataset = try_cast($dataset as dataset_id) then get_bit(p.facts, a.fact_ix) = 1 end
)"""


@cache
def _sql(view: View) -> str:
    return (files("engine.browse") / f"{view}.sql").read_text(encoding="utf-8")


def browse(store: Database, view: View, **parameters: object) -> pd.DataFrame:
    """The rows of a view; its parameters are the $names of its SQL file, which says what a row is."""
    return store.frame(_sql(view), parameters)


def browse_part(
    store: Database, view: PairView, *, taught: Taught, strings: Strings, **parameters: object
) -> pd.DataFrame:
    """The rows of a view of language pairs, over a part of the facts; engine/database/sql/pair_parts.sql says which."""
    source = _ANSWERS_OF_PART if view == "pair_facts" else over_part(_FACTS_OF_PART)
    sql = f"with {source}\nfrom (\n{_sql(view)}\n)"
    return store.frame(sql, {**parameters, "taught": taught, "strings": strings})
