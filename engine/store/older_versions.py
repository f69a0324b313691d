"""What files of older versions of the schema say, in the terms of today's."""

from typing import Any

import pyarrow as pa
import pyarrow.compute

from engine.schema import TableName

pc: Any = pyarrow.compute
# Versions 1 and 2 put `import` where the probe stands: that somebody else had asked, and not how.
_LAST_WITH_IMPORT = 2
_IMPORT = "import"
_TABLES: tuple[TableName, ...] = ("results", "runs")


def has_former_terms(table: TableName, version: int) -> bool:
    """Whether a file of this table and version of the schema may hold terms that are no longer written."""
    return table in _TABLES and version <= _LAST_WITH_IMPORT


def speaks_formerly(batch: pa.RecordBatch) -> bool:
    """Whether rows as they are stored hold such a term; `batch` has the column `probe`."""
    return bool(pc.any(pc.equal(_plain(batch["probe"]), _IMPORT)).as_py())


def in_todays_terms(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The rows of such a file as they would be written today: a probe that says `import` is not known (NULL)."""
    if "probe" not in batch.schema.names:
        return batch
    probe = _plain(batch["probe"])
    known = pc.if_else(pc.equal(probe, _IMPORT), pa.scalar(None, pa.string()), probe)
    return batch.set_column(batch.schema.get_field_index("probe"), pa.field("probe", pa.string()), known)


def _plain(texts: Any) -> Any:
    return texts.dictionary_decode() if pa.types.is_dictionary(texts.type) else texts
