"""Models of the Hugging Face hub, fetched by its own client into its own cache, in a process that can be ended."""

import os
import signal
import threading
from collections.abc import Callable
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path

from engine.errors import ExitStatus, IsoglossError

_LOOK_SECONDS = 0.25


def fetch_repository(repository: str, *, watch: Callable[[int], None]) -> None:
    """Fetch a model that is not at hand, and see that it has weights that are read here.

    `watch` is told how many bytes of it are here. Raises IsoglossError, with exit status 74 when the disk is full.
    """
    # A process of its own: the client's threads go on to the end of their files, whatever the one that began it wants.
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_fetch, args=(repository, sender), daemon=True)
    process.start()
    sender.close()
    try:
        while not receiver.poll(_LOOK_SECONDS):
            watch(_bytes_here(repository))
        refused: tuple[str, ExitStatus] | None = receiver.recv()
    except EOFError as error:
        raise IsoglossError(f"{repository}: the hub's client ended without a word; run the same again") from error
    finally:
        process.terminate()
        process.join()
        receiver.close()
    if refused is not None:
        message, exit_status = refused
        raise IsoglossError(message, exit_status=exit_status)


def _fetch(repository: str, answer: Connection) -> None:
    from engine.models.loading.source import download
    from engine.models.loading.weights import weight_files

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the process that waits
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        weight_files(download(repository, None))
    except IsoglossError as error:
        answer.send((str(error), error.exit_status))
    else:
        answer.send(None)


def _end_with_parent() -> None:
    """Fetch nothing for a process that was killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _bytes_here(repository: str) -> int:
    """How much of a model is in the hub's cache, whole or not."""
    from huggingface_hub.constants import HF_HUB_CACHE
    from huggingface_hub.file_download import repo_folder_name

    blobs = Path(HF_HUB_CACHE) / repo_folder_name(repo_id=repository, repo_type="model") / "blobs"
    try:
        return sum(path.stat().st_size for path in blobs.iterdir())
    except OSError:  # not begun, or a file has just got another name
        return 0
