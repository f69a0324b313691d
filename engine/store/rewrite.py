"""Writing a store anew in today's version of the schema: the same rows, in today's terms."""

from pathlib import Path

from engine.store.verify import VerifiedFile, read_snapshot
from engine.store.write import TableFile, WriteReport, write_files


def outdated_files(folder: Path) -> tuple[VerifiedFile, ...]:
    """The files of a store that hold terms of an older version of the schema; they are read all the same.

    A file that only states an older version is not among them: it would be written so today.
    """
    return tuple(file for file in read_snapshot(folder).files if file.is_outdated())


def rewrite_store(folder: Path) -> WriteReport:
    """Write the outdated files of a store anew, in one commit.

    Raises IsoglossError as `write_files` does, and for a file that cannot be decoded; the store is then as it was.
    """
    files = [TableFile(file.entry.table, file.entry.name, file.rows()) for file in outdated_files(folder)]
    return write_files(folder, files) if files else WriteReport((), (), ())
