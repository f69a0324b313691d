"""What a parquet file must be like before a single value of it is decoded.

A footer may lie about the pages behind it; that shows while they are decoded (`engine.store.verify`).
"""

import pyarrow as pa
import pyarrow.parquet as pq

from engine.schema import SCHEMA_VERSION, TABLES, TableName
from engine.store.atomic import BadFile
from engine.store.manifest import Entry

# Everything pyarrow raises for foreign bytes.
PARQUET_ERRORS = (pa.ArrowException, OSError, ValueError, LookupError, MemoryError)
# 1 GiB: a file is held in memory while it is checked; 10 million answers with log-likelihoods take some 0.5 GB.
MAX_FILE_BYTES = 1024**3
# 4 MiB: the footer is parsed as a whole; 150 row groups of 18 columns need 0.2 MB, 50,000 columns 4 MB.
MAX_FOOTER_BYTES = 4 * 1024**2
# The release has 864,800 answers, the plan is 100 million; beyond it a page would wait for minutes.
MAX_ROWS = 150_000_000
# The widest tables have 18 columns.
MAX_COLUMNS = 64
# The writer fills groups of a million rows or of 64 MiB.
MAX_ROW_GROUPS = 1_000
# A group is decoded column by column: 256 MiB is four times what the writer puts into one.
MAX_GROUP_BYTES = 256 * 1024**2
# 150 million rows of 50 bytes.
MAX_UNCOMPRESSED_BYTES = 8 * 1024**3
_MAX_DEPTH = 8  # a list of text is four deep
_MAGIC = b"PAR1"


def open_parquet(data: bytes, entry: Entry) -> pq.ParquetFile:
    """Open the bytes of a file, once its footer has passed every check; text columns come as dictionaries.

    Raises BadFile with the reason.
    """
    if len(data) < 12 or data[:4] != _MAGIC or data[-4:] != _MAGIC:
        raise BadFile("is not a parquet file, or was cut short")
    footer_bytes = int.from_bytes(data[-8:-4], "little")
    if footer_bytes > min(MAX_FOOTER_BYTES, len(data) - 12):
        raise BadFile(f"its footer claims {footer_bytes:,} bytes; at most {MAX_FOOTER_BYTES:,} are read")
    try:
        _check_size(_open(data, []).metadata, entry)
        version, schema = _version_and_schema(_open(data, []), entry.table)
        _check_schema(schema, TABLES[entry.table].arrow_of(version))
        return _open(data, _text_paths(schema))
    except BadFile:
        raise
    except PARQUET_ERRORS as error:
        raise BadFile(f"cannot be read as parquet: {str(error):.200}") from error


def schema_version(file: pq.ParquetFile) -> int:
    """The version of the schema that a file states it was written in. Raises BadFile when it states none."""
    stated = (file.metadata.metadata or {}).get(b"isogloss.schema_version", b"")
    if not stated.isdigit() or len(stated) > 9:
        raise BadFile("does not state the version of its schema; Isogloss did not write it")
    return int(stated)


def _open(data: bytes, dictionaries: list[str]) -> pq.ParquetFile:
    return pq.ParquetFile(
        pa.BufferReader(data),
        read_dictionary=dictionaries,
        page_checksum_verification=True,
        thrift_string_size_limit=MAX_FOOTER_BYTES,
        thrift_container_size_limit=100_000,
        schema_depth_limit=_MAX_DEPTH,  # type: ignore[call-arg]  # the stubs are older than the argument
    )


def _check_size(metadata: pq.FileMetaData, entry: Entry) -> None:
    """Refuse what would need too much memory or time, by what the footer states."""
    _at_most("columns", metadata.num_columns, MAX_COLUMNS)
    _at_most("row groups", metadata.num_row_groups, MAX_ROW_GROUPS)
    _at_most("rows", metadata.num_rows, MAX_ROWS)
    if metadata.num_rows != entry.rows:
        raise BadFile(f"has {metadata.num_rows:,} rows, the manifest says {entry.rows:,}")
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    # A group is not asked about its columns: pyarrow ends the whole process where a footer contradicts itself there.
    for group in groups:
        _at_most("bytes in a row group", group.total_byte_size, MAX_GROUP_BYTES)
        _at_most("rows in a row group", group.num_rows, MAX_ROWS)
    total_bytes = sum(group.total_byte_size for group in groups)
    total_rows = sum(group.num_rows for group in groups)
    _at_most("bytes in all", total_bytes, MAX_UNCOMPRESSED_BYTES)
    if total_rows != entry.rows:
        raise BadFile(f"its row groups have {total_rows:,} rows, the manifest says {entry.rows:,}")


def _at_most(what: str, stated: int, limit: int) -> None:
    if not 0 <= stated <= limit:
        raise BadFile(f"states {stated:,} {what}; at most {limit:,} are read")


def _version_and_schema(file: pq.ParquetFile, table: TableName) -> tuple[int, pa.Schema]:
    stated = (file.metadata.metadata or {}).get(b"isogloss.table", b"").decode("utf-8", "replace")
    if stated != table:
        raise BadFile(f"holds rows of the table {stated!r}, the manifest says {table!r}")
    version = schema_version(file)
    if version > SCHEMA_VERSION:
        raise BadFile(f"was made by a newer version of Isogloss (schema {version}): update it")
    if version < 1:
        raise BadFile(f"states schema {version}; the first was 1")
    return version, file.schema_arrow


def _check_schema(actual: pa.Schema, wanted: pa.Schema) -> None:
    """Refuse any schema but the wanted one: same names, order, types, and the same columns that may be missing."""
    if missing := [name for name in wanted.names if name not in actual.names]:
        raise BadFile(f"has no column {_some(missing)}")
    if unknown := [name for name in actual.names if name not in wanted.names]:
        raise BadFile(f"has an unknown column {_some(unknown)}")
    if actual.names != wanted.names:
        raise BadFile(f"its columns are not in the order {', '.join(wanted.names)}")
    for found, field in zip(actual, wanted, strict=True):
        if found.type != field.type:
            raise BadFile(f"its column {field.name} holds {found.type}, must be {field.type}")
        if found.nullable != field.nullable:
            raise BadFile(f"its column {field.name} {'must' if field.nullable else 'must not'} allow missing values")


def _some(names: list[str]) -> str:
    return ", ".join(f"{name:.64}" for name in names[:5])


def _text_paths(schema: pa.Schema) -> list[str]:
    """The columns of text. As dictionaries a million copies of a long text cost one, until they have been measured."""
    texts = [field.name for field in schema if field.type == pa.string()]
    return texts + [f"{field.name}.list.element" for field in schema if field.type == pa.list_(pa.string())]
