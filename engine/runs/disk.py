"""What a disk that is full, or not ours to write on, means for a run."""

import contextlib
import errno
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.errors import IsoglossError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextlib.contextmanager
def writing(folder: Path, safe: Callable[[], str]) -> Iterator[None]:
    """Turn a failed write into an IsoglossError that says what is `safe`; exit status 74 when the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise _full(folder, safe(), error) from error
        where = error.filename or folder
        raise IsoglossError(
            f"cannot write {where} ({error.strerror}); {safe()}: check the rights, then run the same command again"
        ) from error
    except IsoglossError as error:
        if error.exit_status == 74:
            raise _full(folder, safe(), error) from error
        raise


def _full(folder: Path, safe: str, error: Exception) -> IsoglossError:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return IsoglossError(
        f"disk full at {folder} ({reason}); {safe}: free space, then run the same command again", exit_status=74
    )
