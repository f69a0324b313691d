"""The facts of the lab as a dataset of their own, so that figures count what the models could have been taught."""

import pyarrow as pa

from engine.errors import IsoglossError
from engine.lab.recipe import LANGUAGES
from engine.lab.world import LAB, SOURCE, World
from engine.locations import EMBEDDED
from engine.schema import TABLES, TableName
from engine.store.verify import read_snapshot
from engine.store.write import TableFile

_TITLE = "Lab facts"


def lab_dataset(world: World) -> list[TableFile]:
    """The world's facts and their traits, as they stand among the embedded ones, and what the dataset is called.

    Raises IsoglossError when the embedded facts are not whole.
    """
    named = {
        "dataset": LAB,
        "title": _TITLE,
        "stream": "factual",
        "chance": 0.25,
        "ceiling": 1.0,
        "ceiling_source": "every answer right",
    }
    datasets = TABLES["datasets"].of_rows([named])
    rows: tuple[TableName, ...] = ("facts", "traits")
    return [TableFile("datasets", LAB, datasets), *(TableFile(table, LAB, _rows(table, world)) for table in rows)]


def _rows(table: TableName, world: World) -> pa.Table:
    wanted = {fact_id for facts in world.facts.values() for fact_id in facts}
    rows = [
        row | {"dataset": LAB}
        for file in read_snapshot(EMBEDDED).files
        if file.entry.table == table
        for batch in file.batches()
        for row in batch.to_pylist()
        if row["dataset"] == SOURCE and row["fact_id"] in wanted and row["language"] in LANGUAGES
    ]
    if len(rows) != len(wanted) * len(LANGUAGES):
        raise IsoglossError(
            f"the embedded {table} are not whole: {len(rows)} rows of the lab's facts, {len(wanted) * len(LANGUAGES)} "
            "wanted; make them anew: python -m engine facts build"
        )
    return TABLES[table].of_rows(rows)
